package byroad;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The system's clock, random numbers and threads; no other class uses them directly. */
final class SystemRuntime {
    private static final int IDLE_SECONDS = 10;

    private SystemRuntime() {}

    static long nanoTime() {
        return System.nanoTime();
    }

    static Instant now() {
        return Instant.now();
    }

    /** One thread, which ends when it is idle. */
    static ScheduledExecutorService timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("byroad-timer"));
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** Unpredictable, because it makes the ids of DNS queries. */
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
     * Threads that end when they are idle. A task goes to an idle thread, or else to a new one: each user has a limit of
     * its own, so that one that hangs takes no thread from another. After the end, a task is refused with a {@link
     * RejectedExecutionException}.
     */
    static final class BlockingThreads extends ThreadPoolExecutor {
        BlockingThreads() {
            super(
                    0,
                    Integer.MAX_VALUE,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    daemons("byroad-blocking"));
        }
    }
}
