package byroad.call;

import byroad.Preset;
import byroad.Seams;
import java.time.Duration;
import java.util.Locale;

/**
 * Admission to an endpoint that stands in: one number, the calls in flight that it is trusted with.
 *
 * <p>The number grows while answers are quick, doubling a step until the first overload and by a tenth after it, and
 * halves on overload, once per latency. Being a limit on concurrency it slows by itself when the endpoint slows, which no
 * share or ramp does. Below one it is the probability that a call is admitted while none is in flight, so that the same
 * algorithm fits a server and a million phones. It is kept across failback. The constants come from a simulation of
 * fleets; see docs/decisions.
 */
final class Gate {
    private static final double START_OF_OWN_LOAD = 0.25;
    private static final double START_AT_LEAST = 2;
    private static final double START_ON_MOBILE = 0.25;
    private static final double FLOOR = 0.01;
    private static final double GROWTH_AFTER_OVERLOAD = 0.10;
    private static final double CUT = 0.5;
    private static final Duration STEP_AT_LEAST = Duration.ofSeconds(1);
    private static final double CARRIES_AT_LEAST = 0.25;

    private final Seams seams;
    private final OwnLoad ownLoad;
    private final double carries;

    // Guarded by this.
    private double limit = Double.NaN;
    private int inFlight;
    private boolean overloadedBefore;
    private long lastGrowth;
    private long lastCut;

    /** A gate for an endpoint that {@code carries} that share of normal calls, or {@code NaN} where undeclared. */
    Gate(Seams seams, OwnLoad ownLoad, double carries) {
        this.seams = seams;
        this.ownLoad = ownLoad;
        this.carries = carries;
    }

    /** Whether one more call may go; if so, {@link #exit} must follow. */
    synchronized boolean enter() {
        double allowed = Math.min(limit(), ceiling());
        boolean admitted = allowed >= 1
                ? inFlight + 1 <= allowed
                : inFlight == 0 && seams.random().nextDouble() < allowed;
        if (admitted) {
            inFlight++;
        }
        return admitted;
    }

    /** A call came back: {@code overloaded} if it was refused, failed to connect, timed out or was answered late. */
    synchronized void exit(Duration took, boolean overloaded) {
        boolean needed = inFlight * 2 >= limit(); // RFC 7661: what was not used says nothing of what can be
        inFlight--;
        long now = seams.time().nanoTime();
        if (overloaded) {
            if (!overloadedBefore || now - lastCut >= took.toNanos()) {
                limit = Math.max(FLOOR, limit() * CUT);
                lastCut = now;
            }
            overloadedBefore = true;
            return;
        }
        long step = Math.max(STEP_AT_LEAST.toNanos(), took.toNanos());
        if (needed && now - lastGrowth >= step && now - lastCut >= step) {
            limit = grown(limit());
            lastGrowth = now;
        }
    }

    /** A call came to nothing that says anything about the endpoint. */
    synchronized void abandon() {
        inFlight--;
    }

    private double grown(double from) {
        if (!overloadedBefore) {
            return from * 2;
        }
        return from + Math.max(from * GROWTH_AFTER_OVERLOAD, from >= 1 ? 1 : 0.02);
    }

    private double limit() {
        if (Double.isNaN(limit)) {
            limit = start();
            lastGrowth = seams.time().nanoTime();
            lastCut = lastGrowth;
        }
        return limit;
    }

    private double start() {
        return seams.preset() == Preset.MOBILE
                ? START_ON_MOBILE
                : Math.max(START_AT_LEAST, START_OF_OWN_LOAD * ownLoad.concurrency());
    }

    private double ceiling() {
        boolean undeclared = Double.isNaN(carries) || seams.preset() == Preset.MOBILE;
        return undeclared
                ? Double.POSITIVE_INFINITY
                : Math.max(CARRIES_AT_LEAST, carries * Math.max(1, ownLoad.concurrency()));
    }

    /** As in {@code 2 in flight, 2.5 allowed}. */
    @Override
    public synchronized String toString() {
        double now = Double.isNaN(limit) ? start() : limit; // reading it must not start it
        return String.format(Locale.ROOT, "%d in flight, %.2f allowed", inFlight, Math.min(now, ceiling()));
    }
}
