package byroad;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The machine's clock and threads: the one place that touches either. */
final class SystemSeams {
    private static final int BLOCKING_THREADS = 64; // eight resolvers that hang, each on its share of eight
    private static final int IDLE_SECONDS = 10;

    private SystemSeams() {}

    /** Unpredictable, for the ids of DNS queries come from it. */
    static Random random() {
        return new SecureRandom();
    }

    static Executor blockingExecutor() {
        return new BlockingThreads();
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * A bounded pool that is empty while idle. A task goes to an idle thread, or else to a new one; a task too many is
     * refused with a {@link RejectedExecutionException}.
     */
    static final class BlockingThreads extends ThreadPoolExecutor {
        BlockingThreads() {
            super(
                    0,
                    BLOCKING_THREADS,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    daemons("byroad-blocking"));
        }
    }

    static final class Time implements TimeSource {
        private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("byroad-timer"));

        Time() {
            timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
            timer.allowCoreThreadTimeOut(true);
            timer.setRemoveOnCancelPolicy(true);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
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
    }
}
