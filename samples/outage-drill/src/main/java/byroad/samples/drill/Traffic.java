package byroad.samples.drill;

/**
 * Who answers a scenario's calls, and in which words that is said.
 *
 * @param usual who answers on a good day
 * @param usualWords "answered ...", by the usual party
 * @param otherWords "answered ...", by any other party
 * @param home who answers on a good day after the outage
 * @param shift from when on traffic could move to another party
 */
record Traffic(Party usual, String usualWords, String otherWords, Party home, ShiftStart shift) {

    /** The moment from which a shift of traffic is timed. */
    enum ShiftStart {
        /** The start of each outage phase. */
        OUTAGE,
        /** The end of the outage, because the service then is elsewhere. */
        RECOVERY,
        /** There is nowhere to go, or no need to. */
        NONE
    }

    /** Traffic that comes back to where it was. */
    static Traffic of(Party usual, String usualWords, String otherWords, ShiftStart shift) {
        return new Traffic(usual, usualWords, otherWords, usual, shift);
    }
}
