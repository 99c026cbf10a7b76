package byroad.call;

import byroad.TimeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * How many calls of this process an upstream normally has in flight: rate times latency at the preferred endpoint while
 * it is healthy, averaged over the last minute or so. It is the measure for what a fallback endpoint gets.
 */
final class OwnLoad {
    private final TimeSource time;

    // Guarded by this.
    private double busySeconds;
    private double answers;
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
        double kept = Math.exp(-seconds(now - asOf) / Tuning.OWN_LOAD_SECONDS);
        busySeconds = busySeconds * kept + seconds(took.toNanos());
        answers = answers * kept + 1;
        asOf = now;
    }

    /** The preferred endpoint failed: the time between its healthy answers before and after does not count. */
    synchronized void interrupted() {
        interrupted = true;
    }

    /** As of the last healthy answer: an outage must not make the normal day look small. */
    synchronized double concurrency() {
        return busySeconds / observedSeconds();
    }

    /**
     * How long an answer of an endpoint that may be sick is worth a wait: long enough if it is well again, short in a black hole.
     * Empty while nothing is known of its usual answers.
     */
    synchronized Optional<Duration> severalTimesUsual() {
        if (answers == 0) {
            return Optional.empty();
        }
        long nanos = (long) (usualSeconds() * Tuning.PATIENCE_TIMES_USUAL * 1e9);
        return Optional.of(Duration.ofNanos(Math.max(Tuning.PATIENCE_AT_LEAST.toNanos(), nanos)));
    }

    /** How long a probe is waited for before another call may be one as well. */
    Duration patience() {
        return severalTimesUsual().orElse(Tuning.OPEN_AT_MOST);
    }

    /** Whether an answer after that long is slow, as far as is known of the usual ones. */
    synchronized boolean isSlow(Duration silence) {
        return answers == 0 || seconds(silence.toNanos()) > Tuning.SLOW_TIMES_USUAL * usualSeconds();
    }

    /** Whether calls are known to come further apart than that as a rule, and to be over sooner. */
    synchronized boolean isOneByOne(Duration apart) {
        double limit = seconds(apart.toNanos());
        return answers > 0 && usualSeconds() < limit && limit * answers < observedSeconds();
    }

    /** The time that is remembered, older parts of it counting less. */
    private double observedSeconds() {
        double passed = Math.max(1, seconds(asOf - since));
        return Tuning.OWN_LOAD_SECONDS * (1 - Math.exp(-passed / Tuning.OWN_LOAD_SECONDS));
    }

    private double usualSeconds() {
        return busySeconds / answers;
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
