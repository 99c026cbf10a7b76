package byroad.samples.drill;

import static byroad.samples.drill.Phase.good;
import static byroad.samples.drill.Phase.outage;

import byroad.samples.drill.Promise.Aim;
import byroad.samples.drill.Traffic.ShiftStart;
import byroad.test.DnsZone;
import java.time.Duration;
import java.util.List;

/** Scenarios in which names fail: records, resolvers, and what is remembered of them. */
final class NameScenarios {
    /** A stranger's certificate ends a call, for nothing is sent elsewhere around a failed proof of identity. */
    private static final int FEWEST_ANSWERED_PERCENT = 98;

    private NameScenarios() {}

    /** 20 October 2025: the region's name loses its addresses; when it has some again, they are others. */
    static Scenario dynamodb(Duration outage) {
        return new Scenario(
                "dynamodb-2025-10-20",
                "The record set of the region's name goes empty, and both resolvers agree on it; the service is healthy."
                        + " When records come back, the service has moved and the old address refuses.",
                List.of(Route.TO_REGION),
                new Traffic(Party.ORIGIN, "at the old address", "at the new address", Party.MOVED, ShiftStart.RECOVERY),
                Guest.NONE,
                Promise.of(Aim.ANSWERS, Clauses.everyCallAnswered()),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage(
                                "record set is empty",
                                outage,
                                (parties, clients) -> parties.records(NameScenarios::emptyRegion)),
                        good("back at a new address", Phase.AFTER, (parties, clients) -> {
                            parties.records(zone -> zone.put(Scenarios.REGION, Parties.RECORD_TTL, Party.MOVED.ip()));
                            parties.mode(Party.ORIGIN, ServerMode.REFUSING);
                        })));
    }

    static Scenario resolverOperatorDown(Duration outage) {
        return new Scenario(
                "resolver-operator-down",
                "The first of two resolver operators falls silent. The records and the service are healthy.",
                List.of(Route.THROUGH_EDGE_A, Route.TO_ORIGIN),
                Traffic.of(Party.EDGE_A, "through the edge", "by the origin directly", ShiftStart.NONE),
                Guest.NONE,
                Promise.of(Aim.ANSWERS, Clauses.everyCallAnswered()),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage("first resolver silent", outage, (parties, clients) -> parties.silenceFirstResolver()),
                        good("first resolver is back", Phase.AFTER, (parties, clients) -> parties.mendResolvers())));
    }

    /** Nobody can look a name up. A second Byroad starts only then: it cannot answer, but it can end its calls in time. */
    static Scenario everyResolverSilent(Duration outage) {
        return new Scenario(
                "every-resolver-silent",
                "All resolvers fall silent, and connections end as they always do. The service is healthy. A second Byroad"
                        + " has just started and knows no address; all it can do is to end each call by its deadline.",
                List.of(Route.THROUGH_EDGE_A, Route.TO_ORIGIN),
                Traffic.of(Party.EDGE_A, "through the edge", "by the origin directly", ShiftStart.NONE),
                Guest.STARTED_LATE,
                Promise.of(Aim.ANSWERS, Clauses.everyCallAnswered()),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage("every resolver silent", outage, (parties, clients) -> {
                            parties.silenceResolvers();
                            Clients.restart(clients, Guest.STARTED_LATE.client());
                        }),
                        good("resolvers are back", Phase.AFTER, (parties, clients) -> parties.mendResolvers())));
    }

    /** The first resolver is wrong in three ways; with one endpoint only, nothing but the second resolver can help. */
    static Scenario resolversDisagree(Duration outage) {
        Duration third = outage.dividedBy(3);
        return new Scenario(
                "resolvers-disagree",
                "The first of two resolver operators is wrong: it denies the name, then gives the address of a stranger with"
                        + " a certificate of his own, then one where nobody listens. The second is right all the time.",
                List.of(Route.THROUGH_EDGE_A),
                Traffic.of(Party.EDGE_A, "at the right address", "at another", ShiftStart.NONE),
                Guest.NONE,
                Promise.of(Aim.ANSWERS, Clauses.answered(FEWEST_ANSWERED_PERCENT)),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage(
                                "name denied",
                                third,
                                (parties, clients) ->
                                        parties.recordsOfFirstResolver(zone -> zone.remove(Scenarios.API))),
                        outage(
                                "a stranger named",
                                third,
                                (parties, clients) -> parties.recordsOfFirstResolver(
                                        zone -> zone.put(Scenarios.API, Parties.RECORD_TTL, Party.STRANGER.ip()))),
                        outage(
                                "nobody listens",
                                outage.minus(third.multipliedBy(2)),
                                (parties, clients) -> parties.recordsOfFirstResolver(
                                        zone -> zone.put(Scenarios.API, Parties.RECORD_TTL, Parties.NOBODY_IP))),
                        good(
                                "first is right again",
                                Phase.AFTER,
                                (parties, clients) -> parties.recordsOfFirstResolver(
                                        zone -> zone.put(Scenarios.API, Parties.RECORD_TTL, Party.EDGE_A.ip())))));
    }

    /** As on 20 October 2025, and all clients are deployed anew in the middle of it. */
    static Scenario restartInOutage(Duration outage) {
        Duration before = outage.multipliedBy(3).dividedBy(10);
        return new Scenario(
                "restart-in-outage",
                "The record set goes empty, and in the middle of it all clients are restarted. The service is healthy."
                        + " Byroad keeps proven addresses in a file; a second Byroad keeps none.",
                List.of(Route.TO_REGION),
                Traffic.of(Party.ORIGIN, "at its address", "at another", ShiftStart.NONE),
                Guest.NO_STORE,
                Promise.of(Aim.ANSWERS, Clauses.everyCallAnswered()),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage(
                                "set is empty",
                                before,
                                (parties, clients) -> parties.records(NameScenarios::emptyRegion)),
                        outage(
                                "clients restarted",
                                outage.minus(before),
                                (parties, clients) -> clients.forEach(Restartable::restart)),
                        good(
                                "records are back",
                                Phase.AFTER,
                                (parties, clients) -> parties.records(
                                        zone -> zone.put(Scenarios.REGION, Parties.RECORD_TTL, Party.ORIGIN.ip())))));
    }

    private static void emptyRegion(DnsZone zone) {
        zone.empty(Scenarios.REGION, Parties.RECORD_TTL);
    }
}
