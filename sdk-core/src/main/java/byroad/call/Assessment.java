package byroad.call;

import byroad.Fault;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of the outcome of one attempt for the circuit, the concurrency limit, the retry budget and the rest of
 * the call.
 *
 * @param fault the fault; empty for an answer without a fault, or if nothing is known
 * @param verdict what the circuit of the endpoint counts
 * @param load what the concurrency limit of the endpoint counts
 * @param isOfTenant whether it concerns only this caller and the service, such as a quota: every endpoint would answer
 *     the same
 * @param worth what it is worth to the caller as an answer
 * @param next what may follow
 */
record Assessment(Optional<Fault> fault, Verdict verdict, Load load, boolean isOfTenant, Worth worth, Next next) {
    /** What the circuit counts: a success, a failure, or nothing. */
    enum Verdict {
        /** The endpoint did what the request asked for. */
        SUCCEEDED,
        /** The endpoint answered with an error that is not a fault. */
        ANSWERED,
        /** The endpoint failed. */
        FAILED,
        /** The endpoint refused, and has never answered well. */
        REFUSED,
        /** The outcome says nothing about the endpoint. */
        NOTHING
    }

    /** What the concurrency limit counts: a success, an overload, or nothing. */
    enum Load {
        ANSWERED,
        OVERLOADED,
        NOTHING
    }

    /** What an answer is worth compared with earlier outcomes of the call. */
    enum Worth {
        /** It replaces an earlier answer of the call. */
        LATEST,
        /** It is no better than an earlier answer. */
        NO_BETTER_THAN_AN_ANSWER,
        /** It is no better than an earlier failure, because an earlier attempt of the call may have caused it. */
        NO_BETTER_THAN_A_FAILURE
    }

    /** The pace of retries at the same endpoint, and their cost in tokens. */
    enum Pace {
        /** After a failure. */
        USUAL(RetryBudget.TRANSIENT_COST),
        /** The service asked for a later retry. */
        THROTTLED(RetryBudget.THROTTLED_COST),
        /** The service still processes an earlier attempt of the call: it is asked until that is done. */
        UNDER_WAY(RetryBudget.THROTTLED_COST);

        final int cost;

        Pace(int cost) {
            this.cost = cost;
        }
    }

    /**
     * The steps that may follow.
     *
     * @param pace of retries at the same endpoint
     * @param notHere why there must be no retry at the same endpoint; null if there may be one
     * @param nothing why the request must not be sent again to any endpoint; null if it may
     */
    record Next(
            Pace pace, @Nullable Reason notHere, @Nullable Reason nothing) {
        static final Next ANYTHING = new Next(Pace.USUAL, null, null);
    }

    /** A good answer. */
    static final Assessment GOOD = without(Verdict.SUCCEEDED, Load.ANSWERED);

    /** A good answer that came late. */
    static final Assessment LATE = without(Verdict.SUCCEEDED, Load.OVERLOADED);

    /** An answer with an error that is not a fault. */
    static final Assessment ANSWERED = without(Verdict.ANSWERED, Load.ANSWERED);

    /** An answer with an error that is not a fault and that came late. */
    static final Assessment ANSWERED_LATE = without(Verdict.ANSWERED, Load.OVERLOADED);

    /** Nothing is known of the endpoint. */
    static final Assessment NOTHING = without(Verdict.NOTHING, Load.NOTHING);

    private static Assessment without(Verdict verdict, Load load) {
        return new Assessment(Optional.empty(), verdict, load, false, Worth.LATEST, Next.ANYTHING);
    }

    /**
     * Whether the service did not accept the request, so that it was not processed and no endpoint is at fault: 408 and
     * 425.
     */
    boolean isNotTakenIn() {
        return fault.filter(its -> its.delivery() == Fault.Delivery.NOT_TAKEN_IN)
                .isPresent();
    }

    /** Whether the caller's own network is probably down. */
    boolean isOfClientNetwork() {
        return fault.filter(its -> its.layer() == Fault.Layer.CLIENT_NETWORK).isPresent();
    }

    /** Whether the request may have been processed although the attempt failed. */
    boolean isMaybeProcessed() {
        return !isOfTenant
                && fault.filter(its -> !its.delivery().isSafeToRetry()).isPresent();
    }

    /** Whether a {@code Retry-After} is about more than this one request. */
    boolean isRestOfMore() {
        return !isOfTenant || next.pace() == Pace.THROTTLED;
    }

    /** Whether the service asked for a later retry without a time. */
    boolean isThrottledWithoutATime() {
        return next.pace() == Pace.THROTTLED
                && !fault.flatMap(Fault::retryAfter).isPresent();
    }
}
