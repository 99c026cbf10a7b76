package byroad.benchmarks.fleet;

import byroad.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/** A clock that jumps from one event to the next. One thread only: a trial is its own world. */
final class VirtualTime implements TimeSource {
    static final double SECOND = 1e9;

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(1024);
    private long now;
    private long sequence;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(now);
    }

    /** Seconds since the start. */
    double seconds() {
        return now / SECOND;
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable task) {
        Task scheduled = at(now + Math.max(0, delay.toNanos()), task);
        return () -> tasks.remove(scheduled);
    }

    /** Runs the task at that time, in nanoseconds; what is due at the same time runs in the order of asking. */
    private Task at(long nanos, Runnable task) {
        Task scheduled = new Task(Math.max(nanos, now), sequence++, task);
        tasks.add(scheduled);
        return scheduled;
    }

    void in(double seconds, Runnable task) {
        at(now + nanos(seconds), task);
    }

    /** Lets time pass until then; what falls due later stays. */
    void runUntil(double seconds) {
        long end = nanos(seconds);
        while (!tasks.isEmpty() && tasks.peek().due <= end) {
            Task next = tasks.remove();
            now = next.due;
            next.run.run();
        }
        now = end;
    }

    static long nanos(double seconds) {
        return (long) (seconds * SECOND);
    }

    private record Task(long due, long sequence, Runnable run) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(due, other.due);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }
}
