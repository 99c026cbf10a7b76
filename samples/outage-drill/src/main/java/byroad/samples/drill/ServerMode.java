package byroad.samples.drill;

/** What a web server of the drill does with requests. */
public enum ServerMode {
    /** Answers 200 with JSON after the service time. */
    WELL("answers"),
    /** Answers 5xx with an HTML page that the edge itself made; the origin never sees the request. */
    EDGE_ERROR("5xx, page made by the edge"),
    /** Answers {@link PartyHandler#BROWN_OUT_PERCENT} of the requests like {@link #EDGE_ERROR}, by lot, the rest well. */
    BROWN_OUT("5xx by lot, page made by the edge"),
    /** Answers 403 and asks for a challenge to be solved, as an edge does that takes the caller for a robot. */
    CHALLENGE("403, challenge"),
    /** Answers 503 with JSON, as an origin without capacity does; an edge passes that on as it is. */
    UNAVAILABLE("503"),
    /** Answers as many requests a second as {@link BoundedService} allows: the more, the later, and then with 503. */
    BOUNDED("bounded"),
    /** Finishes what it has begun, then refuses connections. */
    REFUSING("refuses connections"),
    /** Lets connections hang, open ones and new ones: nothing is read, nothing is written, none is closed. */
    FROZEN("frozen");

    private final String words;

    ServerMode(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
