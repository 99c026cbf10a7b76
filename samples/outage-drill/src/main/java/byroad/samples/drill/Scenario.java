package byroad.samples.drill;

import java.time.Duration;
import java.util.List;

/**
 * A script of what breaks and when, and which doors lead to the service.
 *
 * @param name what one types to run it
 * @param summary what happens, in a sentence
 * @param doors the ways to the service, in order of preference
 * @param usual who answers on a good day
 * @param usualWords "answered by ...", the usual party
 * @param otherWords "answered by ...", any other party
 * @param home who answers on a good day after the outage
 * @param shift from when on traffic could move to another party
 * @param expectation what Byroad promises
 * @param twin the name of a second Byroad, which stores nothing, or {@link #NO_TWIN}
 * @param phases what happens, in order; the first is a good one
 */
record Scenario(
        String name,
        String summary,
        List<Door> doors,
        Party usual,
        String usualWords,
        String otherWords,
        Party home,
        ShiftStart shift,
        Expectation expectation,
        String twin,
        List<Phase> phases) {

    static final String NO_TWIN = "";

    /** The moment from which a shift of traffic is timed. */
    enum ShiftStart {
        /** The start of each outage phase. */
        OUTAGE,
        /** The end of the outage, because the service then is elsewhere. */
        RECOVERY,
        /** There is nowhere to go, or no need to. */
        NONE
    }

    /** What the Byroad client promises in a scenario. */
    enum Expectation {
        /** Every call is answered within its deadline. */
        EVERY_CALL_ANSWERED,
        /**
         * A call that is shown a stranger's certificate fails, for nothing is sent elsewhere around a failed proof of
         * identity; there are few of them, and all others are answered.
         */
        FEW_CALLS_LOST,
        /** Nothing can be answered; the outage is not made worse, and the end of it is noticed at once. */
        NO_HARM
    }

    Scenario {
        doors = List.copyOf(doors);
        phases = List.copyOf(phases);
    }

    boolean hasTwin() {
        return !twin.equals(NO_TWIN);
    }

    Duration length() {
        return phases.stream().map(Phase::length).reduce(Duration.ZERO, Duration::plus);
    }
}
