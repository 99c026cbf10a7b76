package byroad.samples.drill;

/** A fourth client, which takes part in one scenario to show what makes the difference. */
enum Guest {
    /** Nobody. */
    NONE(""),
    /** A Byroad whose process starts in the outage, with nothing in its memory. */
    STARTED_LATE("Byroad, just started"),
    /** A Byroad that keeps nothing on disk. */
    NO_STORE("Byroad, no store"),
    /** A client that goes to the second endpoint whenever the first one fails. */
    NAIVE_FAILOVER("OkHttp + naive failover");

    private final String client;

    Guest(String client) {
        this.client = client;
    }

    /** Returns its name in tables and on the page. */
    String client() {
        return client;
    }

    boolean isByroad() {
        return this == STARTED_LATE || this == NO_STORE;
    }
}
