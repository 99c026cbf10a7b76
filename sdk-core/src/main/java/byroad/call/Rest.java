package byroad.call;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import byroad.Refusal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rest of an endpoint: the time without calls that an answer asked for by {@code Retry-After}. All endpoints that
 * it applies to share one object. A rest of up to five minutes is kept as asked. A longer one is shortened to five
 * minutes; after that, one call at a time is a probe until one is answered. Safe for use by any thread.
 */
final class Rest {
    private final ClientRuntime runtime;
    private final OwnLoad usual;
    private final FailureDomain askedBy;
    private final boolean ofTenant;
    private final long began;
    private final long until;
    private final boolean shortened;

    private volatile boolean over;

    // Guarded by this.
    private boolean probeUnderWay;
    private long probedAt;

    private Rest(
            ClientRuntime runtime,
            OwnLoad usual,
            FailureDomain askedBy,
            boolean ofTenant,
            Duration kept,
            Duration asked) {
        this.runtime = runtime;
        this.usual = usual;
        this.askedBy = askedBy;
        this.ofTenant = ofTenant;
        this.began = runtime.time().nanoTime();
        this.until = began + kept.toNanos();
        this.shortened = kept.compareTo(asked) < 0;
        this.over = kept.isZero();
    }

    /**
     * A rest that an endpoint asked for and that starts now; it applies to the tenant if it is about a quota or a
     * policy.
     */
    static Rest of(FailureDomain askedBy, boolean ofTenant, Duration asked, ClientRuntime runtime, OwnLoad usual) {
        Duration kept = asked.compareTo(Tuning.LONGEST_REST) > 0 ? Tuning.LONGEST_REST : asked;
        return new Rest(runtime, usual, askedBy, ofTenant, kept, asked);
    }

    /** No rest: nothing was asked for. */
    static Rest none(ClientRuntime runtime, OwnLoad usual, FailureDomain endpoint) {
        return of(endpoint, false, Duration.ZERO, runtime, usual);
    }

    /** Whether it does not apply any more. */
    boolean isOver() {
        return over || !shortened && left().isZero();
    }

    /** The time that is left; zero if none. */
    Duration left() {
        Duration left = Duration.ofNanos(until - runtime.time().nanoTime());
        return over || left.isNegative() ? Duration.ZERO : left;
    }

    /** Whether it is shorter than the endpoint asked for. */
    boolean isShortened() {
        return shortened;
    }

    boolean endsAfter(Rest other) {
        return until - other.until > 0;
    }

    long began() {
        return began;
    }

    /** Whether that endpoint rests because of an answer of another endpoint of its tenant. */
    boolean isBorrowedBy(FailureDomain endpoint) {
        return ofTenant && !askedBy.equals(endpoint);
    }

    /** Why no call may use an endpoint that it applies to; null if a call may. */
    synchronized @Nullable Reason whyNot() {
        Duration left = left();
        if (!left.isZero()) {
            return new Reason(Refusal.REST, "it asked to be left alone for another " + left.toMillis() + "ms");
        }
        boolean isProbed = shortened
                && !over
                && probeUnderWay
                && runtime.time().nanoTime() - probedAt < usual.patience().toNanos();
        return isProbed
                ? new Reason(Refusal.REST, "it asked to be left alone, and one call finds out whether it answers")
                : null;
    }

    /** Admits a call, if there is no reason against it; as a probe if the rest was shortened. */
    synchronized @Nullable Reason enter() {
        Reason reason = whyNot();
        if (reason == null) {
            probeUnderWay = true;
            probedAt = runtime.time().nanoTime();
        }
        return reason;
    }

    /** An admitted call ended without a result: another one may be the probe. */
    synchronized void abandoned() {
        probeUnderWay = false;
    }

    /**
     * A request that was started at that time was answered without a fault: a rest that began before that time is over.
     */
    void answered(long startedNanos) {
        if (startedNanos - began >= 0) {
            over = true;
        }
    }
}
