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
    private long askedUntil; // by its own answer, independent of the rest of other endpoints
    private int made;
    private int polls;
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
        this.askedUntil = askedUntil(outcome, met);
    }

    /** Reports the outcome of the latest attempt at the endpoint. */
    void took(Outcome came, Assessment met) {
        notTakenInBefore |= assessment.isNotTakenIn();
        outcome = came;
        assessment = met;
        askedUntil = askedUntil(came, met);
    }

    private long askedUntil(Outcome came, Assessment met) {
        Duration asked = came instanceof Outcome.Unresolved unresolved
                ? unresolved.askAgain()
                : met.fault().flatMap(Fault::retryAfter).orElse(Duration.ZERO);
        return upstream.runtime.time().nanoTime() + asked.toNanos();
    }

    /** The next retry; null if there is none, and the report says why. */
    @Nullable
    Retry next(boolean refusedByLimit) {
        Reason none = whyNone(refusedByLimit);
        if (none != null) {
            return refused(none);
        }
        if (isNeverSent() && !freeOneUsed && restLeft().isZero()) {
            freeOneUsed = true;
            made++;
            return new Retry(Permit.reserve(endpoint, upstream), Duration.ZERO);
        }
        Duration wait = backoff();
        if (isPoll() ? limits.endBeforeOneOfMany(wait) : limits.endBefore(wait)) {
            return refused(new Reason(
                    Refusal.DEADLINE, "a wait of " + wait.toMillis() + "ms ends after the deadline of " + limits));
        }
        int cost = assessment.next().pace().cost;
        if (!upstream.budget.tryWithdraw(cost)) {
            return refused(new Reason(Refusal.BUDGET, "budget empty (" + upstream.budget + ", " + cost + " needed)"));
        }
        made++;
        polls += isPoll() ? 1 : 0;
        return new Retry(Permit.reserve(endpoint, upstream).withTokens(cost), wait);
    }

    private @Nullable Reason whyNone(boolean refusedByLimit) {
        Fault fault = assessment.fault().orElse(null);
        if (fault == null) {
            return new Reason(Refusal.IMPOSSIBLE, "nothing was sent to " + endpoint.endpoint.name());
        }
        Reason notHere = assessment.next().notHere();
        if (notHere != null) {
            return notHere;
        }
        if (outcome instanceof Outcome.Unresolved && !limits.left().isPresent()) {
            return new Reason(
                    Refusal.RESOLVER,
                    "its resolvers failed, and the call has no deadline within which they are asked again");
        }
        boolean isOfConnection = outcome instanceof Outcome.Failed && made == 0; // and perhaps not of the endpoint
        if (refusedByLimit && !isOfConnection) {
            return new Reason(Refusal.LIMIT, "the call was refused by a concurrency limit");
        }
        if (made - polls + 1 >= Tuning.MOST_TO_PREFERRED && !isPoll()) {
            return new Reason(Refusal.ATTEMPTS, (made + 1) + " attempts to " + endpoint.endpoint.name());
        }
        if (notTakenInBefore && assessment.isNotTakenIn()) {
            return new Reason(Refusal.ATTEMPTS, fault.evidence() + " once more");
        }
        return endpoint.circuit.isClosed()
                ? null
                : new Reason(Refusal.CIRCUIT, "the circuit of " + endpoint.endpoint.name() + " is open");
    }

    /** Whether a retry only asks if an earlier attempt is done, as often as the time allows. */
    private boolean isPoll() {
        return assessment.next().pace() == Assessment.Pace.UNDER_WAY;
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
        if (waitedOn || restLeft().isZero()) {
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
        Duration rest = restLeft();
        Duration wait = upstream.backoff(
                made + 1,
                outcome.isAnswer() && !(outcome instanceof Outcome.Local),
                rest.isZero()
                        ? assessment.next().pace()
                        : Assessment.Pace.USUAL); // the Retry-After says how much later
        if (rest.isZero()) {
            return wait;
        }
        boolean isLong = wait.compareTo(Tuning.MOST_ADDED_TO_RETRY_AFTER) > 0;
        return rest.plus(isLong ? Tuning.MOST_ADDED_TO_RETRY_AFTER : wait);
    }

    /** The rest of the endpoint that is left, by its answer to this call or to another one; zero if none. */
    private Duration restLeft() {
        Duration asked = Duration.ofNanos(askedUntil - upstream.runtime.time().nanoTime());
        Duration rest = endpoint.restLeft();
        return asked.compareTo(rest) > 0 ? asked : rest;
    }

    /**
     * The time limit of a retry if there is an answer already, which took that long and can be delivered: long enough
     * for a good answer, but shorter than without such an answer.
     */
    Duration besideAnswer(Duration answerTook) {
        Duration twice = answerTook.multipliedBy(Tuning.PATIENCE_TIMES_ANSWER);
        Duration usual = upstream.ownLoad.severalTimesUsual().orElse(Tuning.PATIENCE_AT_LEAST);
        Duration longer = twice.compareTo(usual) > 0 ? twice : usual;
        return longer.compareTo(Tuning.PATIENCE_AT_LEAST) > 0 ? longer : Tuning.PATIENCE_AT_LEAST;
    }

    /**
     * The time limit of a retry after a silence, if no limit is declared: plain OkHttp would have ended the call, so the
     * call must not last for another read timeout.
     */
    Duration afterSilence() {
        Duration usual = upstream.ownLoad.severalTimesUsual().orElse(Tuning.PATIENCE_AT_LEAST);
        return usual.compareTo(Tuning.PATIENCE_AT_LEAST) > 0 ? usual : Tuning.PATIENCE_AT_LEAST;
    }

    /** The reason for the wait in words. */
    String inWords() {
        return "before another attempt to " + endpoint.endpoint.name();
    }
}
