package byroad.dns;

import byroad.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * A moment on both clocks. The time since an earlier moment is the larger advance of the two: the monotonic clock
 * stands still while the machine sleeps, and the wall clock may be set back.
 */
record Moment(long monotonic, long wall) {
    private static final long NANOS = 1_000_000_000;

    static Moment now(TimeSource time) {
        Instant wall = time.now();
        return new Moment(time.nanoTime(), wall.getEpochSecond() * NANOS + wall.getNano());
    }

    /** The nanoseconds since that moment. */
    long since(Moment earlier) {
        return Math.max(monotonic - earlier.monotonic, wall - earlier.wall);
    }

    boolean isAtLeast(Duration span, Moment earlier) {
        return since(earlier) >= span.toNanos();
    }

    Moment minus(Duration age) {
        return new Moment(monotonic - age.toNanos(), wall - age.toNanos());
    }
}
