package byroad.call;

import byroad.Avoidance.Voice;
import byroad.ClientRuntime;
import byroad.EndpointStatus;
import byroad.Event;
import byroad.FailureDomain;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one endpoint.
 *
 * <p>It opens on "three failures and no success for a second, counted from when the first became known", or when half of
 * at least twenty calls in ten seconds failed. Counting consecutive failures alone would fire on a single dead HTTP/2
 * connection, and so would a rate of nothing but failures within less than a second, which is why that waits for the
 * second to pass; a rate alone never fires on a phone. It stays open for a second, doubling to thirty, with full jitter; then
 * one real call is the probe, and the first success closes it. A probe that hangs is overtaken: after several times the usual
 * latency, and twice as long each time, another call may be one as well. What becomes of a call sent before the last change of
 * state says nothing about the present and is ignored.
 *
 * <p>Listeners and the circuit in a registry of Resilience4j are called outside the lock.
 */
final class Circuit {
    static final int REFUSED = -1;

    /** Marks the epoch of a last resort: its success counts, its failure does not. */
    private static final int LAST_RESORT = 1 << 30;

    private static final int MOST_DOUBLINGS = 5;

    private final String upstream;
    private final String endpoint;
    private final FailureDomain domain;
    private final ClientRuntime runtime;
    private final OwnLoad usual;
    private final CircuitBridge.Mirror mirror;

    // Guarded by this.
    private final CircuitBridge.FailureRate rate;
    private EndpointStatus.Circuit state = EndpointStatus.Circuit.CLOSED;
    private int epoch;
    private int streak;
    private long streakSince;
    private int openings;
    private long openedAt;
    private long openUntil;
    private long probedAt;
    private int overtaken;
    private Ended ended = Ended.NOTHING;

    Circuit(
            String upstream,
            String endpoint,
            FailureDomain domain,
            ClientRuntime runtime,
            OwnLoad usual,
            CircuitBridge bridge) {
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.domain = domain;
        this.runtime = runtime;
        this.usual = usual;
        this.rate = new CircuitBridge.FailureRate(runtime.time());
        this.mirror = bridge.mirror(domain.path(), runtime);
    }

    /** Admits a call and returns the epoch, which is passed back with its outcome; or returns {@link #REFUSED}. */
    synchronized int enter() {
        if (state == EndpointStatus.Circuit.CLOSED) {
            return epoch;
        }
        if (!isProbeDue() && !isProbeOvertaken()) {
            return REFUSED;
        }
        boolean isFirst = state == EndpointStatus.Circuit.OPEN;
        overtaken = isFirst ? 0 : overtaken + 1;
        probedAt = runtime.time().nanoTime();
        state = EndpointStatus.Circuit.HALF_OPEN;
        return isFirst ? ++epoch : epoch; // whichever probe is answered, that closes it
    }

    /** Admits a call although the circuit is open: the last resort of a call that has no other endpoint. */
    synchronized int enterAnyway() {
        return state == EndpointStatus.Circuit.CLOSED ? epoch : epoch | LAST_RESORT;
    }

    /** Whether {@link #enter} would admit a call now; changes nothing. */
    synchronized boolean wouldEnter() {
        return state == EndpointStatus.Circuit.CLOSED || isProbeDue() || isProbeOvertaken();
    }

    private boolean isProbeDue() {
        return state == EndpointStatus.Circuit.OPEN && runtime.time().nanoTime() - openUntil >= 0;
    }

    private boolean isProbeOvertaken() {
        return state == EndpointStatus.Circuit.HALF_OPEN
                && runtime.time().nanoTime() - probedAt
                        >= usual.patience().toNanos() << Math.min(overtaken, MOST_DOUBLINGS);
    }

    synchronized EndpointStatus.Circuit state() {
        return state;
    }

    /** Whether the circuit is closed. */
    synchronized boolean isClosed() {
        return state == EndpointStatus.Circuit.CLOSED;
    }

    /** Response headers came. Returns the failures that this success ended, in case the body fails later. */
    Ended succeeded(int sentInEpoch, Duration took) {
        Ended now;
        Event recovered = null;
        synchronized (this) {
            if ((sentInEpoch & ~LAST_RESORT) != epoch) {
                return Ended.NOTHING;
            }
            now = streak == 0 && openings == 0 ? Ended.NOTHING : new Ended(streak, streakSince, openings);
            ended = now;
            streak = 0;
            if (state == EndpointStatus.Circuit.CLOSED) {
                rate.answered();
            } else {
                recovered = close();
            }
        }
        if (recovered == null) {
            mirror.answered(took);
        } else {
            mirror.closed();
            runtime.emit(recovered);
        }
        return now;
    }

    private Event close() {
        state = EndpointStatus.Circuit.CLOSED;
        epoch++;
        openings = 0;
        rate.reset();
        runtime.avoidances().restore(domain, Voice.EVIDENCE);
        return new Event.EndpointRecovered(
                upstream, endpoint, Duration.ofNanos(runtime.time().nanoTime() - openedAt));
    }

    /**
     * The body of an answer failed: that is a failure, and the failures that its headers ended continue, unless there
     * was another success since.
     */
    void bodyFailed(int sentInEpoch, Ended byItsHeaders, String why) {
        Event failing = null;
        synchronized (this) {
            if (byItsHeaders != Ended.NOTHING && byItsHeaders == ended && isClosed()) {
                ended = Ended.NOTHING;
                if (byItsHeaders.openings > 0) {
                    openings = byItsHeaders.openings;
                    failing = open(runtime.time().nanoTime(), "the probe failed: " + why);
                } else {
                    streak += byItsHeaders.streak;
                    streakSince = byItsHeaders.streakSince;
                }
            }
        }
        if (failing != null) {
            mirror.opened();
            runtime.emit(failing);
        } else {
            failed(sentInEpoch, Duration.ZERO, why);
        }
    }

    void failed(int sentInEpoch, Duration took, String why) {
        boolean isCounted;
        Event failing;
        synchronized (this) {
            if (sentInEpoch != epoch || state == EndpointStatus.Circuit.OPEN) {
                return; // a failed last resort is no news
            }
            isCounted = state == EndpointStatus.Circuit.CLOSED;
            failing = isCounted ? counted() : open(runtime.time().nanoTime(), "the probe failed: " + why);
        }
        if (isCounted) {
            mirror.failed(took, why);
        }
        if (failing != null) {
            mirror.opened();
            runtime.emit(failing);
        }
    }

    /** Counts a failure of a closed circuit; returns the event if the circuit opens, else null. */
    private @Nullable Event counted() {
        long now = runtime.time().nanoTime();
        streakSince = streak == 0 ? now : streakSince;
        streak++;
        Duration span = Duration.ofNanos(now - streakSince);
        boolean isHalf = rate.isReachedByOneMore(Tuning.RATE_PERCENT, Tuning.RATE_CALLS);
        boolean isBurst = isBurst(span);
        if (isHalf && isBurst) {
            rate.reset(); // it starts again: the streak decides when it has lasted a second
        }
        rate.failed();
        if (streak >= Tuning.STREAK && span.compareTo(Tuning.STREAK_SPAN) >= 0) {
            return open(now, streak + " failures and no success for " + span.toMillis() + "ms");
        }
        return isHalf && !isBurst ? open(now, "half of the calls in ten seconds failed") : null;
    }

    /**
     * Whether there were only failures, in too short a time to distinguish a failed endpoint from one dead connection.
     */
    private boolean isBurst(Duration span) {
        return streak >= Tuning.RATE_CALLS * Tuning.RATE_PERCENT / 100 && span.compareTo(Tuning.STREAK_SPAN) < 0;
    }

    /** A call ended without a result for this circuit: it was cancelled, never sent, or failed for another reason. */
    synchronized void abandoned(int sentInEpoch) {
        if (sentInEpoch == epoch && state == EndpointStatus.Circuit.HALF_OPEN) {
            state = EndpointStatus.Circuit.OPEN; // the probe is still due: the next call makes it
        }
    }

    private Event open(long now, String because) {
        if (state == EndpointStatus.Circuit.CLOSED) {
            openedAt = now;
        }
        long bound = Math.min(
                Tuning.OPEN_AT_MOST.toNanos(), Tuning.OPEN_AT_FIRST.toNanos() << Math.min(openings, MOST_DOUBLINGS));
        Duration opensFor = Duration.ofNanos(1 + (long) (runtime.random().nextDouble() * bound));
        openings++;
        state = EndpointStatus.Circuit.OPEN;
        epoch++;
        streak = 0;
        openUntil = now + opensFor.toNanos();
        runtime.avoidances().avoid(domain, opensFor, because, Voice.EVIDENCE);
        return new Event.EndpointFailing(upstream, endpoint, because, opensFor);
    }

    @Override
    public synchronized String toString() {
        return state.toString();
    }

    /** What a success ended: a streak of failures, or a number of consecutive openings. */
    static final class Ended {
        static final Ended NOTHING = new Ended(0, 0, 0);

        private final int streak;
        private final long streakSince;
        private final int openings;

        private Ended(int streak, long streakSince, int openings) {
            this.streak = streak;
            this.streakSince = streakSince;
            this.openings = openings;
        }
    }
}
