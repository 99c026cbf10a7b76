package byroad.benchmarks.fleet;

import byroad.benchmarks.fleet.Edge.Trouble;
import byroad.benchmarks.fleet.Scenario.Reported;
import java.util.List;
import java.util.Optional;

/** All rows: those of the simulation of 2026-11-23, and worlds that nothing was chosen by. */
final class Catalogue {
    /** Of what an origin serves behind its CDN on a normal day, with a reserve of 30 %. */
    private static final double RESERVE = 1.3;

    private static final Latency QUICK = new Latency(0.06, 0.4, 0.03);
    private static final Latency AI = new Latency(5, 0.4, 0.03);
    private static final Latency AIR = new Latency(0.09, 0.4, 0.06);
    private static final int MINUTES_3 = 180;
    private static final int MINUTES_9 = 540;

    private Catalogue() {}

    static List<Scenario> all() {
        return List.of(
                server("H1", "servers of 275 rps, origin sheds", BIG, 0.7, Temperament.NICE, ours(36.9, 37.0, 0, 0)),
                server("H2", "the same, origin queues", BIG, 0.7, Temperament.HOSTILE, ours(36.9, 37.1, 0, 0)),
                server("H3", "27 rps, origin crashes", MIDDLE, 0.9, Temperament.CRASHING, ours(12.8, 12.9, 0, 0)),
                server("H4", "5 rps, origin crashes", SMALL, 0.9, Temperament.CRASHING, ours(13.0, 12.4, 1, 0)),
                server("H5", "275 rps, origin carries all", BIG, 0, Temperament.NICE, ours(100, 99.5, 0, 0)),
                slow(),
                lone(),
                brownOut(),
                blackHole(),
                everythingDown(),
                phones("M1", "sessions, origin sheds", SESSIONS, 0.7, Temperament.NICE, ours(39.3, 38.3, 0, 0)),
                phones("M2", "sessions, origin queues", SESSIONS, 0.7, Temperament.HOSTILE, ours(39.3, 39.2, 0, 0)),
                phones(
                        "M3",
                        "sessions, origin crashes",
                        SESSIONS,
                        0.9,
                        Temperament.CRASHING,
                        ours(13.1, 12.3, 28, 1.3)),
                phones("M4", "sessions, carries all", SESSIONS, 0, Temperament.NICE, ours(100, 91.5, 0, 0)),
                phones("M5", "1/30 rps, origin queues", STEADY, 0.7, Temperament.HOSTILE, ours(39.0, 34.0, 25, 0)),
                Worlds.pausesAndAutoscaling(),
                Worlds.twoRegions(),
                Worlds.shrinkingOrigin(),
                Worlds.flapping(),
                Worlds.bursts(),
                alone("L1", "12 rps", 12, QUICK, 2),
                alone("L2", "0.1 rps, answers take 5 s", 0.1, AI, 60),
                handshakes("T1", "servers of 275 rps, origin queues", BIG, 0.7, Temperament.HOSTILE),
                handshakes("T2", "27 rps, origin crashes", MIDDLE, 0.9, Temperament.CRASHING),
                handshakes("T3", "5 rps, origin crashes", SMALL, 0.9, Temperament.CRASHING),
                tiny("X1", "27 rps", MIDDLE, Optional.empty()),
                tiny("X2", "5 rps", SMALL, Optional.of(ours(3.9, 3.2, 0, 1))));
    }

    private static final Population BIG = Population.servers(10, 50, 500);
    private static final Population MIDDLE = Population.servers(100, 27, 27);
    private static final Population SMALL = Population.servers(500, 5, 5);
    private static final Population SESSIONS = Population.phonesInSessions(20_000);
    private static final Population STEADY = Population.phones(20_000);

    private static Reported ours(double oracle, double prototype, int collapsed, double crashes) {
        return new Reported(oracle, prototype, collapsed, crashes);
    }

    /** The edge fails like that for everybody, until the outage is over. */
    static Scenario.Outage edgeFails(Trouble how, double share) {
        return (world, seconds) -> {
            world.edge.fail(how, share);
            world.time.in(seconds, world.edge::heal);
        };
    }

    private static Scenario server(
            String name, String about, Population who, double hits, Temperament temperament, Reported reported) {
        return new Scenario(
                name,
                about,
                List.of(who),
                List.of(RESERVE * (1 - hits)),
                hits,
                temperament,
                QUICK,
                2,
                20,
                MINUTES_3,
                edgeFails(Trouble.ERRORS, 1),
                Optional.of(reported));
    }

    private static Scenario slow() {
        return new Scenario(
                "H6",
                "answers take 5 s, origin carries all",
                List.of(Population.servers(6, 50, 500)),
                List.of(RESERVE),
                0,
                Temperament.NICE,
                AI,
                60,
                60,
                MINUTES_3,
                edgeFails(Trouble.ERRORS, 1),
                Optional.of(ours(100, 99.1, 0, 0)));
    }

    private static Scenario lone() {
        return new Scenario(
                "H7",
                "one process of 20 rps, origin carries all",
                List.of(Population.servers(1, 20, 20)),
                List.of(10.0), // it serves others as well
                0,
                Temperament.NICE,
                QUICK,
                2,
                60,
                MINUTES_3,
                edgeFails(Trouble.ERRORS, 1),
                Optional.of(ours(100, 100, 0, 0)));
    }

    private static Scenario alone(String name, String about, double rps, Latency latency, double limit) {
        return new Scenario(
                name,
                "200 worlds of one process of " + about + ", origin carries all",
                List.of(Population.servers(200, rps, rps)),
                List.of(10.0),
                0,
                Temperament.NICE,
                latency,
                limit,
                60,
                MINUTES_3,
                edgeFails(Trouble.ERRORS, 1),
                Optional.empty());
    }

    /** A handshake costs the origin as much as two requests. */
    private static Scenario handshakes(
            String name, String about, Population who, double hits, Temperament temperament) {
        return new Scenario(
                name,
                about + ", a TLS handshake costs it two requests",
                List.of(who),
                List.of(RESERVE * (1 - hits)),
                hits,
                temperament,
                QUICK,
                2,
                20,
                MINUTES_3,
                (world, seconds) -> {
                    world.origins.forEach(origin -> origin.handshake(2));
                    edgeFails(Trouble.ERRORS, 1).begin(world, seconds);
                },
                Optional.empty());
    }

    private static Scenario tiny(String name, String about, Population who, Optional<Reported> reported) {
        return new Scenario(
                name,
                about + ", origin takes 4 % and crashes: what a concurrency limit cannot do",
                List.of(who),
                List.of(0.04),
                0.97,
                Temperament.CRASHING,
                QUICK,
                2,
                20,
                MINUTES_3,
                edgeFails(Trouble.ERRORS, 1),
                reported);
    }

    private static Scenario brownOut() {
        return new Scenario(
                "H8",
                "brown-out: 30 % of answers are errors",
                List.of(BIG),
                List.of(RESERVE * 0.3),
                0.7,
                Temperament.NICE,
                QUICK,
                2,
                20,
                MINUTES_3,
                edgeFails(Trouble.ERRORS, 0.3),
                Optional.of(ours(94.6, 95.3, 0, 0)));
    }

    private static Scenario blackHole() {
        return new Scenario(
                "H9",
                "black hole, origin queues",
                List.of(BIG),
                List.of(RESERVE * 0.3),
                0.7,
                Temperament.HOSTILE,
                QUICK,
                2,
                20,
                MINUTES_3,
                edgeFails(Trouble.BLACK_HOLE, 1),
                Optional.of(ours(36.5, 36.6, 0, 0)));
    }

    private static Scenario everythingDown() {
        return new Scenario(
                "H10",
                "everything is down",
                List.of(BIG),
                List.of(RESERVE * 0.3),
                0.7,
                Temperament.NICE,
                QUICK,
                2,
                20,
                MINUTES_3,
                (world, seconds) -> {
                    edgeFails(Trouble.ERRORS, 1).begin(world, seconds);
                    world.origins.forEach(origin -> {
                        origin.down(true);
                        world.time.in(seconds, () -> origin.down(false));
                    });
                },
                Optional.of(ours(0, 0, 0, 0)));
    }

    private static Scenario phones(
            String name, String about, Population who, double hits, Temperament temperament, Reported reported) {
        return new Scenario(
                name,
                "phones: " + about,
                List.of(who),
                List.of(RESERVE * (1 - hits)),
                hits,
                temperament,
                AIR,
                5,
                60,
                MINUTES_9,
                edgeFails(Trouble.ERRORS, 1),
                Optional.of(reported));
    }
}
