package byroad;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The clock and timer of a client. A test can replace it with one that it advances by hand.
 *
 * <p>There is no sleep: code that waits schedules a task. Implementations must be safe for use by any thread.
 */
public interface TimeSource extends AutoCloseable {
    /**
     * The system's time. Its timer thread is a daemon; it is started by the first use and ends after ten idle seconds.
     */
    static TimeSource system() {
        ScheduledExecutorService timer = SystemRuntime.timer();
        return new TimeSource() {
            @Override
            public long nanoTime() {
                return SystemRuntime.nanoTime();
            }

            @Override
            public Instant now() {
                return SystemRuntime.now();
            }

            @Override
            public Scheduled schedule(Duration delay, Runnable task) {
                try {
                    Future<?> future = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
                    return () -> future.cancel(false);
                } catch (RejectedExecutionException closed) {
                    // After close() every wait is over: a call in flight must not wait for a timer that has ended.
                    task.run();
                    return () -> {};
                }
            }

            @Override
            public void close() {
                timer.shutdown(); // tasks that are scheduled already still run in time
            }
        };
    }

    /** Monotonic time in nanoseconds from an arbitrary origin; compare two readings by subtraction only. */
    long nanoTime();

    /** Wall-clock time, for reports and for records that are read after a restart. */
    Instant now();

    /**
     * Runs the task once after that delay; the task must be short and must not block.
     *
     * @param delay zero or less means at once, on the timer's thread
     */
    Scheduled schedule(Duration delay, Runnable task);

    /**
     * Ends the timer after the scheduled tasks have run; a task that is scheduled later runs at once. Does nothing by
     * default.
     */
    @Override
    default void close() {}

    /** A scheduled task. */
    interface Scheduled {
        /** Cancels the task if it has not started yet. */
        void cancel();
    }
}
