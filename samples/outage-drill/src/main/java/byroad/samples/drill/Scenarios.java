package byroad.samples.drill;

import static byroad.samples.drill.Phase.good;
import static byroad.samples.drill.Phase.outage;

import byroad.samples.drill.Scenario.Expectation;
import byroad.samples.drill.Scenario.ShiftStart;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The four scenarios. */
final class Scenarios {
    static final String API = "api.example.test";
    static final String EDGE_B_NAME = "api-b.example.test";
    static final String ORIGIN_NAME = "origin.example.test";
    static final String REGION = "dynamodb.us-east-1.example.test";

    private static final String HOSTING = "aws/us-west-2";
    private static final Door THROUGH_EDGE_A = new Door(API, API, "cloudflare", HOSTING);
    private static final Door THROUGH_EDGE_B = new Door(API, EDGE_B_NAME, "fastly", HOSTING);
    private static final Door TO_ORIGIN = new Door(API, ORIGIN_NAME, Door.DIRECT, HOSTING);
    private static final Door TO_REGION = new Door(REGION, REGION, Door.DIRECT, "aws/us-east-1");

    private static final Duration BEFORE = Duration.ofSeconds(3);
    private static final Duration AFTER = Duration.ofSeconds(4);
    private static final Duration LULL = Duration.ofSeconds(4);

    private Scenarios() {}

    /**
     * Returns all scenarios.
     *
     * @param outage how long each outage lasts in all; empty for each scenario's own length
     */
    static List<Scenario> all(Optional<Duration> outage) {
        return List.of(
                cloudflare(outage.orElse(Duration.ofSeconds(10))),
                dynamodb(outage.orElse(Duration.ofSeconds(10))),
                resolverOperatorDown(outage.orElse(Duration.ofSeconds(9))),
                everythingDown(outage.orElse(Duration.ofSeconds(26))));
    }

    /** 18 November 2025: the edge answers every request with an error of its own, recovers, and fails once more. */
    private static Scenario cloudflare(Duration outage) {
        Duration firstWave = outage.multipliedBy(6).dividedBy(10);
        Duration secondWave = outage.minus(firstWave);
        Phase.Change breaks = parties -> parties.mode(Party.EDGE_A, ServerMode.EDGE_ERROR);
        Phase.Change recovers = parties -> parties.mode(Party.EDGE_A, ServerMode.WELL);
        return new Scenario(
                "cloudflare-2025-11-18",
                "The edge answers every request with a 500 of its own making, recovers, fails again, recovers."
                        + " The origin is healthy all the time.",
                List.of(THROUGH_EDGE_A, TO_ORIGIN),
                Party.EDGE_A,
                "through the edge",
                "by the origin directly",
                Party.EDGE_A,
                ShiftStart.OUTAGE,
                Expectation.EVERY_CALL_ANSWERED,
                List.of(
                        good("all is well", BEFORE, Phase.Change.NONE),
                        outage("edge answers 500", firstWave, breaks),
                        good("edge is back", LULL, recovers),
                        outage("second wave", secondWave, breaks),
                        good("edge is back", AFTER, recovers)));
    }

    /** 20 October 2025: the region's name loses its addresses; when it has some again, they are others. */
    private static Scenario dynamodb(Duration outage) {
        return new Scenario(
                "dynamodb-2025-10-20",
                "The record set of the region's name goes empty, and both resolvers agree on it; the service is healthy."
                        + " When records come back, the service has moved and the old address refuses.",
                List.of(TO_REGION),
                Party.ORIGIN,
                "at the old address",
                "at the new address",
                Party.MOVED,
                ShiftStart.RECOVERY,
                Expectation.EVERY_CALL_ANSWERED,
                List.of(
                        good("all is well", BEFORE, Phase.Change.NONE),
                        outage(
                                "record set is empty",
                                outage,
                                parties -> parties.zone().empty(REGION, Parties.RECORD_TTL)),
                        good("back at a new address", AFTER, parties -> {
                            parties.zone().put(REGION, Parties.RECORD_TTL, Party.MOVED.ip());
                            parties.mode(Party.ORIGIN, ServerMode.REFUSING);
                        })));
    }

    private static Scenario resolverOperatorDown(Duration outage) {
        return new Scenario(
                "resolver-operator-down",
                "The first of two resolver operators falls silent. The records and the service are healthy.",
                List.of(THROUGH_EDGE_A, TO_ORIGIN),
                Party.EDGE_A,
                "through the edge",
                "by the origin directly",
                Party.EDGE_A,
                ShiftStart.NONE,
                Expectation.EVERY_CALL_ANSWERED,
                List.of(
                        good("all is well", BEFORE, Phase.Change.NONE),
                        outage("first resolver silent", outage, Parties::silenceFirstResolver),
                        good("first resolver is back", AFTER, Parties::mendFirstResolver)));
    }

    /** Nobody can answer, so all that counts is what a client adds to the load, and when it notices the end. */
    private static Scenario everythingDown(Duration outage) {
        return new Scenario(
                "everything-down",
                "Both edges and the origin fail at once. No client can answer; what counts is what it adds to the load.",
                List.of(THROUGH_EDGE_A, THROUGH_EDGE_B, TO_ORIGIN),
                Party.EDGE_A,
                "through the edge",
                "by another door",
                Party.EDGE_A,
                ShiftStart.NONE,
                Expectation.NO_HARM,
                List.of(
                        good("all is well", BEFORE, Phase.Change.NONE),
                        outage("edges and origin fail", outage, parties -> {
                            parties.mode(Party.EDGE_A, ServerMode.EDGE_ERROR);
                            parties.mode(Party.EDGE_B, ServerMode.UNAVAILABLE);
                            parties.mode(Party.ORIGIN, ServerMode.UNAVAILABLE);
                        }),
                        good("all is back", AFTER, parties -> {
                            parties.mode(Party.EDGE_A, ServerMode.WELL);
                            parties.mode(Party.EDGE_B, ServerMode.WELL);
                            parties.mode(Party.ORIGIN, ServerMode.WELL);
                        })));
    }
}
