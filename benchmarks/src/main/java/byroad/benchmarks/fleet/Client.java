package byroad.benchmarks.fleet;

/** One process or one phone that makes calls. */
interface Client {
    /** Makes that call, and tells it how it ended. */
    void call(Tally.Call call);

    /** The process ended: what it knew is lost. */
    default void forget() {}
}
