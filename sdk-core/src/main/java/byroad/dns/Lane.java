package byroad.dns;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A lane of blocking work: tasks in order, on few threads at a time, so that what hangs in one lane leaves the other
 * threads to others.
 */
final class Lane {
    private final Executor threads;
    private final int width;

    // Guarded by this.
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int busy;

    Lane(Executor threads, int width) {
        this.threads = threads;
        this.width = width;
    }

    /** Puts a task behind the others; it must not throw. */
    void add(Runnable task) {
        synchronized (this) {
            waiting.add(task);
        }
        wake();
    }

    /** Gets a thread if tasks wait for one: none may have been free before. */
    void wake() {
        synchronized (this) {
            if (busy == width || waiting.isEmpty()) {
                return;
            }
            busy++;
        }
        try {
            threads.execute(this::work);
        } catch (RejectedExecutionException noneFree) {
            synchronized (this) {
                busy--;
            }
        }
    }

    private void work() {
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable task = waiting.poll();
        if (task == null) {
            busy--;
        }
        return task;
    }

    /** Whether something is being done, or will be. */
    synchronized boolean isBusy() {
        return busy > 0;
    }
}
