package byroad.call;

import byroad.ClientRuntime;
import byroad.EndpointStatus;
import byroad.Preset;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * The adaptive concurrency limit of a fallback endpoint: how many calls may be in flight there.
 *
 * <p>The limit grows while answers are quick: it doubles in each step until the first overload, and grows by a tenth
 * after it. It halves on overload, at most once per latency. One sign of overload among ten answers is ignored, because
 * every service has occasional bad answers. When the endpoint slows down, a limit on concurrency admits fewer calls per
 * second, which a fixed share or a ramp does not. Below one, the limit is the probability that a call is admitted while
 * none is in flight, so that the same algorithm fits a server and a million phones. The limit is kept after failback,
 * and forgotten after an hour without use. The constants come from a simulation of fleets; see docs/decisions.
 */
final class ConcurrencyLimit {
    /** The share of a process that may not use the endpoint at all. */
    static final double CLOSED = 0;

    private final ClientRuntime runtime;
    private final OwnLoad ownLoad;
    private final double carries;

    // Guarded by this.
    private double limit = Double.NaN;
    private int inFlight;
    private final Queue<CompletableFuture<Boolean>> line = new ArrayDeque<>(); // the calls that wait
    private int answered; // answers that are not yet set off against signs of overload
    private boolean overloadedBefore;
    private long lastGrowth;
    private long lastCut;
    private long lastCall;

    /**
     * The limit of an endpoint that can take {@code carries} as its share of normal calls: {@code NaN} if undeclared,
     * or {@link #CLOSED}.
     */
    ConcurrencyLimit(ClientRuntime runtime, OwnLoad ownLoad, double carries) {
        this.runtime = runtime;
        this.ownLoad = ownLoad;
        this.carries = carries;
    }

    /** Admits one more call, or returns false; after an admission, {@link #exit} or {@link #abandon} must follow. */
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

    /** Whether {@link #enter} could admit a call now; changes nothing, and draws no random number. */
    synchronized boolean mightEnter() {
        double allowed = status().allowed();
        return allowed >= 1 ? inFlight + 1 <= allowed : inFlight == 0 && allowed > 0;
    }

    /**
     * Whether a place is likely to be free soon: the endpoint has shown no overload, so that the limit is reached by a
     * burst of calls.
     */
    synchronized boolean isWorthAWait() {
        return runtime.preset() == Preset.SERVER && allowed() >= 1 && !overloadedBefore;
    }

    /**
     * Adds a call to the queue. The future is completed with true when a place is kept for the call, which uses it or
     * gives it back with {@link #abandon}; or with false when waiting is not worth it any more. A call that completes
     * the future itself has left the queue.
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
                inFlight--; // it has left the queue
            }
        }
    }

    /** A call ended; {@code overloaded} if it was refused, failed to connect, timed out or was answered late. */
    synchronized void exit(Duration took, boolean overloaded) {
        boolean needed = inFlight * 2 >= limit(); // RFC 7661: capacity that was not used proves nothing
        inFlight--;
        lastCall = runtime.time().nanoTime();
        if (!overloaded) {
            answered = Math.min(answered + 1, Tuning.LIMIT_OVERLOOKS_AT_MOST * Tuning.LIMIT_OVERLOOKS_ONE_IN);
            if (needed) {
                grow(took);
            }
        } else if (answered >= Tuning.LIMIT_OVERLOOKS_ONE_IN) {
            answered -= Tuning.LIMIT_OVERLOOKS_ONE_IN; // one sign among ten answers is ignored
        } else {
            shrink(took);
        }
        serveLine();
    }

    /** A call ended without a result that says anything about the load of the endpoint. */
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
            // A probability grows with the first answer: the next one may come much later.
            lastGrowth = limit < 1 ? lastCall - Tuning.LIMIT_STEP_AT_LEAST.toNanos() : lastCall;
            lastCut = lastGrowth;
        }
        return limit;
    }

    /** Whether nothing is known, or what is known is too old, as for an idle connection in RFC 5681, 4.1. */
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
                Math.ceil(own + Tuning.LIMIT_START_SPREADS * Math.sqrt(own)); // if calls come at random (Poisson)
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
        double now = knowsNothing() ? start() : limit; // reading the status must not start the limit
        return new EndpointStatus.Limit(inFlight, Math.min(now, ceiling()));
    }

    /** As in {@code 2 in flight, 2.50 allowed}. */
    @Override
    public String toString() {
        return status().toString();
    }
}
