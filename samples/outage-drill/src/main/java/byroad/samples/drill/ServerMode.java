package byroad.samples.drill;

/** What a web server of the drill does with requests. */
enum ServerMode {
    /** Answers 200 with JSON after the service time. */
    WELL("answers"),
    /** Answers 500 with an HTML page that the edge itself made; the origin never sees the request. */
    EDGE_ERROR("500, page made by the edge"),
    /** Answers 503 with JSON, as an origin without capacity does. */
    UNAVAILABLE("503"),
    /** Finishes what it has begun, then refuses connections. */
    REFUSING("refuses connections"),
    /** Takes requests and never answers. */
    SILENT("silent");

    private final String words;

    ServerMode(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
