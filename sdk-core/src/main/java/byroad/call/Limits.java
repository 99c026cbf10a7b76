package byroad.call;

import byroad.TimeSource;
import byroad.Upstream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The time limits of a call, its attempts and its waits. */
final class Limits {
    private final TimeSource time;
    private final long startedNanos;
    private final @Nullable Duration deadline;
    private final Optional<Duration> declaredSilence;
    private final Optional<Duration> silence;
    private final boolean areDeclared;

    /**
     * The limits of a call that starts now: the shorter one of the upstream's deadline and the caller's timeout, which
     * the HTTP client enforces anyway; and the attempt limit of the upstream, else that of the client.
     */
    Limits(TimeSource time, Upstream upstream, RequestTraits request) {
        this.time = time;
        this.startedNanos = time.nanoTime();
        this.deadline = shorter(upstream.deadline(), request.timeLimit()).orElse(null);
        this.declaredSilence = upstream.attemptLimit();
        this.areDeclared = declaredSilence.isPresent() || upstream.deadline().isPresent();
        this.silence = first(declaredSilence, request.silenceLimit());
    }

    /** Whether the upstream declares a limit: then a call may take that long; else not longer than its client would. */
    boolean areDeclared() {
        return areDeclared;
    }

    /** The time from the start of the call until then. */
    Duration since(long nanos) {
        return Duration.ofNanos(nanos - startedNanos);
    }

    Optional<Duration> left() {
        return deadline == null ? Optional.empty() : Optional.of(deadline.minus(since(time.nanoTime())));
    }

    /**
     * Whether the deadline would be reached after a wait of that length; a call without a deadline has a limit for
     * waits too.
     */
    boolean endBefore(Duration wait) {
        return left().orElse(Tuning.LONGEST_WAIT).compareTo(wait) <= 0;
    }

    /** As {@link #endBefore} for one of any number of waits: without a deadline, all of them are over soon after the call began. */
    boolean endBeforeOneOfMany(Duration wait) {
        Duration all = left().orElse(Tuning.LONGEST_WAIT.minus(since(time.nanoTime())));
        return all.compareTo(wait) <= 0;
    }

    /** The longest wait of the call for a place: at most half of the time that is left. */
    Duration ofWaitForPlace() {
        Duration half = left().orElse(Tuning.LONGEST_WAIT).dividedBy(2);
        return half.compareTo(Tuning.WAIT_FOR_PLACE) < 0 ? half : Tuning.WAIT_FOR_PLACE;
    }

    /** The longest silence of an attempt at the start of the call. */
    Optional<Duration> ofAttempt() {
        return shorter(silence, Optional.ofNullable(deadline));
    }

    /** How long an attempt that starts now may look up and connect; empty where only the client's own limits hold. */
    Optional<Duration> ofConnectNow() {
        return shorter(declaredSilence, left());
    }

    /** The longest silence of an attempt that starts now. */
    Optional<Duration> ofAttemptNow() {
        return shorter(silence, left());
    }

    /** The shorter one of two limits; either may be empty. */
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
