package byroad.benchmarks.fleet;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** One edge, the origins behind it in order of preference, and the clock they share. */
final class World {
    final VirtualTime time = new VirtualTime();
    final Tally tally;
    final Edge edge;
    final List<Origin> origins;
    /** Normal calls a second. */
    final double demand;

    private final SplittableRandom seeds;

    World(Scenario scenario, Population.Drawn population, SplittableRandom seeds) {
        this.seeds = seeds;
        this.demand = population.demand();
        this.tally = new Tally(scenario, time);
        Latency latency = scenario.latency();
        this.origins = scenario.carries().stream()
                .map(share -> new Origin(time, random(), share * demand, scenario.temperament(), latency))
                .toList();
        this.edge = new Edge(time, random(), scenario.hitRatio(), origins.get(0), latency);
    }

    /** Dice of their own for whoever asks; the same for the same seed and order of asking. */
    Random random() {
        return new Random(seeds.nextLong());
    }

    /** The endpoint of that place in the order of preference, 0 being the edge. */
    Server endpoint(int rank) {
        return rank == 0 ? edge : origins.get(rank - 1);
    }
}
