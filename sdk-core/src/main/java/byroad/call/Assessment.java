package byroad.call;

import byroad.Fault;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of the outcome of one attempt for the circuit, the concurrency limit, the retry budget and the rest of
 * the call.
 *
 * @param fault whose fault it was; empty where it is an answer like any other, or where nothing is known
 * @param verdict what it says of the endpoint
 * @param load what it says of the load that the endpoint can take
 * @param isOfTenant whether it is between this caller and the service, such as a quota: every endpoint would say the same
 * @param worth what it is worth to the caller as an answer
 * @param next what may follow
 */
record Assessment(Optional<Fault> fault, Verdict verdict, Load load, boolean isOfTenant, Worth worth, Next next) {
    /** What an outcome says of the endpoint. */
    enum Verdict {
        /** It did what it was asked for. */
        SUCCEEDED,
        /** It answered, with an error that is nobody's fault. */
        ANSWERED,
        /** It failed. */
        FAILED,
        /** It refused, and never did anything else. */
        REFUSED,
        /** Nothing. */
        NOTHING
    }

    /** What the concurrency limit counts: a success, an overload, or nothing. */
    enum Load {
        ANSWERED,
        OVERLOADED,
        NOTHING
    }

    /** What an answer is worth beside what the call met before. */
    enum Worth {
        /** It is the answer to the call as far as is known, in place of any earlier one. */
        LATEST,
        /** It is no better than an earlier answer. */
        NO_BETTER_THAN_AN_ANSWER,
        /** It is no better than any earlier failure, for an earlier attempt of the call may have caused it. */
        NO_BETTER_THAN_A_FAILURE
    }

    /** At which pace, and at what price in tokens, the same endpoint may be asked again. */
    enum Pace {
        /** After a failure. */
        USUAL(RetryBudget.TRANSIENT_COST),
        /** The service told the call to come later. */
        THROTTLED(RetryBudget.THROTTLED_COST),
        /** The service still works on an earlier attempt of the call: asked until it is done. */
        UNDER_WAY(RetryBudget.THROTTLED_COST);

        final int cost;

        Pace(int cost) {
            this.cost = cost;
        }
    }

    /**
     * What may follow.
     *
     * @param pace of retries at the same endpoint
     * @param notHere why the same endpoint must not be asked again; null if it may
     * @param nothing why the request must not be sent again, wherever to; null if it may
     */
    record Next(
            Pace pace, @Nullable Reason notHere, @Nullable Reason nothing) {
        static final Next ANYTHING = new Next(Pace.USUAL, null, null);
    }

    /** An answer as it was wished for. */
    static final Assessment GOOD = without(Verdict.SUCCEEDED, Load.ANSWERED);

    /** One that came late. */
    static final Assessment LATE = without(Verdict.SUCCEEDED, Load.OVERLOADED);

    /** An error that is nobody's fault. */
    static final Assessment ANSWERED = without(Verdict.ANSWERED, Load.ANSWERED);

    /** One that came late. */
    static final Assessment ANSWERED_LATE = without(Verdict.ANSWERED, Load.OVERLOADED);

    /** A refusal by an endpoint that never did anything else, and the only answer of the call. */
    static final Assessment REFUSED = without(Verdict.REFUSED, Load.NOTHING);

    /** The outcome says nothing about the endpoint. */
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

    /** Whether the caller's own network seems to be down. */
    boolean isOfClientNetwork() {
        return fault.filter(its -> its.layer() == Fault.Layer.CLIENT_NETWORK).isPresent();
    }

    /** Whether the request may have been processed although the attempt failed. */
    boolean isMaybeProcessed() {
        return !isOfTenant
                && fault.filter(its -> !its.delivery().isSafeToRetry()).isPresent();
    }

    /** Whether a wish for rest is about more than this one request. */
    boolean isRestOfMore() {
        return !isOfTenant || next.pace() == Pace.THROTTLED;
    }

    /** Whether the service told the call to come later, and not when. */
    boolean isThrottledWithoutATime() {
        return next.pace() == Pace.THROTTLED
                && !fault.flatMap(Fault::retryAfter).isPresent();
    }
}
