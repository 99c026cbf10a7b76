package byroad.benchmarks.fleet;

import byroad.benchmarks.fleet.Edge.Trouble;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Worlds that no constant of the concurrency limit was chosen by. */
final class Worlds {
    private static final Latency QUICK = new Latency(0.06, 0.4, 0.03);
    private static final Latency FAR = new Latency(0.11, 0.5, 0.05);

    private static final double SCALE_EVERY = 30;
    private static final double SCALE_AT = 0.7;
    private static final double STARTS_WITHIN = 60;

    private Worlds() {}

    /** An origin that stops for garbage now and then, and grows by itself, slowly. */
    static Scenario pausesAndAutoscaling() {
        return new Scenario(
                "W1",
                "origin pauses up to 1.5 s and scales from 26 % to 100 % within minutes",
                List.of(Population.servers(25, 20, 200)),
                List.of(0.26),
                0.8,
                Temperament.HOSTILE,
                QUICK,
                2,
                30,
                360,
                (world, seconds) -> {
                    Catalogue.edgeFails(Trouble.ERRORS, 1).begin(world, seconds);
                    Origin origin = world.origins.get(0);
                    pauseNowAndThen(world, origin, world.random());
                    scale(world, origin, origin.capacity(), origin.count.good);
                },
                Optional.empty());
    }

    private static void pauseNowAndThen(World world, Origin origin, Random random) {
        world.time.in(5 + random.nextDouble() * 30, () -> {
            origin.pause(0.3 + random.nextDouble() * 1.2);
            pauseNowAndThen(world, origin, random);
        });
    }

    /** A quarter of what it began with is added wherever it was busy for half a minute. */
    private static void scale(World world, Origin origin, double first, long goodBefore) {
        world.time.in(SCALE_EVERY, () -> {
            long good = origin.count.good;
            boolean busy = good - goodBefore > SCALE_AT * origin.capacity() * SCALE_EVERY;
            if (busy && origin.capacity() < world.demand) {
                world.time.in(STARTS_WITHIN, () -> origin.capacity(origin.capacity() + first / 2));
            }
            scale(world, origin, first, good);
        });
    }

    /** Servers and phones; the edge browns out, the first region loses capacity, then the edge fails altogether. */
    static Scenario twoRegions() {
        return new Scenario(
                "W2",
                "two regions, servers and phones; brown-out of the edge and of one region, then the edge fails",
                List.of(Population.servers(40, 10, 100), Population.phonesInSessions(6_000)),
                List.of(0.4, 0.25),
                0.7,
                Temperament.HOSTILE,
                FAR,
                4,
                60,
                300,
                (world, seconds) -> {
                    Origin near = world.origins.get(0);
                    double all = near.capacity();
                    world.edge.fail(Trouble.ERRORS, 0.4);
                    world.time.in(60, () -> near.capacity(all * 0.4));
                    world.time.in(120, () -> world.edge.fail(Trouble.ERRORS, 1));
                    world.time.in(240, () -> world.edge.fail(Trouble.BLACK_HOLE, 0.5));
                    world.time.in(270, () -> near.capacity(all));
                    world.time.in(300, world.edge::heal);
                },
                Optional.empty());
    }

    /** The origin carries all for minutes, and then suddenly a quarter. */
    static Scenario shrinkingOrigin() {
        return new Scenario(
                "W3",
                "origin carries all for 5 min, then loses 80 %",
                List.of(Population.servers(15, 20, 200)),
                List.of(1.3),
                0.7,
                Temperament.HOSTILE,
                QUICK,
                2,
                20,
                480,
                (world, seconds) -> {
                    Catalogue.edgeFails(Trouble.ERRORS, 1).begin(world, 480);
                    Origin origin = world.origins.get(0);
                    world.time.in(300, () -> origin.capacity(origin.capacity() / 5));
                    world.time.in(480, () -> origin.capacity(origin.capacity() * 5));
                },
                Optional.empty());
    }

    /** Three minutes down, two minutes up, three times. */
    static Scenario flapping() {
        return new Scenario(
                "W4",
                "the edge flaps: 3 min down, 2 min up",
                List.of(Population.servers(15, 20, 200)),
                List.of(0.39),
                0.7,
                Temperament.HOSTILE,
                QUICK,
                2,
                20,
                13 * 60,
                (world, seconds) -> {
                    for (int i = 0; i < 3; i++) {
                        world.time.in(
                                i * 300,
                                () -> Catalogue.edgeFails(Trouble.ERRORS, 1).begin(world, 180));
                    }
                },
                Optional.empty());
    }

    /** Jobs that all start on the minute; the edge drops the first 0.9 s of every burst, as one dead connection does. */
    static Scenario bursts() {
        return new Scenario(
                "W5",
                "all traffic within 3 s of each minute, the edge fails for the first 0.9 s of it",
                List.of(Population.bursts(25, 20, 200)),
                List.of(0.39),
                0.7,
                Temperament.HOSTILE,
                QUICK,
                2,
                59,
                420,
                (world, seconds) -> {
                    for (int minute = 0; minute * 60 < seconds; minute++) {
                        world.time.in(1 + minute * 60, () -> world.edge.fail(Trouble.ERRORS, 1));
                        world.time.in(1.9 + minute * 60, world.edge::heal);
                    }
                },
                Optional.empty());
    }
}
