package byroad.call;

import byroad.TimeSource;
import byroad.Upstream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long a call may take, and each of its attempts and waits. */
final class Limits {
    private final TimeSource time;
    private final long startedNanos;
    private final @Nullable Duration deadline;
    private final Optional<Duration> silence;

    /**
     * The limits of a call that starts now: the shorter deadline, for the caller's client keeps its own anyway, and the attempt
     * limit that the upstream declares before the one that the client has.
     */
    Limits(TimeSource time, Upstream upstream, RequestTraits request) {
        this.time = time;
        this.startedNanos = time.nanoTime();
        this.deadline = shorter(upstream.deadline(), request.timeLimit()).orElse(null);
        this.silence = first(upstream.attemptLimit(), request.silenceLimit());
    }

    /** How long ago the call started. */
    Duration since(long nanos) {
        return Duration.ofNanos(nanos - startedNanos);
    }

    Optional<Duration> left() {
        return deadline == null ? Optional.empty() : Optional.of(deadline.minus(since(time.nanoTime())));
    }

    /** Whether nothing is left after a wait of that length; a call without a deadline is not kept waiting for hours either. */
    boolean endBefore(Duration wait) {
        return left().orElse(Tuning.LONGEST_WAIT).compareTo(wait) <= 0;
    }

    /** As {@link #endBefore} for one of any number of waits: without a deadline, all of them are over soon after the call began. */
    boolean endBeforeOneOfMany(Duration wait) {
        Duration all = left().orElse(Tuning.LONGEST_WAIT.minus(since(time.nanoTime())));
        return all.compareTo(wait) <= 0;
    }

    /** How long the call may wait for a place: in a hurry, half of what it has left. */
    Duration ofWaitForPlace() {
        Duration half = left().orElse(Tuning.LONGEST_WAIT).dividedBy(2);
        return half.compareTo(Tuning.WAIT_FOR_PLACE) < 0 ? half : Tuning.WAIT_FOR_PLACE;
    }

    /** The longest silence of an attempt that is not in a hurry. */
    Optional<Duration> ofAttempt() {
        return shorter(silence, Optional.ofNullable(deadline));
    }

    /** The longest silence of an attempt that starts now. */
    Optional<Duration> ofAttemptNow() {
        return shorter(silence, left());
    }

    /** The shorter one of two limits, of which either may be missing. */
    static Optional<Duration> shorter(Optional<Duration> one, Optional<Duration> other) {
        return one.isPresent() && other.isPresent()
                ? one.filter(limit -> limit.compareTo(other.get()) < 0).isPresent() ? one : other
                : first(one, other);
    }

    private static <T> Optional<T> first(Optional<T> preferred, Optional<T> other) {
        return preferred.isPresent() ? preferred : other;
    }

    /** The deadline as declared, for notes. */
    @Override
    public String toString() {
        return deadline == null ? Tuning.LONGEST_WAIT + ", for want of a declared one" : deadline.toString();
    }
}
