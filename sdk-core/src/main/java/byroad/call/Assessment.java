package byroad.call;

import byroad.Fault;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the outcome of one attempt means.
 *
 * @param fault whose fault it was; empty where it is an answer like any other, or where nothing is known
 * @param verdict what it says of the endpoint
 * @param load what it says of the load that the endpoint can take
 * @param isOfTenant whether it is between this caller and the service, such as a quota: every endpoint would say the same
 * @param cost what it costs to ask the same endpoint again, in tokens
 * @param nothingFollows why the request must not be sent again, wherever to; null if it may
 */
record Assessment(
        Optional<Fault> fault,
        Verdict verdict,
        Load load,
        boolean isOfTenant,
        int cost,
        @Nullable Reason nothingFollows) {
    /** What an outcome says of the endpoint. */
    enum Verdict {
        ANSWERED,
        FAILED,
        NOTHING
    }

    /** What an outcome says of the load. */
    enum Load {
        ANSWERED,
        OVERLOADED,
        NOTHING
    }

    /** An answer like any other. */
    static final Assessment GOOD = without(Verdict.ANSWERED, Load.ANSWERED);

    /** An answer like any other that came late. */
    static final Assessment LATE = without(Verdict.ANSWERED, Load.OVERLOADED);

    /** Nothing is known of the endpoint. */
    static final Assessment NOTHING = without(Verdict.NOTHING, Load.NOTHING);

    private static Assessment without(Verdict verdict, Load load) {
        return new Assessment(Optional.empty(), verdict, load, false, RetryBudget.TRANSIENT_COST, null);
    }

    /** Whether the request was not taken in, so that it was not processed and no endpoint is at fault: 408 and 425. */
    boolean isNotTakenIn() {
        return fault.filter(its -> its.delivery() == Fault.Delivery.NOT_TAKEN_IN)
                .isPresent();
    }
}
