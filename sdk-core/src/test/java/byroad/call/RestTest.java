package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.neverSent;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Avoidance.Voice;
import byroad.FailureDomain;
import byroad.ResponseHead;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An endpoint that asked to be left alone while calls are under way is left alone by them as well. */
class RestTest {
    /** As of a burst of calls, each answered a little later than the one before. */
    @Test
    void aRetryWaitsOnForARestThatWasAskedForMeanwhile() {
        Bench bench = Bench.of(CDN);
        CallPlan waiting = bench.get();
        waiting.took(send(waiting), status(503)); // asks for nothing
        bench.time.advance(((Step.Await) waiting.next()).duration());
        bench.run(bench.post(), status(503, "Retry-After", "30"));

        Step.Await longer = (Step.Await) waiting.next();
        assertThat(longer.duration()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
        bench.time.advance(longer.duration());
        assertThat(waiting.next()).isInstanceOf(Step.Send.class);
    }

    @Test
    void aRetryForWhichThatTakesTooLongIsNotMade() {
        Bench bench = new Bench(upstream(CDN).deadline(Duration.ofSeconds(20)));
        CallPlan waiting = bench.get();
        waiting.took(send(waiting), status(503));
        bench.time.advance(((Step.Await) waiting.next()).duration());
        bench.run(bench.post(), status(503, "Retry-After", "30"));

        assertThat(waiting.next()).isInstanceOf(Step.Deliver.class);
        assertThat(waiting.report().notes())
                .contains(
                        "no further retry: after the wait, cdn may not be used: it asked to be left alone for another 30000ms");
        assertThat(bench.planner.toString()).contains("budget 490/490 tokens");
    }

    @Test
    void aRetryThatCostsNothingKeepsToARestAsWell() {
        Bench bench = Bench.of(CDN);
        CallPlan underWay = bench.get();
        Attempt send = send(underWay);
        bench.run(bench.post(), status(503, "Retry-After", "30"));
        underWay.took(send, neverSent());

        assertThat(underWay.next()).isNotInstanceOf(Step.Send.class);
    }

    @Test
    void aShorterWishForRestDoesNotEndALongerOne() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan one = bench.post();
        CallPlan other = bench.post();
        Attempt first = send(one);
        Attempt second = send(other);
        one.took(first, status(503, "Retry-After", "30"));
        other.took(second, status(503, "Retry-After", "0"));
        bench.time.advance(Duration.ofSeconds(1));

        assertThat(send(bench.get()).endpoint()).isEqualTo(ORIGIN);
    }

    /** What an endpoint answers with a 503 and that wish, and the plan of the call. */
    private static void askForRest(Bench bench, String seconds) {
        bench.run(bench.post(), status(503, "Retry-After", seconds));
    }

    @Test
    void aLongRestEndsAfterFiveMinutesWithOneProbeAndIsTold() {
        Bench bench = Bench.of(CDN, ORIGIN);
        askForRest(bench, "86400");
        assertThat(bench.events)
                .singleElement()
                .hasToString(
                        "assistant: cdn asked to be left alone for 86400s; it is, for 300s, and then for all calls but one");
        bench.time.advance(Duration.ofSeconds(299));
        assertThat(bench.run(bench.get(), status(200))).containsExactly("origin", "deliver origin");

        bench.time.advance(Duration.ofSeconds(2));
        CallPlan probing = bench.get();
        Attempt probe = send(probing);
        assertThat(probe.endpoint()).isEqualTo(CDN);
        CallPlan other = bench.get();
        assertThat(bench.run(other, status(200))).containsExactly("origin", "deliver origin");
        assertThat(other.report().notes())
                .containsExactly("cdn not tried: it asked to be left alone, and one call finds out whether it answers");
        probing.took(probe, status(200));
        assertThat(bench.run(bench.get(), status(200))).containsExactly("cdn", "deliver cdn");
        assertThat(bench.run(bench.get(), status(200))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void aProbeThatCameToNothingIsFollowedByAnotherAndOneThatHangsIsOvertaken() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.get(), status(200));
        askForRest(bench, "86400");
        bench.time.advance(Duration.ofSeconds(301));
        CallPlan cancelled = bench.get();
        cancelled.took(send(cancelled), new Outcome.Cancelled(new java.io.IOException("Canceled")));

        assertThat(send(bench.get()).endpoint()).as("hangs").isEqualTo(CDN);
        assertThat(send(bench.get()).endpoint()).isEqualTo(ORIGIN);
        bench.time.advance(Duration.ofSeconds(1));
        assertThat(send(bench.get()).endpoint()).isEqualTo(CDN);
    }

    @Test
    void aRestOfFiveMinutesOrLessIsKeptAsAskedAndEndsForAll() {
        Bench bench = Bench.of(CDN, ORIGIN);
        askForRest(bench, "300");
        bench.time.advance(Duration.ofMinutes(5));

        assertThat(send(bench.get()).endpoint()).isEqualTo(CDN);
        assertThat(send(bench.get()).endpoint()).isEqualTo(CDN);
        assertThat(bench.events).isEmpty();
    }

    @Test
    void aSuccessOfARequestSentAfterTheRestBeganEndsItAndOneSentBeforeDoesNot() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan before = bench.get();
        Attempt sentBefore = send(before);
        bench.run(bench.post(), status(429, "Retry-After", "60"));
        before.took(sentBefore, status(200));
        assertThat(bench.planner.status())
                .allSatisfy(one -> assertThat(one.restLeft()).isPositive());

        assertThat(bench.run(bench.get(), status(200))).containsExactly("cdn", "deliver cdn"); // as the last resort
        assertThat(bench.planner.status())
                .allSatisfy(one -> assertThat(one.restLeft()).isZero());
        assertThat(bench.run(bench.get(), Bench.edge500(), status(200)))
                .containsExactly("cdn", "origin", "deliver origin");
    }

    /** The service never heard of the call: that it wants rest from others is no reason to let it fail. */
    @Test
    void aCallThatTheEdgeFailedGoesToTheDirectEndpointThoughTheTenantRests() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.post(), status(429, "Retry-After", "86400"));

        assertThat(bench.run(bench.get(), Bench.edge500(), status(200)))
                .containsExactly("cdn", "origin", "deliver origin");
    }

    @Test
    void aCallThatTheEdgeDidNotGetThroughGoesToTheOtherEndpoint() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.post(), status(429, "Retry-After", "86400"));

        assertThat(bench.run(bench.post(), Bench.cloudflare(521), status(200)))
                .containsExactly("cdn", "origin", "deliver origin");
    }

    @Test
    void aRestThatTheDirectEndpointAskedForItselfBindsThatCallToo() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.get(), Bench.edge500(), status(429, "Retry-After", "60"));

        assertThat(bench.run(bench.get(), Bench.edge500())).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void anOperatorEndsTheRestOfADomain() {
        for (String domain : new String[] {"endpoint/assistant/cdn", "cloudflare"}) {
            Bench bench = Bench.of(CDN, ORIGIN);
            bench.runtime.avoidances().restore(FailureDomain.of(domain), Voice.OPERATOR);
            askForRest(bench, "200");
            bench.time.advance(Duration.ofSeconds(1));
            assertThat(send(bench.get()).endpoint()).as("an earlier word").isEqualTo(ORIGIN);

            bench.runtime.avoidances().restore(FailureDomain.of(domain), Voice.OPERATOR);
            assertThat(send(bench.get()).endpoint()).isEqualTo(CDN);
            assertThat(bench.planner.status().get(0).restLeft()).isZero();
        }
    }

    @Test
    void aCallKeepsToTheWaitThatItsOwnAnswerAskedForThoughAnotherEndedTheRest() {
        Bench bench = Bench.of(CDN);
        CallPlan waiting = bench.get();
        waiting.took(send(waiting), status(429, "Retry-After", "20"));
        bench.time.advance(Duration.ofSeconds(1));
        bench.run(bench.get(), status(200));

        assertThat(((Step.Await) waiting.next()).duration()).isGreaterThanOrEqualTo(Duration.ofMillis(18_980));
    }

    @Test
    void aWishBesideAConflictIsAboutThatRequestAlone() {
        Bench bench = Bench.of(CDN, ORIGIN);
        Map<String, String> conflict = Map.of("x-should-retry", "true", "Retry-After", "30");
        CallPlan plan = bench.post();
        plan.took(send(plan), Outcome.answered(ResponseHead.of(409, conflict, "")));

        assertThat(((Step.Await) plan.next()).duration()).isGreaterThan(Duration.ofSeconds(29));
        assertThat(bench.planner.status())
                .allSatisfy(one -> assertThat(one.restLeft()).isZero());
    }

    /** The clock of the server is 20 hours ahead of ours. */
    @Test
    void aDateCountsAgainstTheDateOfItsAnswerAndItsAge() {
        Bench bench = Bench.of(CDN, ORIGIN);
        Map<String, String> ahead = Map.of(
                "Date", "Tue, 21 Oct 2025 02:48:00 GMT", "Age", "10", "Retry-After", "Tue, 21 Oct 2025 02:48:40 GMT");
        bench.run(bench.post(), Outcome.answered(ResponseHead.of(503, ahead, "")));

        assertThat(bench.planner.status().get(0).restLeft()).isEqualTo(Duration.ofSeconds(30));
    }
}
