package byroad.samples.drill;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one call went.
 *
 * @param number the same for each client's call of that moment
 * @param at when it was scheduled, from the start of the scenario
 * @param lag how late the load generator started it
 * @param took from when it was scheduled to its end
 * @param result whether it was of use to the caller
 * @param party who answered; none unless answered
 * @param told what else the caller was told
 */
record CallRecord(
        int number,
        Duration at,
        Duration lag,
        Duration took,
        Result result,
        @Nullable Party party,
        Told told) {

    /** What a caller gets to see. */
    enum Result {
        /** A 2xx with its whole body, within the deadline. */
        ANSWERED,
        /** An error, within the deadline. */
        FAILED,
        /** Nothing by the deadline, whatever came of it later. */
        LATE
    }

    /** Returns how long after its deadline it ended, which begins when the client is called; zero if it did not. */
    Duration overdue() {
        Duration overdue = took.minus(lag).minus(Clients.DEADLINE);
        return overdue.isNegative() ? Duration.ZERO : overdue;
    }

    boolean answered() {
        return result == Result.ANSWERED;
    }

    boolean answeredBy(Party one) {
        return answered() && party == one;
    }

    boolean answeredByOtherThan(Party one) {
        return answered() && party != one;
    }
}
