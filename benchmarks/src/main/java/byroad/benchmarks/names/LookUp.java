package byroad.benchmarks.names;

/** One client's way of turning a host name into its addresses, of both families, for a caller who waits. */
@FunctionalInterface
interface LookUp extends AutoCloseable {
    /** Whatever the client calls the addresses; never nothing. */
    Object of(String host) throws Exception;

    @Override
    default void close() throws Exception {}
}
