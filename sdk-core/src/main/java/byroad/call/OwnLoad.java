package byroad.call;

import byroad.TimeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * Measures how many calls of this process an upstream normally has in flight: rate times latency at the preferred
 * endpoint while it is healthy, averaged over about the last minute. The concurrency limit of a fallback endpoint
 * starts from it.
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
            return; // it only restarts the clock: counting it too would make the load too large
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

    /** The concurrency at the last healthy answer, so that an outage does not make the normal load too small. */
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

    /** Whether an answer after that time is slow compared with the usual ones; true if those are unknown. */
    synchronized boolean isSlow(Duration silence) {
        return answers == 0 || seconds(silence.toNanos()) > Tuning.SLOW_TIMES_USUAL * usualSeconds();
    }

    /** Whether calls are usually further apart than that, and take less time. */
    synchronized boolean isOneByOne(Duration apart) {
        double limit = seconds(apart.toNanos());
        return answers > 0 && usualSeconds() < limit && limit * answers < observedSeconds();
    }

    /** The observed time, in which older parts count less. */
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
