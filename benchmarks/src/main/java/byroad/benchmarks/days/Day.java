package byroad.benchmarks.days;

/** One ordinary day. */
record Day(String name, Scenario scenario) {
    /** What happens to one client. */
    interface Scenario {
        /**
         * Plays it.
         *
         * @param effort 1 for all of it, more for that part of it
         */
        Played play(ClientKind kind, int effort) throws Exception;
    }
}
