package byroad.dns;

import byroad.ClientRuntime;
import byroad.TimeSource.Scheduled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Threads for blocking look-ups that may take long: a limited number at a time, without those that have run for longer
 * than 250 ms. So a burst needs few threads, and look-ups that hang delay no other by more than that. There is no limit
 * for the line, because each host is looked up once at a time.
 */
final class LookupThreads implements Executor {
    static final int AT_ONCE = 64;
    static final Duration SLOW = Duration.ofMillis(250); // as the stagger: by then it is not an ordinary look-up

    private final ClientRuntime runtime;

    // Guarded by this.
    private final Queue<Runnable> line = new ArrayDeque<>();
    private int running; // without the slow ones

    LookupThreads(ClientRuntime runtime) {
        this.runtime = runtime;
    }

    /** Runs the task now, or as soon as a place is free. */
    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (running >= AT_ONCE) {
                line.add(task);
                return;
            }
            running++;
        }
        begin(task);
    }

    private void begin(Runnable first) {
        Runnable task = first;
        while (task != null && !isBegun(task)) {
            task = next();
        }
    }

    /** Starts a thread for the task; cancels the task if there is none, as after the end of the client. */
    private boolean isBegun(Runnable task) {
        AtomicBoolean counts = new AtomicBoolean(true);
        Scheduled slow = runtime.time().schedule(SLOW, () -> leave(counts));
        try {
            runtime.blocking().execute(() -> {
                try {
                    task.run();
                } finally {
                    slow.cancel();
                    leave(counts);
                }
            });
            return true;
        } catch (RejectedExecutionException closed) {
            slow.cancel();
            if (task instanceof Future<?> look) {
                look.cancel(false);
            }
            return !counts.getAndSet(false); // its place was passed on already
        }
    }

    /** Gives the place to the next task in line. */
    private void leave(AtomicBoolean counts) {
        if (!counts.getAndSet(false)) {
            return;
        }
        Runnable next = next();
        if (next != null) {
            begin(next);
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = line.poll();
        if (next == null) {
            running--;
        }
        return next;
    }
}
