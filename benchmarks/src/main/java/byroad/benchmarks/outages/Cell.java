package byroad.benchmarks.outages;

import java.util.function.Consumer;

/** What happens to the service. */
enum Cell {
    EDGE_5XX("edge answers 5xx (Cloudflare's page)", 1, site -> site.edge.fail(1)),
    REFUSED(
            "edge refuses, open connections are closed",
            1,
            site -> site.edge.wire().refuse()),
    BLACK_HOLE(
            "edge is a black hole: accepts, open connections are frozen",
            1,
            site -> site.edge.wire().fallSilent()),
    BROWN_OUT("brown-out: edge answers 30 % with 5xx", 1, site -> site.edge.fail(0.3)),
    ALL_DOWN("everything down: edge and origin answer 5xx", 2, site -> {
        site.edge.fail(1);
        site.origin.fail(1);
    });

    final String words;
    /** How many times as long as the others it lasts. */
    final int length;

    private final Consumer<Site> strike;

    Cell(String words, int length, Consumer<Site> strike) {
        this.words = words;
        this.length = length;
        this.strike = strike;
    }

    void strike(Site site) {
        strike.accept(site);
    }
}
