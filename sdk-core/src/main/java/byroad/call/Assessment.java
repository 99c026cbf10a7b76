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
 * @param cost the cost of a retry at the same endpoint, in tokens
 * @param nothingFollows why the request must not be sent again to any endpoint; null if it may
 */
record Assessment(
        Optional<Fault> fault,
        Verdict verdict,
        Load load,
        boolean isOfTenant,
        int cost,
        @Nullable Reason nothingFollows) {
    /** What the circuit counts: a success, a failure, or nothing. */
    enum Verdict {
        ANSWERED,
        FAILED,
        NOTHING
    }

    /** What the concurrency limit counts: a success, an overload, or nothing. */
    enum Load {
        ANSWERED,
        OVERLOADED,
        NOTHING
    }

    /** An answer without a fault. */
    static final Assessment GOOD = without(Verdict.ANSWERED, Load.ANSWERED);

    /** An answer without a fault that came late. */
    static final Assessment LATE = without(Verdict.ANSWERED, Load.OVERLOADED);

    /** The outcome says nothing about the endpoint. */
    static final Assessment NOTHING = without(Verdict.NOTHING, Load.NOTHING);

    private static Assessment without(Verdict verdict, Load load) {
        return new Assessment(Optional.empty(), verdict, load, false, RetryBudget.TRANSIENT_COST, null);
    }

    /**
     * Whether the service did not accept the request, so that it was not processed and no endpoint is at fault: 408 and
     * 425.
     */
    boolean isNotTakenIn() {
        return fault.filter(its -> its.delivery() == Fault.Delivery.NOT_TAKEN_IN)
                .isPresent();
    }
}
