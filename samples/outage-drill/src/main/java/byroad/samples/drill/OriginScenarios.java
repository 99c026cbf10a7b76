package byroad.samples.drill;

import static byroad.samples.drill.Phase.good;
import static byroad.samples.drill.Phase.mode;
import static byroad.samples.drill.Phase.outage;

import byroad.samples.drill.Promise.Aim;
import byroad.samples.drill.Traffic.ShiftStart;
import java.time.Duration;
import java.util.List;

/** Scenarios in which what stands behind the edges fails, or could. */
final class OriginScenarios {
    /** A circuit asks now and then whether its endpoint is back, at least a second apart at first: ten times here at most. */
    private static final double ODD_PROBE = 0.03;

    /** From then on the circuit of the edge is open, and the concurrency limit has found out what the fallback endpoint carries. */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    private OriginScenarios() {}

    /** Nobody can answer, so all that counts is what a client adds to the load, and when it notices the end. */
    static Scenario everythingDown(Duration outage) {
        return new Scenario(
                "everything-down",
                "Both edges and the origin fail at once. No client can answer; what counts is what it adds to the load.",
                List.of(Route.THROUGH_EDGE_A, Route.THROUGH_EDGE_B, Route.TO_ORIGIN),
                Traffic.of(Party.EDGE_A, "through the edge", "by another endpoint", ShiftStart.NONE),
                Guest.NONE,
                Promise.of(
                        Aim.NO_HARM, Clauses.callsEnough(), Clauses.noPartyBearsMore(), Clauses.firstSuccessAtOnce()),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage("edges and origin fail", outage, (parties, clients) -> {
                            parties.mode(Party.EDGE_A, ServerMode.EDGE_ERROR);
                            parties.mode(Party.EDGE_B, ServerMode.UNAVAILABLE);
                            parties.mode(Party.ORIGIN, ServerMode.UNAVAILABLE);
                        }),
                        good(
                                "all is back",
                                Phase.AFTER,
                                mode(ServerMode.WELL, Party.EDGE_A, Party.EDGE_B, Party.ORIGIN))));
    }

    /** Another endpoint of the same hosting is no help, and its load would be a nuisance. */
    static Scenario regionDown(Duration outage) {
        return new Scenario(
                "region-down",
                "The origin's region fails: the edge is well and passes on the 503, which bears the origin's mark. The direct"
                        + " endpoint to the same region is no help; another region, under another host name, is.",
                List.of(Route.THROUGH_EDGE_A.marked(), Route.TO_ORIGIN.marked(), Route.TO_OTHER_REGION.marked()),
                Traffic.of(Party.EDGE_A, "through the edge", "by another endpoint", ShiftStart.OUTAGE),
                Guest.NONE,
                Promise.of(
                        Aim.ANSWERS,
                        Clauses.everyCallAnswered(),
                        Clauses.mostRequests(Party.ORIGIN, ODD_PROBE),
                        Clauses.noPartyBearsMore()),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage("region answers 503", outage, mode(ServerMode.UNAVAILABLE, Party.EDGE_A, Party.ORIGIN)),
                        good("region is back", Phase.AFTER, mode(ServerMode.WELL, Party.EDGE_A, Party.ORIGIN))));
    }

    /** Not every call can be answered; what can be is lost as well by whoever sends too many. */
    static Scenario overloadedByDiversion(Duration outage) {
        return new Scenario(
                "origin-overloaded-by-diversion",
                "The edge fails, and the origin behind it carries " + BoundedService.CAPACITY
                        + " requests a second, not "
                        + Settings.DEFAULT_RATE
                        + ": the more come, the later it answers, and then with 503. Each client"
                        + " has such an origin to itself.",
                List.of(Route.THROUGH_EDGE_A, Route.TO_ORIGIN),
                Traffic.of(Party.EDGE_A, "through the edge", "by the origin directly", ShiftStart.NONE),
                Guest.NAIVE_FAILOVER,
                Promise.of(
                        Aim.SOME_ANSWERS,
                        Clauses.fallbackKeepsUp(SETTLED, 0.8),
                        Clauses.fallbackNeverCollapses(SETTLED, 0.5),
                        Clauses.refusalsAreNamed(),
                        Clauses.mostRequestsPerRefusedCall(Party.EDGE_A, SETTLED, 1.05),
                        Clauses.mostRequests(Party.EDGE_A, 1.05),
                        Clauses.everyCallAnsweredOutside(),
                        Clauses.firstSuccessAtOnce()),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage("edge fails, origin carries a part", outage, (parties, clients) -> {
                            parties.mode(Party.EDGE_A, ServerMode.EDGE_ERROR);
                            parties.mode(Party.ORIGIN, ServerMode.BOUNDED);
                        }),
                        good("edge is back", Phase.AFTER, mode(ServerMode.WELL, Party.EDGE_A))));
    }
}
