package byroad.okhttp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Call;
import okhttp3.EventListener;
import org.jspecify.annotations.Nullable;

/**
 * An event listener on the caller's call, in front of the user's listeners, if an attempt is a separate call or the
 * call waits. A cancel also ends the waits and the separate calls of the attempts, even while their bodies are read.
 * For the user's listeners the call ends when it is really over: after the body of a response that a separate call
 * received. Safe for use by any thread.
 */
final class CallCancellation extends ForwardedEvents {
    private final EventListener listeners;
    private final Call caller;

    // Guarded by this.
    private final List<Runnable> tasks = new ArrayList<>(2);
    private int ownCalls; // separate calls that have not ended
    private boolean hasEnded;
    private @Nullable IOException failure;

    /** In front of these listeners of the caller's call. */
    CallCancellation(EventListener listeners, Call caller) {
        super(listeners, caller);
        this.listeners = listeners;
        this.caller = caller;
    }

    /**
     * Runs the task as soon as the call is cancelled, or at once if it is already; the task must be quick, and may run
     * twice.
     */
    void then(Runnable task) {
        synchronized (this) {
            tasks.add(task);
        }
        if (caller.isCanceled()) {
            task.run(); // it may have been cancelled before this listener was added
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

    /** The listener of a separate call of that attempt, which is under way from now on. */
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
