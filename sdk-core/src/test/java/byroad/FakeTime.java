package byroad;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A clock that stands still until it is stepped, and runs what falls due on the way, in order, on the stepping thread. */
public final class FakeTime implements TimeSource {
    private static final Instant START = Instant.parse("2025-10-20T06:48:00Z");

    // Guarded by this. It starts near the overflow, so that readings compared by anything but subtraction are found
    // out.
    private long now = Long.MAX_VALUE - Duration.ofSeconds(90).toNanos();
    private final long start = now;
    private long clockAhead; // of the wall clock
    private long sequence;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>(
            Comparator.comparingLong((Task task) -> task.dueAt - start).thenComparingLong(task -> task.sequence));

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Instant now() {
        return START.plusNanos(now - start + clockAhead);
    }

    @Override
    public synchronized Scheduled schedule(Duration delay, Runnable task) {
        Task scheduled = new Task(now + Math.max(0, delay.toNanos()), sequence++, task);
        tasks.add(scheduled);
        return () -> {
            synchronized (this) {
                tasks.remove(scheduled);
            }
        };
    }

    /** Lets that much time pass. */
    public void advance(Duration step) {
        long end = nanoTime() + step.toNanos();
        for (Task due = nextUntil(end); due != null; due = nextUntil(end)) {
            due.run.run();
        }
        synchronized (this) {
            now = end;
        }
    }

    private synchronized @Nullable Task nextUntil(long end) {
        Task first = tasks.peek();
        if (first == null || first.dueAt - end > 0) {
            return null;
        }
        tasks.remove();
        now = first.dueAt;
        return first;
    }

    /** The machine sleeps: only the wall clock advances, and no timer fires. */
    public synchronized void sleep(Duration duration) {
        clockAhead += duration.toNanos();
    }

    /** Sets the wall clock forward, or back by a negative duration. */
    public void setClock(Duration by) {
        sleep(by);
    }

    /** How many tasks wait for their time. */
    public synchronized int scheduled() {
        return tasks.size();
    }

    private record Task(long dueAt, long sequence, Runnable run) {}
}
