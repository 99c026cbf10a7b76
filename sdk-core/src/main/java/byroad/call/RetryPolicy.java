package byroad.call;

import byroad.Fault;
import byroad.Refusal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The retry policy of one call: whether it may retry its preferred endpoint after a failure, when, and for how many
 * tokens of the retry budget. Its {@link CallPlan} holds the lock.
 */
final class RetryPolicy {
    private final EndpointHealth endpoint;
    private final UpstreamHealth upstream;
    private final Limits limits;
    private final ReportBuilder report;

    // Of that endpoint only: an outcome at a fallback endpoint says nothing about it.
    private Outcome outcome;
    private Assessment assessment;
    private int made;
    private boolean freeOneUsed;
    private boolean notTakenInBefore;
    private boolean waitedOn;

    /** A retry: its permit has the tokens, and is acquired after the wait. */
    record Retry(Permit permit, Duration after) {}

    /** The policy after the first attempt at that endpoint had that outcome. */
    RetryPolicy(
            Permit first,
            UpstreamHealth upstream,
            Limits limits,
            ReportBuilder report,
            Outcome outcome,
            Assessment met) {
        this.endpoint = first.endpoint;
        this.upstream = upstream;
        this.limits = limits;
        this.report = report;
        this.outcome = outcome;
        this.assessment = met;
    }

    /** Reports the outcome of the latest attempt at the endpoint. */
    void took(Outcome came, Assessment met) {
        notTakenInBefore |= assessment.isNotTakenIn();
        outcome = came;
        assessment = met;
    }

    /** The next retry; null if there is none, and the report says why. */
    @Nullable
    Retry next(boolean refusedByLimit) {
        Reason none = whyNone(refusedByLimit);
        if (none != null) {
            return refused(none);
        }
        if (isNeverSent() && !freeOneUsed && !endpoint.isResting()) {
            freeOneUsed = true;
            made++;
            return new Retry(Permit.reserve(endpoint, upstream), Duration.ZERO);
        }
        Duration wait = backoff();
        if (limits.endBefore(wait)) {
            return refused(new Reason(
                    Refusal.DEADLINE, "a wait of " + wait.toMillis() + "ms ends after the deadline of " + limits));
        }
        int cost = assessment.cost();
        if (!upstream.budget.tryWithdraw(cost)) {
            return refused(new Reason(Refusal.BUDGET, "budget empty (" + upstream.budget + ", " + cost + " needed)"));
        }
        made++;
        return new Retry(Permit.reserve(endpoint, upstream).withTokens(cost), wait);
    }

    private @Nullable Reason whyNone(boolean refusedByLimit) {
        Fault fault = assessment.fault().orElse(null);
        if (fault == null) {
            return new Reason(Refusal.IMPOSSIBLE, "nothing was sent to " + endpoint.endpoint.name());
        }
        if (fault.layer() == Fault.Layer.RESOLVER) {
            return new Reason(Refusal.RESOLVER, "its name leads to no address");
        }
        boolean isOfConnection = outcome instanceof Outcome.Failed && made == 0; // and perhaps not of the endpoint
        if (refusedByLimit && !isOfConnection) {
            return new Reason(Refusal.LIMIT, "the call was refused by a concurrency limit");
        }
        if (made + 1 >= Tuning.MOST_TO_PREFERRED) {
            return new Reason(Refusal.ATTEMPTS, (made + 1) + " attempts to " + endpoint.endpoint.name());
        }
        if (notTakenInBefore && assessment.isNotTakenIn()) {
            return new Reason(Refusal.ATTEMPTS, fault.evidence() + " once more");
        }
        return endpoint.circuit.isClosed()
                ? null
                : new Reason(Refusal.CIRCUIT, "the circuit of " + endpoint.endpoint.name() + " is open");
    }

    private boolean isNeverSent() {
        return assessment
                .fault()
                .filter(fault -> fault.delivery() == Fault.Delivery.NEVER_SENT)
                .isPresent();
    }

    /**
     * One more wait if the endpoint sent a later {@code Retry-After} meanwhile; null if it did not, or if there is not
     * enough time.
     */
    @Nullable
    Duration waitOn() {
        if (waitedOn || !endpoint.isResting()) {
            return null;
        }
        waitedOn = true;
        Duration wait = backoff();
        return limits.endBefore(wait) ? null : wait;
    }

    /**
     * Acquires the permit of a retry whose wait is over. Returns false if the retry may not be made; the report says
     * why.
     */
    boolean acquire(Permit permit, EndpointSelector selector) {
        Reason reason = endpoint.whyResting();
        if (reason == null) {
            reason = selector.whyForbidden(endpoint);
        }
        if (reason == null) {
            reason = permit.acquire();
        }
        if (reason != null) {
            permit.release();
            refused(new Reason(
                    reason.kind(),
                    "after the wait, " + endpoint.endpoint.name() + " may not be used: " + reason.words()));
        }
        return reason == null;
    }

    private @Nullable Retry refused(Reason reason) {
        report.refused("no further retry", reason);
        return null;
    }

    /** The wait: never less than the {@code Retry-After} of the endpoint; jitter only adds to it, up to a limit. */
    private Duration backoff() {
        Duration wait = upstream.backoff(made + 1, outcome.isAnswer() && !(outcome instanceof Outcome.Local));
        if (!endpoint.isResting()) {
            return wait;
        }
        boolean isLong = wait.compareTo(Tuning.MOST_ADDED_TO_RETRY_AFTER) > 0;
        return endpoint.restLeft().plus(isLong ? Tuning.MOST_ADDED_TO_RETRY_AFTER : wait);
    }

    /** The reason for the wait in words. */
    String inWords() {
        return "before another attempt to " + endpoint.endpoint.name();
    }
}
