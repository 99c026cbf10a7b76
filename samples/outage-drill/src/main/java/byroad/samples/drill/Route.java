package byroad.samples.drill;

/**
 * One way to reach the service that a scenario calls; an endpoint, in Byroad's words. The peers know the first endpoint of a
 * scenario only, as the usual clients do.
 *
 * @param host the name in the URL
 * @param connectTo the name whose addresses are used; the same as {@code host} where nothing is rerouted
 * @param through the edge in front, or {@link #DIRECT}
 * @param hostedBy who runs the machines behind it
 * @param mark the header that the machines behind it put on every answer of their own, or {@link #UNMARKED}
 */
record Route(String host, String connectTo, String through, String hostedBy, String mark) {
    static final String DIRECT = "";
    static final String UNMARKED = "";

    private static final String HOSTING = "aws/us-east-1";

    static final Route THROUGH_EDGE_A = new Route(Scenarios.API, Scenarios.API, "cloudflare", HOSTING, UNMARKED);
    static final Route THROUGH_EDGE_B = new Route(Scenarios.API, Scenarios.EDGE_B_NAME, "fastly", HOSTING, UNMARKED);
    static final Route TO_ORIGIN = new Route(Scenarios.API, Scenarios.ORIGIN_NAME, DIRECT, HOSTING, UNMARKED);
    static final Route TO_REGION = new Route(Scenarios.REGION, Scenarios.REGION, DIRECT, HOSTING, UNMARKED);
    static final Route TO_OTHER_REGION =
            new Route(Scenarios.OTHER_REGION_NAME, Scenarios.OTHER_REGION_NAME, DIRECT, "aws/eu-west-1", UNMARKED);

    /** Returns the same endpoint, of which clients know how to tell the origin's own answers from those of an edge. */
    Route marked() {
        return new Route(host, connectTo, through, hostedBy, Reply.MARK_OF_ORIGIN);
    }

    boolean isMarked() {
        return !mark.equals(UNMARKED);
    }

    boolean isDirect() {
        return through.equals(DIRECT);
    }

    boolean isRerouted() {
        return !connectTo.equals(host);
    }
}
