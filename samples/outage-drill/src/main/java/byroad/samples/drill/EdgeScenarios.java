package byroad.samples.drill;

import static byroad.samples.drill.Phase.good;
import static byroad.samples.drill.Phase.mode;
import static byroad.samples.drill.Phase.outage;

import byroad.samples.drill.Promise.Aim;
import byroad.samples.drill.Traffic.ShiftStart;
import java.time.Duration;
import java.util.List;

/** Scenarios in which an edge fails, or seems to. */
final class EdgeScenarios {
    private EdgeScenarios() {}

    /** 18 November 2025: the edge answers every request with an error of its own, recovers, and fails once more. */
    static Scenario cloudflare(Duration outage) {
        Duration firstWave = outage.multipliedBy(6).dividedBy(10);
        Duration secondWave = outage.minus(firstWave);
        Phase.Change breaks = mode(ServerMode.EDGE_ERROR, Party.EDGE_A);
        Phase.Change recovers = mode(ServerMode.WELL, Party.EDGE_A);
        return new Scenario(
                "cloudflare-2025-11-18",
                "The edge answers every request with a 500 of its own making, recovers, fails again, recovers."
                        + " The origin is healthy all the time.",
                List.of(Route.THROUGH_EDGE_A, Route.TO_ORIGIN),
                Traffic.of(Party.EDGE_A, "through the edge", "by the origin directly", ShiftStart.OUTAGE),
                Guest.NONE,
                Promise.of(Aim.ANSWERS, Clauses.everyCallAnswered()),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage("edge answers 500", firstWave, breaks),
                        good("edge is back", Phase.LULL, recovers),
                        outage("second wave", secondWave, breaks),
                        good("edge is back", Phase.AFTER, recovers)));
    }

    /** Whoever has one alternative only is lost here. */
    static Scenario alternateEdgeAlsoDown(Duration outage) {
        Duration one = outage.dividedBy(2);
        return new Scenario(
                "alternate-edge-also-down",
                "The first edge fails, then the second one as well; each says so with a page of its own. The origin is"
                        + " healthy all the time.",
                List.of(Route.THROUGH_EDGE_A, Route.THROUGH_EDGE_B, Route.TO_ORIGIN),
                Traffic.of(Party.EDGE_A, "through the edge", "by another endpoint", ShiftStart.OUTAGE),
                Guest.NONE,
                Promise.of(Aim.ANSWERS, Clauses.everyCallAnswered(), Clauses.noPartyBearsMore()),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage("first edge fails", one, mode(ServerMode.EDGE_ERROR, Party.EDGE_A)),
                        outage("second edge fails too", outage.minus(one), mode(ServerMode.EDGE_ERROR, Party.EDGE_B)),
                        good("both are back", Phase.AFTER, mode(ServerMode.WELL, Party.EDGE_A, Party.EDGE_B))));
    }

    /** A refusal is no outage: a client that goes around it breaks a rule that somebody made. */
    static Scenario edgePolicy(Duration outage) {
        return new Scenario(
                "edge-policy",
                "The edge takes the callers for robots and answers 403 with a challenge. Going around it would be wrong:"
                        + " each caller is to get its 403 once, and no other endpoint is to be knocked at.",
                List.of(Route.THROUGH_EDGE_A, Route.THROUGH_EDGE_B, Route.TO_ORIGIN),
                Traffic.of(Party.EDGE_A, "through the edge", "by another endpoint", ShiftStart.NONE),
                Guest.NONE,
                Promise.of(
                        Aim.NO_HARM,
                        Clauses.everyCallerGets(403),
                        Clauses.mostRequests(Party.EDGE_A, 1),
                        Clauses.mostRequests(Party.EDGE_B, 0),
                        Clauses.mostRequests(Party.ORIGIN, 0),
                        Clauses.everyCallAnsweredOutside(),
                        Clauses.firstSuccessAtOnce()),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage("edge answers 403, challenge", outage, mode(ServerMode.CHALLENGE, Party.EDGE_A)),
                        good("no challenge any more", Phase.AFTER, mode(ServerMode.WELL, Party.EDGE_A))));
    }

    /** The costliest way to fail: there is no answer to learn from, only silence. */
    static Scenario edgeBlackHole(Duration outage) {
        return new Scenario(
                "edge-black-hole",
                "The edge swallows everything: open HTTP/2 connections freeze, new ones hang in the handshake, none is"
                        + " closed. The origin is healthy all the time.",
                List.of(Route.THROUGH_EDGE_A, Route.TO_ORIGIN),
                Traffic.of(Party.EDGE_A, "through the edge", "by the origin directly", ShiftStart.OUTAGE),
                Guest.NONE,
                Promise.of(Aim.ANSWERS, Clauses.everyCallAnswered()),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage("edge swallows everything", outage, mode(ServerMode.FROZEN, Party.EDGE_A)),
                        good("edge is back", Phase.AFTER, mode(ServerMode.WELL, Party.EDGE_A))));
    }

    /** Most answers are good, so leaving the edge would move calls that need not move. */
    static Scenario brownOut(Duration outage) {
        return new Scenario(
                "brown-out",
                "Three in ten answers of the edge are a 5xx of its own making, by lot. The edge is worth its while: only"
                        + " the calls that failed there are to go elsewhere.",
                List.of(Route.THROUGH_EDGE_A, Route.TO_ORIGIN),
                Traffic.of(Party.EDGE_A, "through the edge", "by the origin directly", ShiftStart.NONE),
                Guest.NONE,
                Promise.of(
                        Aim.ANSWERS,
                        Clauses.everyCallAnswered(),
                        Clauses.circuitsStayClosed(),
                        Clauses.mostRequests(Party.EDGE_A, 1.05),
                        Clauses.mostRequestsInAll(1.40)),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage("three in ten answers 5xx", outage, mode(ServerMode.BROWN_OUT, Party.EDGE_A)),
                        good("edge is well again", Phase.AFTER, mode(ServerMode.WELL, Party.EDGE_A))));
    }

    /** Down, up, down, up: neither the going nor the coming back may cost calls. */
    static Scenario flapping(Duration outage) {
        Duration shorter = outage.dividedBy(5);
        Duration longer = outage.minus(shorter.multipliedBy(2)).dividedBy(2);
        Phase.Change breaks = mode(ServerMode.EDGE_ERROR, Party.EDGE_A);
        Phase.Change recovers = mode(ServerMode.WELL, Party.EDGE_A);
        return new Scenario(
                "flapping",
                "The edge fails and recovers every two to three seconds. The origin is healthy all the time.",
                List.of(Route.THROUGH_EDGE_A, Route.TO_ORIGIN),
                Traffic.of(Party.EDGE_A, "through the edge", "by the origin directly", ShiftStart.OUTAGE),
                Guest.NONE,
                Promise.of(Aim.ANSWERS, Clauses.everyCallAnswered(), Clauses.noPartyBearsMore()),
                List.of(
                        good("all is well", Phase.BEFORE, Phase.Change.NONE),
                        outage("down", shorter, breaks),
                        good("up", Duration.ofSeconds(3), recovers),
                        outage("down", longer, breaks),
                        good("up", Duration.ofSeconds(2), recovers),
                        outage("down", shorter, breaks),
                        good("up", Duration.ofSeconds(2), recovers),
                        outage("down", longer, breaks),
                        good("up for good", Phase.AFTER, recovers)));
    }
}
