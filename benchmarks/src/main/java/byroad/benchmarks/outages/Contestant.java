package byroad.benchmarks.outages;

import byroad.CallReport;

/** A client as a team would set it up, with what it takes to survive an outage. Safe for use by many threads. */
interface Contestant extends AutoCloseable {
    String name();

    /** Makes the call of that number, to the end of the body or to whatever exception there is. */
    Answer call(int number);

    @Override
    void close();

    /**
     * What came of a call.
     *
     * @param ok whether it was a 2xx with its whole body
     * @param by who answered, as the server names itself; empty text if none said so
     * @param report how it went, where the client can tell
     */
    record Answer(boolean ok, String by, CallReport report) {}
}
