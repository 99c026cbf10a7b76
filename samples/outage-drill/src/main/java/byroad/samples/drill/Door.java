package byroad.samples.drill;

/**
 * One way to reach the service that a scenario calls; an endpoint, in Byroad's words. The peers know the first door of a
 * scenario only, as the usual clients do.
 *
 * @param host the name in the URL
 * @param connectTo the name whose addresses are used; the same as {@code host} where nothing is rerouted
 * @param through the edge in front, or {@link #DIRECT}
 * @param hostedBy who runs the machines behind it
 */
record Door(String host, String connectTo, String through, String hostedBy) {
    static final String DIRECT = "";

    boolean isDirect() {
        return through.equals(DIRECT);
    }

    boolean isRerouted() {
        return !connectTo.equals(host);
    }
}
