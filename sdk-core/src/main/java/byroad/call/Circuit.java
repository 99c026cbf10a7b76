package byroad.call;

import byroad.Avoidance.Voice;
import byroad.EndpointStatus;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Seams;
import byroad.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Whether an endpoint answers.
 *
 * <p>It opens on "three failures and no success for a second, counted from when the first became known", or when half of
 * at least twenty calls in ten seconds failed. Counting consecutive failures alone would fire on a single dead HTTP/2
 * connection, and so would a rate of nothing but failures within less than a second, which is why that waits for the
 * second to pass; a rate alone never fires on a phone. It stays open for a second, doubling to thirty, with full jitter; then
 * one real call is the probe, and the first success closes it. What becomes of a call sent before the last change of
 * state says nothing about the present and is ignored.
 *
 * <p>Resilience4j counts the rate rule, so that dashboards of its users see the endpoint; its state follows this one's.
 */
final class Circuit {
    static final int REFUSED = -1;

    /** Marks the epoch of a last resort: its success counts, and its failure decides no probe. */
    private static final int LAST_RESORT = 1 << 30;

    private final String upstream;
    private final String endpoint;
    private final FailureDomain domain;
    private final Seams seams;
    private final CircuitBreaker rate;

    // Guarded by this.
    private EndpointStatus.Circuit state = EndpointStatus.Circuit.CLOSED;
    private int epoch;
    private int streak;
    private long streakSince;
    private int openings;
    private long openedAt;
    private long openUntil;

    Circuit(String upstream, String endpoint, FailureDomain domain, Seams seams, CircuitBreakerRegistry registry) {
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.domain = domain;
        this.seams = seams;
        this.rate = registry.circuitBreaker(domain.path(), config(seams.time()));
    }

    /** Counts by our clock, and changes state by itself only where nothing but failures came. */
    private static CircuitBreakerConfig config(TimeSource time) {
        return CircuitBreakerConfig.custom()
                .slidingWindow(Tuning.RATE_SECONDS, Tuning.RATE_CALLS, SlidingWindowType.TIME_BASED)
                .failureRateThreshold(100) // it counts, and this class judges: no success is to open anything
                .slowCallDurationThreshold(Duration.ofDays(365)) // a slow answer is an answer
                .clock(new MonotonicClock(time))
                .currentTimestampFunction(clock -> time.nanoTime(), TimeUnit.NANOSECONDS)
                .waitDurationInOpenState(Duration.ofDays(365))
                .writableStackTraceEnabled(false)
                .build();
    }

    /** Lets a call through: the epoch to give back with its outcome, or {@link #REFUSED}. */
    synchronized int enter() {
        if (state == EndpointStatus.Circuit.CLOSED) {
            return epoch;
        }
        if (!isProbeDue()) {
            return REFUSED;
        }
        state = EndpointStatus.Circuit.PROBING;
        return ++epoch;
    }

    /** Lets a call through though the circuit is open: the last resort of a call that has no other endpoint. */
    synchronized int enterAnyway() {
        return state == EndpointStatus.Circuit.CLOSED ? epoch : epoch | LAST_RESORT;
    }

    /** Whether {@link #enter} would let a call through now; lets none. */
    synchronized boolean wouldEnter() {
        return state == EndpointStatus.Circuit.CLOSED || isProbeDue();
    }

    private boolean isProbeDue() {
        return state == EndpointStatus.Circuit.OPEN && seams.time().nanoTime() - openUntil >= 0;
    }

    synchronized EndpointStatus.Circuit state() {
        return state;
    }

    /** Whether calls go through as on any day. */
    synchronized boolean isClosed() {
        return state == EndpointStatus.Circuit.CLOSED;
    }

    void succeeded(int sentInEpoch, Duration took) {
        Event recovered;
        synchronized (this) {
            if ((sentInEpoch & ~LAST_RESORT) != epoch) {
                return;
            }
            streak = 0;
            if (state == EndpointStatus.Circuit.CLOSED) {
                rate.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
                return;
            }
            state = EndpointStatus.Circuit.CLOSED;
            epoch++;
            openings = 0;
            rate.transitionToClosedState();
            seams.avoidances().restore(domain, Voice.EVIDENCE);
            recovered = new Event.EndpointRecovered(
                    upstream, endpoint, Duration.ofNanos(seams.time().nanoTime() - openedAt));
        }
        seams.emit(recovered);
    }

    void failed(int sentInEpoch, Duration took, String why) {
        Event failing;
        synchronized (this) {
            if (sentInEpoch != epoch) {
                return;
            }
            long now = seams.time().nanoTime();
            if (state == EndpointStatus.Circuit.PROBING) {
                failing = open(now, "the probe failed: " + why);
            } else if (state == EndpointStatus.Circuit.OPEN) {
                return; // a last resort that failed tells nothing new
            } else {
                streakSince = streak == 0 ? now : streakSince;
                streak++;
                rate.onError(took.toNanos(), TimeUnit.NANOSECONDS, new Counted(why));
                Duration span = Duration.ofNanos(now - streakSince);
                if (streak >= Tuning.STREAK && span.compareTo(Tuning.STREAK_SPAN) >= 0) {
                    failing = open(now, streak + " failures and no success for " + span.toMillis() + "ms");
                } else if (isHalf() && isBurst(span)) {
                    rate.reset(); // it counts anew: the streak decides, once it has lasted a second
                    return;
                } else if (isHalf()) {
                    failing = open(now, "half of the calls in ten seconds failed");
                } else {
                    return;
                }
            }
        }
        seams.emit(failing);
    }

    private boolean isHalf() {
        return rate.getState() == CircuitBreaker.State.OPEN
                || rate.getMetrics().getFailureRate() >= Tuning.RATE_PERCENT;
    }

    /** Failures in an unbroken row, too short to tell an endpoint that is down from one connection that died. */
    private boolean isBurst(Duration span) {
        return streak >= Tuning.RATE_CALLS * Tuning.RATE_PERCENT / 100 && span.compareTo(Tuning.STREAK_SPAN) < 0;
    }

    /** Gives a permit back whose call came to nothing: cancelled, never sent, or not this endpoint's doing. */
    synchronized void abandoned(int sentInEpoch) {
        if (sentInEpoch == epoch && state == EndpointStatus.Circuit.PROBING) {
            state = EndpointStatus.Circuit.OPEN; // and still due: the next call is the probe
        }
    }

    private Event open(long now, String because) {
        if (state == EndpointStatus.Circuit.CLOSED) {
            openedAt = now;
            if (rate.getState() != CircuitBreaker.State.OPEN) {
                rate.transitionToOpenState();
            }
        }
        long bound = Math.min(Tuning.OPEN_AT_MOST.toNanos(), Tuning.OPEN_AT_FIRST.toNanos() << Math.min(openings, 5));
        Duration opensFor = Duration.ofNanos(1 + (long) (seams.random().nextDouble() * bound));
        openings++;
        state = EndpointStatus.Circuit.OPEN;
        epoch++;
        streak = 0;
        openUntil = now + opensFor.toNanos();
        seams.avoidances().avoid(domain, opensFor, because, Voice.EVIDENCE);
        return new Event.EndpointFailing(upstream, endpoint, because, opensFor);
    }

    @Override
    public synchronized String toString() {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** What Resilience4j is told of a failure: it wants an exception, which nobody throws. */
    private static final class Counted extends Exception {
        private static final long serialVersionUID = 1;

        Counted(String why) {
            super(why, null, false, false);
        }
    }

    /** Our monotonic time as the {@link Clock} that Resilience4j asks for. */
    private static final class MonotonicClock extends Clock {
        private final TimeSource time;
        private final long start;

        MonotonicClock(TimeSource time) {
            this.time = time;
            this.start = time.nanoTime();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(time.nanoTime() - start);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
