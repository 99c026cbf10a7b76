package byroad.benchmarks.fleet;

import byroad.Endpoint;
import byroad.Preset;
import byroad.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** One fleet of one kind of client in one scenario, by one seed: the same seed gives the same figures. */
final class Trial {
    /** Who the clients are. */
    enum Kind {
        ENGINE,
        ORACLE,
        FIXED
    }

    static final String EDGE = "cdn";

    private static final List<String> REGIONS = List.of("aws/us-west-2", "aws/eu-west-1");

    private Trial() {}

    static Tally run(Scenario scenario, Kind kind, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        Population.Drawn population = Population.draw(scenario.populations(), new Random(seeds.nextLong()));
        World world = new World(scenario, population, seeds);
        Upstream upstream = upstream(scenario);
        for (Population.Rates rates : population.all()) {
            List<Client> clients = new ArrayList<>();
            SplittableRandom dice = seeds.split();
            for (int i = 0; i < rates.population().clients(); i++) {
                clients.add(client(
                        kind, world, scenario, upstream, rates.population().preset(), dice.nextLong()));
            }
            rates.begin(clients, world);
        }
        world.tally.watch(world);
        world.time.in(scenario.warm(), () -> scenario.script().begin(world, scenario.outage()));
        // Calls of the last second may take a while.
        world.time.runUntil(scenario.end() + 3 * scenario.limit());
        return world.tally;
    }

    private static Client client(
            Kind kind, World world, Scenario scenario, Upstream upstream, Preset preset, long seed) {
        return switch (kind) {
            case ENGINE -> new EngineClient(world, upstream, preset, new Random(seed));
            case ORACLE -> new Peers.Oracle(world, scenario.limit());
            case FIXED -> new Peers.Fixed(world, scenario.limit(), new Random(seed));
        };
    }

    /** The edge first, then one direct endpoint to each region. */
    private static Upstream upstream(Scenario scenario) {
        Upstream upstream = Upstream.named("assistant")
                .attemptLimit(Duration.ofNanos(VirtualTime.nanos(scenario.limit())))
                .endpoint(Endpoint.at("https://api.example.ai")
                        .named(EDGE)
                        .through("cloudflare")
                        .hostedBy(REGIONS.get(0)));
        for (int i = 0; i < scenario.carries().size(); i++) {
            upstream = upstream.endpoint(Endpoint.at("https://api.example.ai")
                    .named("origin" + i)
                    .connectTo("origin" + i + ".example.ai")
                    .hostedBy(REGIONS.get(i)));
        }
        return upstream;
    }
}
