package byroad.call;

import byroad.TimeSource;
import java.time.Duration;

/**
 * How many calls of this process an upstream normally has in flight: rate times latency at the preferred endpoint while
 * it is healthy, averaged over the last minute or so. It is the measure for what a stand-in gets.
 */
final class OwnLoad {
    private static final double WINDOW_SECONDS = 60;

    private final TimeSource time;

    // Guarded by this.
    private double busySeconds;
    private long since;
    private long asOf;
    private boolean interrupted;

    OwnLoad(TimeSource time) {
        this.time = time;
        this.since = time.nanoTime();
        this.asOf = since;
    }

    synchronized void answered(Duration took) {
        long now = time.nanoTime();
        if (interrupted) {
            since += now - asOf;
            asOf = now;
            interrupted = false;
            return; // it only starts the clock again: counting it, too, would make the load look large
        }
        busySeconds = busySeconds * Math.exp(-seconds(now - asOf) / WINDOW_SECONDS) + seconds(took.toNanos());
        asOf = now;
    }

    /** The preferred endpoint failed: the time between its healthy answers before and after does not count. */
    synchronized void interrupted() {
        interrupted = true;
    }

    /** As of the last healthy answer: an outage must not make the normal day look small. */
    synchronized double concurrency() {
        double observed = WINDOW_SECONDS * (1 - Math.exp(-Math.max(1, seconds(asOf - since)) / WINDOW_SECONDS));
        return busySeconds / observed;
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
