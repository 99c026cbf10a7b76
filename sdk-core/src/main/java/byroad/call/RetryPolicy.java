package byroad.call;

import byroad.Fault;
import byroad.Refusal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether one call may ask its preferred endpoint again after that failed, when, and at what price: a few times, after waits,
 * out of the budget of the upstream. Its {@link CallPlan} holds the lock.
 */
final class RetryPolicy {
    private final EndpointHealth endpoint;
    private final UpstreamHealth upstream;
    private final Limits limits;
    private final ReportBuilder report;

    // Of that endpoint alone: what a fallback endpoint met says nothing of this one.
    private Outcome outcome;
    private Assessment assessment;
    private long askedUntil; // by its own answer, whatever becomes of the rest of others
    private int made;
    private int polls;
    private boolean freeOneUsed;
    private boolean notTakenInBefore;
    private boolean waitedOn;

    /** A retry that is paid for: its permit has the tokens, and is acquired after the wait. */
    record Retry(Permit permit, Duration after) {}

    /** Retries of a call whose first attempt at that endpoint came to that. */
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
        this.askedUntil = askedUntil(met);
    }

    /** What came of the latest attempt at it. */
    void took(Outcome came, Assessment met) {
        notTakenInBefore |= assessment.isNotTakenIn();
        outcome = came;
        assessment = met;
        askedUntil = askedUntil(met);
    }

    private long askedUntil(Assessment met) {
        Duration asked = met.fault().flatMap(Fault::retryAfter).orElse(Duration.ZERO);
        return upstream.runtime.time().nanoTime() + asked.toNanos();
    }

    /** The next retry; null if there is none, and the report tells why. */
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
        boolean isOfConnection = outcome instanceof Outcome.Failed && made == 0; // and not of the endpoint, maybe
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

    /** Whether it only asks if an earlier attempt is done, as often as there is time for that. */
    private boolean isPoll() {
        return assessment.next().pace() == Assessment.Pace.UNDER_WAY;
    }

    private boolean isNeverSent() {
        return assessment
                .fault()
                .filter(fault -> fault.delivery() == Fault.Delivery.NEVER_SENT)
                .isPresent();
    }

    /** A further wait where the endpoint asked for more rest meanwhile, once; null if it did not, or there is no time for that. */
    @Nullable
    Duration waitOn() {
        if (waitedOn || restLeft().isZero()) {
            return null;
        }
        waitedOn = true;
        Duration wait = backoff();
        return limits.endBefore(wait) ? null : wait;
    }

    /** Acquires the permit of a retry whose wait is over. Returns false if it is not made, and the report tells why. */
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

    /** Never less than the endpoint asked for; jitter on top of that only ever adds, and not much. */
    private Duration backoff() {
        Duration rest = restLeft();
        Duration wait = upstream.backoff(
                made + 1,
                outcome.isAnswer() && !(outcome instanceof Outcome.Local),
                rest.isZero() ? assessment.next().pace() : Assessment.Pace.USUAL); // the wish says how much later
        if (rest.isZero()) {
            return wait;
        }
        boolean isLong = wait.compareTo(Tuning.MOST_ADDED_TO_RETRY_AFTER) > 0;
        return rest.plus(isLong ? Tuning.MOST_ADDED_TO_RETRY_AFTER : wait);
    }

    /** How long the endpoint is to be left alone, by its answer to this call or by another one; zero if not. */
    private Duration restLeft() {
        Duration asked = Duration.ofNanos(askedUntil - upstream.runtime.time().nanoTime());
        Duration rest = endpoint.restLeft();
        return asked.compareTo(rest) > 0 ? asked : rest;
    }

    /**
     * How long a retry may take beside an answer that took that long and can be delivered: as long as a good answer may well take,
     * but not as long as an attempt without which there would be none.
     */
    Duration besideAnswer(Duration answerTook) {
        Duration twice = answerTook.multipliedBy(Tuning.PATIENCE_TIMES_ANSWER);
        Duration usual = upstream.ownLoad.severalTimesUsual().orElse(Tuning.PATIENCE_AT_LEAST);
        Duration longer = twice.compareTo(usual) > 0 ? twice : usual;
        return longer.compareTo(Tuning.PATIENCE_AT_LEAST) > 0 ? longer : Tuning.PATIENCE_AT_LEAST;
    }

    /** What the retry is that a call waits for. */
    String inWords() {
        return "before another attempt to " + endpoint.endpoint.name();
    }
}
