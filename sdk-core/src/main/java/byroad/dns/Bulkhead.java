package byroad.dns;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A bulkhead: limits how many threads for blocking work one resolver or one store uses, so that one that hangs does not
 * block the others.
 *
 * <p>A task without a free place is refused with a {@link RejectedExecutionException}. A waiting {@link Future} that
 * was cancelled gives its place up.
 */
final class Bulkhead implements Executor {
    static final int AT_ONCE = 8;
    static final int IN_LINE = 256;

    private final Executor threads;
    private final int atOnce;

    // Guarded by this.
    private final Queue<Runnable> line = new ArrayDeque<>();
    private int running;

    Bulkhead(Executor threads) {
        this(threads, AT_ONCE);
    }

    Bulkhead(Executor threads, int atOnce) {
        this.threads = threads;
        this.atOnce = atOnce;
    }

    @Override
    public void execute(Runnable task) {
        if (isInLine(task)) {
            return;
        }
        try {
            threads.execute(() -> work(task));
        } catch (RejectedExecutionException full) {
            synchronized (this) {
                running--;
            }
            throw full;
        }
    }

    /** Adds the task to the queue, unless it may run at once. */
    private synchronized boolean isInLine(Runnable task) {
        if (running < atOnce) {
            running++;
            return false;
        }
        if (line.size() >= IN_LINE) {
            line.removeIf(waiting -> waiting instanceof Future<?> future && future.isDone());
        }
        if (line.size() >= IN_LINE) {
            throw new RejectedExecutionException(atOnce + " at once and " + IN_LINE + " in line");
        }
        line.add(task);
        return true;
    }

    private void work(Runnable first) {
        Runnable task = first;
        while (task != null) {
            try {
                task.run();
            } catch (Throwable broken) {
                Thread current = Thread.currentThread(); // the waiting tasks must still run
                current.getUncaughtExceptionHandler().uncaughtException(current, broken);
            }
            task = next();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable task = line.poll();
        if (task == null) {
            running--;
        }
        return task;
    }
}
