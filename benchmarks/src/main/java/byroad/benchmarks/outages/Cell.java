package byroad.benchmarks.outages;

/** What happens to the service. */
enum Cell {
    EDGE_5XX("edge answers 5xx (Cloudflare's page)", 1),
    REFUSED("edge refuses, open connections are closed", 1),
    BLACK_HOLE("edge is a black hole: accepts, open connections are frozen", 1),
    BROWN_OUT("brown-out: edge answers 30 % with 5xx", 1),
    ALL_DOWN("everything down: edge and origin answer 5xx", 2);

    private static final double BROWN_OUT_SHARE = 0.3;

    final String words;
    /** How many times as long as the others it lasts. */
    final int length;

    Cell(String words, int length) {
        this.words = words;
        this.length = length;
    }

    void strike(Site site) {
        switch (this) {
            case EDGE_5XX -> site.edge.fail(1);
            case REFUSED -> site.edge.wire().refuse();
            case BLACK_HOLE -> site.edge.wire().fallSilent();
            case BROWN_OUT -> site.edge.fail(BROWN_OUT_SHARE);
            case ALL_DOWN -> {
                site.edge.fail(1);
                site.origin.fail(1);
            }
        }
    }
}
