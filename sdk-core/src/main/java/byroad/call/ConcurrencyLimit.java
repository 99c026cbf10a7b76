package byroad.call;

import byroad.ClientRuntime;
import byroad.EndpointStatus;
import byroad.Preset;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Admission to an endpoint that stands in: one number, the calls in flight that it is trusted with.
 *
 * <p>The number grows while answers are quick, doubling a step until the first overload and by a tenth after it,
 * and halves on overload, once per latency; one sign of it among ten answers is none, for any service has its odd
 * answer. Being a limit on concurrency it slows by itself when the endpoint slows, which no share or ramp does.
 * Below one it is the probability that a call is admitted while none is in flight, so that the same algorithm fits
 * a server and a million phones. It is kept across failback, and forgotten once it was not used for an hour. The
 * constants come from a simulation of fleets; see docs/decisions.
 */
final class ConcurrencyLimit {
    /** What an endpoint carries of the calls of a process that is not to use it at all. */
    static final double CLOSED = 0;

    private final ClientRuntime runtime;
    private final OwnLoad ownLoad;
    private final double carries;

    // Guarded by this.
    private double limit = Double.NaN;
    private int inFlight;
    private final Queue<CompletableFuture<Boolean>> line = new ArrayDeque<>(); // of calls that wait
    private int answered; // and not yet set against signs of overload
    private boolean overloadedBefore;
    private long lastGrowth;
    private long lastCut;
    private long lastCall;

    /** A concurrency limit for an endpoint that {@code carries} that share of normal calls: {@code NaN} where undeclared, or {@link #CLOSED}. */
    ConcurrencyLimit(ClientRuntime runtime, OwnLoad ownLoad, double carries) {
        this.runtime = runtime;
        this.ownLoad = ownLoad;
        this.carries = carries;
    }

    /** Whether one more call may go; if so, {@link #exit} must follow. */
    synchronized boolean enter() {
        double allowed = allowed();
        boolean admitted = allowed >= 1
                ? inFlight + 1 <= allowed
                : inFlight == 0 && runtime.random().nextDouble() < allowed;
        if (admitted) {
            inFlight++;
        }
        return admitted;
    }

    /** Whether {@link #enter} might say yes now; counts nothing, and leaves what chance decides open. */
    synchronized boolean mightEnter() {
        double allowed = status().allowed();
        return allowed >= 1 ? inFlight + 1 <= allowed : inFlight == 0 && allowed > 0;
    }

    /**
     * Whether a place is likely to be free soon: as far as is known nothing was too much for the endpoint, so that a reached concurrency limit
     * is a burst of calls and no overload.
     */
    synchronized boolean isWorthAWait() {
        return runtime.preset() == Preset.SERVER && allowed() >= 1 && !overloadedBefore;
    }

    /**
     * Puts a call in line: that is completed with true once a place is kept for it, which it takes or gives back with
     * {@link #abandon}, or with false once waiting is not worth it any more. Who completes it himself has left the line.
     */
    synchronized void queue(CompletableFuture<Boolean> waits) {
        line.removeIf(CompletableFuture::isDone);
        line.add(waits);
        serveLine();
    }

    private void serveLine() {
        while (!line.isEmpty() && !isWorthAWait()) {
            line.remove().complete(false);
        }
        while (!line.isEmpty() && inFlight + 1 <= allowed()) {
            inFlight++;
            if (!line.remove().complete(true)) {
                inFlight--; // it has left the line
            }
        }
    }

    /** A call came back: {@code overloaded} if it was refused, failed to connect, timed out or was answered late. */
    synchronized void exit(Duration took, boolean overloaded) {
        boolean needed = inFlight * 2 >= limit(); // RFC 7661: what was not used says nothing of what can be
        inFlight--;
        lastCall = runtime.time().nanoTime();
        if (!overloaded) {
            answered = Math.min(answered + 1, Tuning.LIMIT_OVERLOOKS_AT_MOST * Tuning.LIMIT_OVERLOOKS_ONE_IN);
            if (needed) {
                grow(took);
            }
        } else if (answered >= Tuning.LIMIT_OVERLOOKS_ONE_IN) {
            answered -= Tuning.LIMIT_OVERLOOKS_ONE_IN; // as on any day: an overload is of more than one in a while
        } else {
            shrink(took);
        }
        serveLine();
    }

    /** A call came to nothing that says anything about the endpoint. */
    synchronized void abandon() {
        inFlight--;
        lastCall = runtime.time().nanoTime();
        serveLine();
    }

    private void shrink(Duration took) {
        long now = runtime.time().nanoTime();
        if (!overloadedBefore || now - lastCut >= took.toNanos()) {
            limit = Math.max(Tuning.LIMIT_FLOOR, allowed() * Tuning.LIMIT_CUT);
            lastCut = now;
        }
        overloadedBefore = true;
    }

    private void grow(Duration took) {
        long now = runtime.time().nanoTime();
        long step = Math.max(Tuning.LIMIT_STEP_AT_LEAST.toNanos(), took.toNanos());
        if (now - lastGrowth >= step && now - lastCut >= step) {
            limit = grown(limit());
            lastGrowth = now;
        }
    }

    private double grown(double from) {
        if (!overloadedBefore) {
            return from * Tuning.LIMIT_GROWTH;
        }
        return from
                + Math.max(
                        from * Tuning.LIMIT_GROWTH_AFTER_OVERLOAD,
                        from >= 1 ? Tuning.LIMIT_GROWTH_AT_LEAST : Tuning.LIMIT_GROWTH_BELOW_ONE);
    }

    private double limit() {
        if (knowsNothing()) {
            limit = start();
            overloadedBefore = false;
            answered = 0;
            lastCall = runtime.time().nanoTime();
            // A chance grows with the first answer: the next may be a long time coming.
            lastGrowth = limit < 1 ? lastCall - Tuning.LIMIT_STEP_AT_LEAST.toNanos() : lastCall;
            lastCut = lastGrowth;
        }
        return limit;
    }

    /** Nothing was learnt, or so long ago that it may be otherwise by now, as of a path that was idle: RFC 5681, 4.1. */
    private boolean knowsNothing() {
        return Double.isNaN(limit)
                || (inFlight == 0 && runtime.time().nanoTime() - lastCall >= Tuning.LIMIT_REMEMBERS.toNanos());
    }

    private double start() {
        if (runtime.preset() == Preset.MOBILE) {
            return Tuning.LIMIT_START_ON_MOBILE;
        }
        if (ownLoad.isOneByOne(Tuning.ONE_BY_ONE)) {
            return Tuning.LIMIT_START_ONE_BY_ONE;
        }
        double own = ownLoad.concurrency();
        double burst =
                Math.ceil(own + Tuning.LIMIT_START_SPREADS * Math.sqrt(own)); // as calls come by chance (Poisson)
        double start =
                Math.max(Tuning.LIMIT_START_OF_OWN_LOAD * own, Math.min(burst, Tuning.LIMIT_START_FOR_BURST_AT_MOST));
        return Math.max(Tuning.LIMIT_START_AT_LEAST, start);
    }

    private double allowed() {
        return Math.min(limit(), ceiling());
    }

    private double ceiling() {
        if (carries == CLOSED) {
            return 0;
        }
        boolean undeclared = Double.isNaN(carries) || runtime.preset() == Preset.MOBILE;
        return undeclared
                ? Double.POSITIVE_INFINITY
                : Math.max(Tuning.LIMIT_CEILING_AT_LEAST, carries * Math.max(1, ownLoad.concurrency()));
    }

    synchronized EndpointStatus.Limit status() {
        double now = knowsNothing() ? start() : limit; // reading it must not start it
        return new EndpointStatus.Limit(inFlight, Math.min(now, ceiling()));
    }

    /** As in {@code 2 in flight, 2.50 allowed}. */
    @Override
    public String toString() {
        return status().toString();
    }
}
