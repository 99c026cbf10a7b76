package byroad;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The only clock and the only timer of a client. A test hands in one that it steps.
 *
 * <p>It has no sleep: who waits schedules something that wakes it. Implementations must be safe for use by any thread.
 */
public interface TimeSource extends AutoCloseable {
    /** The machine's time: its timer thread is a daemon, is started by the first use and ends after ten idle seconds. */
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
                    // After close() every wait is over: a call in flight must not hang on a timer that is gone.
                    task.run();
                    return () -> {};
                }
            }

            @Override
            public void close() {
                timer.shutdown(); // what waits already is still woken in time
            }
        };
    }

    /** Monotonic time in nanoseconds from an arbitrary origin; compare two readings by subtraction only. */
    long nanoTime();

    /** Wall-clock time, for what people read and for records that outlive the process. */
    Instant now();

    /**
     * Runs the task once after that delay; the task must be short and must not block.
     *
     * @param delay zero or less means at once, on the timer's thread
     */
    Scheduled schedule(Duration delay, Runnable task);

    /** Ends the timer once what was scheduled has run; what is scheduled later runs at once. Does nothing by default. */
    @Override
    default void close() {}

    /** A task that waits for its time. */
    interface Scheduled {
        /** Forgets the task if it has not started yet. */
        void cancel();
    }
}
