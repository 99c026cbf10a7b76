package byroad.okhttp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Call;
import okhttp3.EventListener;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the user's listeners on the caller's call, once an attempt is a call of its own or the call waits. A cancel ends what
 * depends on the call: waits, and calls of its attempts, also while their bodies are read. And the call ends for its listeners
 * when it is really over, with the body of an answer that is another call's. Safe for use by any thread.
 */
final class CallCancellation extends ForwardedEvents {
    private final EventListener listeners;
    private final Call caller;

    // Guarded by this.
    private final List<Runnable> tasks = new ArrayList<>(2);
    private int ownCalls; // that have not ended
    private boolean hasEnded;
    private @Nullable IOException failure;

    /** Stands before these listeners of the caller's call. */
    CallCancellation(EventListener listeners, Call caller) {
        super(listeners, caller);
        this.listeners = listeners;
        this.caller = caller;
    }

    /** Does that as soon as the call is cancelled, at once if it is; it must be quick, and may be done twice. */
    void then(Runnable task) {
        synchronized (this) {
            tasks.add(task);
        }
        if (caller.isCanceled()) {
            task.run(); // it may have been cancelled before anybody listened
        }
    }

    synchronized void forget(Runnable task) {
        tasks.remove(task);
    }

    @Override
    public void canceled(Call call) {
        List<Runnable> all;
        synchronized (this) {
            all = List.copyOf(tasks);
        }
        all.forEach(Runnable::run);
        listeners.canceled(call);
    }

    @Override
    public void callStart(Call call) {
        listeners.callStart(call);
    }

    @Override
    public void callEnd(Call call) {
        ended(null);
    }

    @Override
    public void callFailed(Call call, IOException why) {
        ended(why);
    }

    private void ended(@Nullable IOException why) {
        boolean isOver;
        synchronized (this) {
            hasEnded = true;
            failure = why == null ? failure : why;
            isOver = ownCalls == 0;
        }
        if (isOver) {
            tellEnd();
        }
    }

    private void tellEnd() {
        IOException why;
        synchronized (this) {
            why = failure;
        }
        if (why == null) {
            listeners.callEnd(caller);
        } else {
            listeners.callFailed(caller, why);
        }
    }

    /** What a call of that attempt's own tells; it is under way from now on. */
    EventListener ofOwnCall(OkHttpAttempt attempt) {
        synchronized (this) {
            ownCalls++;
        }
        return new OwnCall(attempt);
    }

    private final class OwnCall extends ForwardedEvents {
        private final OkHttpAttempt attempt;

        OwnCall(OkHttpAttempt attempt) {
            super(listeners, caller);
            this.attempt = attempt;
        }

        @Override
        public void canceled(Call own) {
            if (!attempt.isGivenUp()) {
                caller.cancel(); // its timeout is that of the caller's call
            }
        }

        @Override
        public void callEnd(Call own) {
            ownEnded(null);
        }

        @Override
        public void callFailed(Call own, IOException why) {
            ownEnded(attempt.isDelivered() ? why : null); // an attempt that failed is not the end of the call
        }

        private void ownEnded(@Nullable IOException why) {
            boolean isOver;
            synchronized (CallCancellation.this) {
                ownCalls--;
                failure = failure == null ? why : failure;
                isOver = hasEnded && ownCalls == 0;
            }
            if (isOver) {
                tellEnd();
            }
        }
    }
}
