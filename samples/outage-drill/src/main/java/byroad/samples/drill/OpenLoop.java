package byroad.samples.drill;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls that start on schedule, whatever happens to earlier ones. Each has a thread of its own, as long as it lasts, so
 * that a client that waits does not slow down the others.
 */
public final class OpenLoop implements AutoCloseable {
    private final ThreadPoolExecutor threads = (ThreadPoolExecutor) Executors.newCachedThreadPool(OpenLoop::daemon);
    private long lateNanos;

    /** What makes the calls of a client. */
    @FunctionalInterface
    public interface Caller<C> {
        /**
         * Returns what to run as that call. It is asked when the call is due.
         *
         * @param number the same for each client's call of that moment
         * @param dueNanos when it is due, from the start
         */
        Runnable call(C client, int number, long dueNanos);
    }

    /**
     * Starts calls, and returns after the last has started. Clients take turns within the period, so that they do not
     * disturb each other more than they must.
     *
     * @param startNanos when the first call is due, on the clock of {@link System#nanoTime}
     * @param calls of each client
     */
    public <C> void start(long startNanos, long periodNanos, long calls, List<C> clients, Caller<C> caller) {
        for (int number = 0; number < calls; number++) {
            for (int i = 0; i < clients.size(); i++) {
                long due = number * periodNanos + i * periodNanos / clients.size();
                waitUntil(startNanos + due);
                lateNanos = Math.max(lateNanos, System.nanoTime() - startNanos - due);
                threads.execute(caller.call(clients.get(i), number, due));
            }
        }
    }

    /**
     * Waits for the last call to end.
     *
     * @throws IllegalStateException if it takes longer than that
     */
    public void awaitEnd(Duration longest) throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(longest.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException(threads.getActiveCount() + " calls still under way "
                    + Words.seconds(longest) + " after the last was due");
        }
    }

    /** Returns how late a call started, at most. */
    public long lateNanos() {
        return lateNanos;
    }

    /** Waits until that moment on the clock of {@link System#nanoTime}. */
    public static void waitUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "drill-call");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
