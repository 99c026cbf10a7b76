package byroad.samples.drill;

import static byroad.samples.drill.Phase.good;
import static byroad.samples.drill.Phase.outage;

import byroad.samples.drill.Scenario.Expectation;
import byroad.samples.drill.Scenario.ShiftStart;
import byroad.test.DnsZone;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The scenarios. */
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

    private static final String STARTED_LATE = "Byroad, just started";
    private static final String FORGETFUL = "Byroad, no store";

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
                everyResolverSilent(outage.orElse(Duration.ofSeconds(9))),
                resolversDisagree(outage.orElse(Duration.ofSeconds(15))),
                restartInOutage(outage.orElse(Duration.ofSeconds(10))),
                everythingDown(outage.orElse(Duration.ofSeconds(26))));
    }

    /** 18 November 2025: the edge answers every request with an error of its own, recovers, and fails once more. */
    private static Scenario cloudflare(Duration outage) {
        Duration firstWave = outage.multipliedBy(6).dividedBy(10);
        Duration secondWave = outage.minus(firstWave);
        Phase.Change breaks = (parties, clients) -> parties.mode(Party.EDGE_A, ServerMode.EDGE_ERROR);
        Phase.Change recovers = (parties, clients) -> parties.mode(Party.EDGE_A, ServerMode.WELL);
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
                Scenario.NO_TWIN,
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
                Scenario.NO_TWIN,
                List.of(
                        good("all is well", BEFORE, Phase.Change.NONE),
                        outage(
                                "record set is empty",
                                outage,
                                (parties, clients) -> parties.records(Scenarios::emptyRegion)),
                        good("back at a new address", AFTER, (parties, clients) -> {
                            parties.records(zone -> zone.put(REGION, Parties.RECORD_TTL, Party.MOVED.ip()));
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
                Scenario.NO_TWIN,
                List.of(
                        good("all is well", BEFORE, Phase.Change.NONE),
                        outage("first resolver silent", outage, (parties, clients) -> parties.silenceFirstResolver()),
                        good("first resolver is back", AFTER, (parties, clients) -> parties.mendResolvers())));
    }

    /** Nobody can look a name up. A second Byroad starts only then: it cannot answer, but it can end its calls in time. */
    private static Scenario everyResolverSilent(Duration outage) {
        return new Scenario(
                "every-resolver-silent",
                "All resolvers fall silent, and connections end as they always do. The service is healthy. A second Byroad"
                        + " has just started and knows no address; all it can do is to end each call by its deadline.",
                List.of(THROUGH_EDGE_A, TO_ORIGIN),
                Party.EDGE_A,
                "through the edge",
                "by the origin directly",
                Party.EDGE_A,
                ShiftStart.NONE,
                Expectation.EVERY_CALL_ANSWERED,
                STARTED_LATE,
                List.of(
                        good("all is well", BEFORE, Phase.Change.NONE),
                        outage("every resolver silent", outage, (parties, clients) -> {
                            parties.silenceResolvers();
                            Clients.restart(clients, STARTED_LATE);
                        }),
                        good("resolvers are back", AFTER, (parties, clients) -> parties.mendResolvers())));
    }

    /** The first resolver is wrong in three ways; with one door only, nothing but the second resolver can help. */
    private static Scenario resolversDisagree(Duration outage) {
        Duration third = outage.dividedBy(3);
        return new Scenario(
                "resolvers-disagree",
                "The first of two resolver operators is wrong: it denies the name, then gives the address of a stranger with"
                        + " a certificate of his own, then one where nobody listens. The second is right all the time.",
                List.of(THROUGH_EDGE_A),
                Party.EDGE_A,
                "at the right address",
                "at another",
                Party.EDGE_A,
                ShiftStart.NONE,
                Expectation.FEW_CALLS_LOST,
                Scenario.NO_TWIN,
                List.of(
                        good("all is well", BEFORE, Phase.Change.NONE),
                        outage(
                                "name denied",
                                third,
                                (parties, clients) -> parties.recordsOfFirstResolver(zone -> zone.remove(API))),
                        outage(
                                "a stranger named",
                                third,
                                (parties, clients) -> parties.recordsOfFirstResolver(
                                        zone -> zone.put(API, Parties.RECORD_TTL, Party.STRANGER.ip()))),
                        outage(
                                "nobody listens",
                                outage.minus(third.multipliedBy(2)),
                                (parties, clients) -> parties.recordsOfFirstResolver(
                                        zone -> zone.put(API, Parties.RECORD_TTL, Parties.NOBODY_IP))),
                        good(
                                "first is right again",
                                AFTER,
                                (parties, clients) -> parties.recordsOfFirstResolver(
                                        zone -> zone.put(API, Parties.RECORD_TTL, Party.EDGE_A.ip())))));
    }

    /** As on 20 October 2025, and all clients are deployed anew in the middle of it. */
    private static Scenario restartInOutage(Duration outage) {
        Duration before = outage.multipliedBy(3).dividedBy(10);
        return new Scenario(
                "restart-in-outage",
                "The record set goes empty, and in the middle of it all clients are restarted. The service is healthy."
                        + " Byroad keeps proven addresses in a file; a second Byroad keeps none.",
                List.of(TO_REGION),
                Party.ORIGIN,
                "at its address",
                "at another",
                Party.ORIGIN,
                ShiftStart.NONE,
                Expectation.EVERY_CALL_ANSWERED,
                FORGETFUL,
                List.of(
                        good("all is well", BEFORE, Phase.Change.NONE),
                        outage("set is empty", before, (parties, clients) -> parties.records(Scenarios::emptyRegion)),
                        outage(
                                "clients restarted",
                                outage.minus(before),
                                (parties, clients) -> clients.forEach(Restartable::restart)),
                        good(
                                "records are back",
                                AFTER,
                                (parties, clients) -> parties.records(
                                        zone -> zone.put(REGION, Parties.RECORD_TTL, Party.ORIGIN.ip())))));
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
                Scenario.NO_TWIN,
                List.of(
                        good("all is well", BEFORE, Phase.Change.NONE),
                        outage("edges and origin fail", outage, (parties, clients) -> {
                            parties.mode(Party.EDGE_A, ServerMode.EDGE_ERROR);
                            parties.mode(Party.EDGE_B, ServerMode.UNAVAILABLE);
                            parties.mode(Party.ORIGIN, ServerMode.UNAVAILABLE);
                        }),
                        good("all is back", AFTER, (parties, clients) -> {
                            parties.mode(Party.EDGE_A, ServerMode.WELL);
                            parties.mode(Party.EDGE_B, ServerMode.WELL);
                            parties.mode(Party.ORIGIN, ServerMode.WELL);
                        })));
    }

    private static void emptyRegion(DnsZone zone) {
        zone.empty(REGION, Parties.RECORD_TTL);
    }
}
