package byroad.okhttp;

import java.util.ArrayList;
import java.util.List;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Interceptor;

/**
 * Hears that the caller's call is cancelled, before the user's own listeners do, and ends what depends on it: waits, and attempts
 * that are calls of their own, also while their bodies are read. Safe for use by any thread.
 */
final class CallCancellation extends EventListener {
    private final Call call;

    // Guarded by this.
    private final List<Runnable> tasks = new ArrayList<>(2);

    private CallCancellation(Call call) {
        this.call = call;
    }

    /** Listens to the call of that chain from now on. */
    static CallCancellation of(Interceptor.Chain chain) {
        CallCancellation cancellation = new CallCancellation(chain.call());
        OkHttpInternals.listenFirst(chain, cancellation);
        return cancellation;
    }

    /** Does that as soon as the call is cancelled, at once if it is; it must be quick, and may be done twice. */
    void then(Runnable task) {
        synchronized (this) {
            tasks.add(task);
        }
        if (call.isCanceled()) {
            task.run(); // it may have been cancelled before anybody listened
        }
    }

    synchronized void forget(Runnable task) {
        tasks.remove(task);
    }

    @Override
    public void canceled(Call cancelled) {
        List<Runnable> all;
        synchronized (this) {
            all = List.copyOf(tasks);
        }
        all.forEach(Runnable::run);
    }
}
