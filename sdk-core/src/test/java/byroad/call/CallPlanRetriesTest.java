package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.cloudflare;
import static byroad.call.Bench.died;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.neverSent;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Avoidance.Voice;
import byroad.CallOptions;
import byroad.Endpoint;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.Fault.Delivery;
import byroad.Mode;
import byroad.Preset;
import byroad.ResponseHead;
import byroad.Signature;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a request is sent again, after which wait, and who pays. */
class CallPlanRetriesTest {
    private static final String NOT_REPEATABLE =
            "not sent again: POST may have been processed and is not declared repeatable";

    @Test
    void aPostThatMayHaveBeenProcessedIsNotSentAgain() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.post();

        assertThat(bench.run(plan, edge500())).containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes()).containsExactly(NOT_REPEATABLE);
    }

    @Test
    void aPostOfUnknownFateIsNotSentAgain() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.post();

        assertThat(bench.run(plan, died("connection reset"))).containsExactly("cdn", "throw IOException");
        assertThat(plan.report().notes()).containsExactly(NOT_REPEATABLE);
    }

    @Test
    void aPostThatWasNeverSentGoesOn() {
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(bench.run(bench.post(), neverSent(), status(200)))
                .containsExactly("cdn", "origin", "deliver origin");
    }

    @Test
    void aPostThatNeverReachedTheOriginGoesOn() {
        Endpoint elsewhere = Endpoint.at("https://eu.example.ai").named("eu").hostedBy("aws/eu-west-1");
        Bench bench = Bench.of(CDN, elsewhere);

        assertThat(bench.run(bench.post(), cloudflare(521), status(200))).containsExactly("cdn", "eu", "deliver eu");
    }

    @Test
    void aPostIsSentAgainWhereItsUpstreamItsCallOrItsKeySaysSo() {
        Bench byUpstream = new Bench(upstream(CDN, ORIGIN).repeatable());
        Bench byCall = Bench.of(CDN, ORIGIN);
        CallOptions repeatable = CallOptions.NONE.repeatable();
        RequestTraits withKey = new RequestTraits(
                "POST",
                Bench.URL,
                RequestTraits.Body.REPEATABLE,
                true,
                false,
                Optional.empty(),
                Optional.empty(),
                CallOptions.NONE);

        assertThat(byUpstream.run(byUpstream.post(), edge500(), status(200))).endsWith("deliver origin");
        CallPlan declared = byCall.planner.plan(Bench.request("POST", RequestTraits.Body.REPEATABLE, repeatable));
        assertThat(byCall.run(declared, edge500(), status(200))).endsWith("deliver origin");
        assertThat(byCall.run(byCall.planner.plan(withKey), edge500(), status(200)))
                .endsWith("deliver origin");
    }

    @Test
    void aRequestThatMustNotBeProcessedTwiceIsSentAgainOnlyIfItWasNeverSent() {
        Bench byUpstream = new Bench(upstream(CDN, ORIGIN).strictlyOnce());
        Bench byCall = new Bench(upstream(CDN, ORIGIN).repeatable());
        RequestTraits once = Bench.request("GET", RequestTraits.Body.NONE, CallOptions.NONE.strictlyOnce());
        CallPlan plan = byCall.planner.plan(once);

        assertThat(byUpstream.run(byUpstream.get(), died("connection reset")))
                .containsExactly("cdn", "throw IOException");
        assertThat(byCall.run(plan, died("connection reset"))).containsExactly("cdn", "throw IOException");
        assertThat(plan.report().notes())
                .containsExactly("not sent again: GET may have been processed and must not be processed twice");
        assertThat(byCall.run(byCall.planner.plan(once), neverSent(), status(200)))
                .containsExactly("cdn", "origin", "deliver origin");
        assertThat(byUpstream.run(
                        byUpstream.planner.plan(
                                Bench.request("GET", RequestTraits.Body.NONE, CallOptions.NONE.repeatable())),
                        died("connection reset"),
                        status(200)))
                .endsWith("deliver origin");
    }

    @Test
    void aClientThatMayNotRetryDoesNotWhereNothingIsDeclared() {
        Bench bench = Bench.of(CDN, ORIGIN);
        RequestTraits declared = RequestTraits.of("GET", Bench.URL).withoutRetryOnConnectionFailure();
        RequestTraits undeclared =
                RequestTraits.of("GET", "https://other.example/").withoutRetryOnConnectionFailure();

        assertThat(bench.run(bench.planner.plan(undeclared), died("connection reset")))
                .containsExactly("other.example", "throw IOException");
        assertThat(bench.run(bench.planner.plan(declared), died("connection reset"), status(200)))
                .endsWith("deliver origin");
    }

    @Test
    void aBodyThatCanBeWrittenOnceIsSentAgainOnlyIfItWasNeverSent() {
        Bench bench = Bench.of(CDN, ORIGIN);
        RequestTraits oneShot = Bench.request("PUT", RequestTraits.Body.ONE_SHOT, CallOptions.NONE);
        CallPlan written = bench.planner.plan(oneShot);

        assertThat(bench.run(written, edge500())).containsExactly("cdn", "deliver cdn");
        assertThat(written.report().notes()).containsExactly("not sent again: its body can be written only once");
        assertThat(bench.run(bench.planner.plan(oneShot), cloudflare(521))).containsExactly("cdn", "deliver cdn");
        assertThat(bench.run(bench.planner.plan(oneShot), neverSent(), status(200)))
                .containsExactly("cdn", "origin", "deliver origin");
    }

    @Test
    void thePreferredEndpointGetsThreeAttemptsAndAFallbackOne() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, edge500(), status(503), edge500(), edge500()))
                .containsExactly("cdn", "origin", "wait 25ms", "cdn", "wait 50ms", "cdn", "deliver cdn");
        assertThat(plan.report().notes()).contains("no further retry: 3 attempts to cdn");
    }

    @Test
    void aFallbackThatTookOverIsNotRepeated() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallOptions avoiding = CallOptions.NONE.avoiding("cloudflare");
        CallPlan plan = bench.planner.plan(Bench.request("GET", RequestTraits.Body.NONE, avoiding));

        assertThat(bench.run(plan, status(503))).containsExactly("origin", "deliver origin");
    }

    @Test
    void theOnlyEndpointIsLeftAloneLongerAfterAnErrorThanAfterABrokenConnection() {
        Bench bench = Bench.of(CDN);

        assertThat(bench.run(bench.get(), status(503), status(200)))
                .containsExactly("cdn", "wait 100ms", "cdn", "deliver cdn");
        assertThat(bench.run(bench.get(), died("reset"), status(200)))
                .containsExactly("cdn", "wait 25ms", "cdn", "deliver cdn");
    }

    @Test
    void tooManyRequestsMovesNothingAndWaitsAtLeastAsLongAsAsked() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(429, "Retry-After", "2"), status(200)))
                .containsExactly("cdn", "wait 2025ms", "cdn", "deliver cdn");
        assertThat(plan.report().attempts().get(0).fault().orElseThrow().suspects())
                .isEmpty();
    }

    @Test
    void tooManyRequestsWithoutAWishIsRepeatedAtTheSameEndpointAfterASecondOrSo() {
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(bench.run(bench.get(), status(429), status(429), status(200)))
                .containsExactly("cdn", "wait 500ms", "cdn", "wait 1000ms", "cdn", "deliver cdn");
    }

    /** An SDK that retries by itself waits longer than three attempts of ours take. */
    @Test
    void aCallerThatRetriesByItselfIsNotToldToStopWhereAQuotaMayBeFreeLater() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.get();
        bench.run(plan, status(429), status(429), status(429));
        assertThat(((Step.Deliver) plan.next()).isExhausted()).isFalse();

        CallPlan mixed = bench.get();
        bench.run(mixed, status(429), status(429), died("reset"));
        assertThat(((Step.Deliver) mixed.next()).isExhausted()).isFalse();

        CallPlan asked = bench.get();
        bench.run(
                asked,
                status(429, "Retry-After", "1"),
                status(429, "Retry-After", "1"),
                status(429, "Retry-After", "1"));
        assertThat(((Step.Deliver) asked.next()).isExhausted())
                .as("the wish tells it when")
                .isTrue();
    }

    @Test
    void tooManyRequestsNeverOpensACircuit() {
        Bench bench = Bench.of(CDN, ORIGIN);
        for (int i = 0; i < 50; i++) {
            bench.run(bench.post(), status(429));
            bench.time.advance(Duration.ofMillis(100));
        }

        assertThat(bench.events).isEmpty();
    }

    @Test
    void tooManyRequestsNeverOpensACircuitWhomeverASignatureSuspects() {
        Bench bench = Bench.of(CDN);
        Signature blames = (head, endpoint) -> Optional.of(Fault.of(Fault.Layer.ORIGIN, "quota"));
        CallPlanner planner = new CallPlanner(List.of(upstream(CDN)), blames, Mode.ACT, bench.runtime);
        for (int i = 0; i < 50; i++) {
            bench.run(planner.plan(RequestTraits.of("POST", Bench.URL)), status(429));
            bench.time.advance(Duration.ofMillis(100));
        }

        assertThat(bench.events).isEmpty();
    }

    @Test
    void aWishForRestBindsOnlyTheEndpointThatAsked() {
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(bench.run(bench.get(), edge500(), status(503, "Retry-After", "30"), status(200)))
                .containsExactly("cdn", "origin", "wait 25ms", "cdn", "deliver cdn");
    }

    @Test
    void aWishForRestSendsLaterCallsElsewhereAndEnds() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.post(), status(503, "Retry-After", "5"));
        CallPlan during = bench.get();

        assertThat(bench.run(during, status(200))).containsExactly("origin", "deliver origin");
        assertThat(during.report().notes())
                .containsExactly("cdn not tried: it asked to be left alone for another 5000ms");
        bench.time.advance(Duration.ofSeconds(5));
        assertThat(bench.run(bench.get(), status(200))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void anEndpointThatWantsRestAndHasNoOtherIsTriedOnceAndNotRepeated() {
        Bench bench = Bench.of(CDN);
        bench.run(bench.post(), status(503, "Retry-After", "5"));

        assertThat(bench.run(bench.get(), status(503))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void aFallbackThatCannotBeReachedMakesNoRepeatAtThePreferredEndpointFree() {
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN, ORIGIN));
        bench.dice.show(0.1);
        bench.spend(4);

        assertThat(bench.run(bench.get(), edge500(), neverSent())).containsExactly("cdn", "origin", "deliver cdn");
    }

    @Test
    void aFallbackWithoutANameDoesNotKeepThePreferredEndpointFromBeingRepeated() {
        Bench bench = Bench.of(CDN, ORIGIN);
        Outcome unknown = Outcome.failed(new UnknownHostException("origin.example.ai"), Delivery.NEVER_SENT);

        assertThat(bench.run(bench.get(), edge500(), unknown, status(200)))
                .containsExactly("cdn", "origin", "wait 25ms", "cdn", "deliver cdn");
    }

    @Test
    void aWaitThatEndsAfterTheDeadlineIsNotWaited() {
        Bench bench = new Bench(upstream(CDN).deadline(Duration.ofSeconds(1)));
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(503, "Retry-After", "1"))).containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes())
                .containsExactly("no further retry: a wait of 1100ms ends after the deadline of PT1S");
    }

    @Test
    void nothingIsTriedAfterTheDeadline() {
        Bench bench = new Bench(upstream(CDN, ORIGIN).deadline(Duration.ofSeconds(1)));
        CallPlan plan = bench.get();
        Attempt slow = send(plan);
        bench.time.advance(Duration.ofSeconds(1));
        plan.took(slow, edge500());

        assertThat(plan.next()).isEqualTo(new Step.Deliver(slow, false));
        assertThat(plan.report().notes()).containsExactly("nothing more is tried: the deadline of PT1S is reached");
    }

    @Test
    void anAttemptMayBeSilentAsLongAsItsLimitButNeverLongerThanTheDeadline() {
        Bench bench =
                new Bench(upstream(CDN, ORIGIN).deadline(Duration.ofSeconds(10)).attemptLimit(Duration.ofSeconds(6)));
        CallPlan plan = bench.get();
        Attempt first = send(plan);
        assertThat(first.within()).contains(Duration.ofSeconds(6));
        bench.time.advance(Duration.ofSeconds(6));
        plan.took(first, died("timeout"));

        assertThat(send(plan).within()).contains(Duration.ofSeconds(4));
    }

    @Test
    void aCallerWhoRetriesByHimselfPaysFromTheSameBudget() {
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN));
        bench.spend(3);

        assertThat(bench.planner.toString()).contains("budget 14/56 tokens");
    }

    /** Nobody was asked: an answer out of a cache gives no budget back, and an error of the cache's own moves nothing. */
    @Test
    void whatTheClientAnswersByItselfCountsForNobody() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.get(), edge500(), edge500(), edge500(), edge500());
        String before = bench.planner.toString();

        for (int status : new int[] {200, 504}) {
            CallPlan plan = bench.get();
            assertThat(bench.run(plan, new Outcome.Local(ResponseHead.of(status, Map.of(), ""))))
                    .containsExactly("cdn", "deliver cdn");
            assertThat(plan.report().notes()).containsExactly("answered by the client itself, without the network");
            assertThat(plan.report().outcome()).isEqualTo(String.valueOf(status));
        }

        assertThat(bench.planner.toString()).isEqualTo(before);
    }

    @Test
    void aCallWithoutADeadlineIsNotKeptWaitingForHours() {
        Bench bench = Bench.of(CDN);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(503, "Retry-After", "3600"))).containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes()).singleElement().asString().startsWith("no further retry: a wait of 36");
    }

    @Test
    void aWaitThatTheCallersOwnTimeoutWouldEndIsNotBegun() {
        Bench bench = new Bench(upstream(CDN).deadline(Duration.ofSeconds(30)));
        CallPlan hurried = bench.planner.plan(new RequestTraits(
                "GET",
                Bench.URL,
                RequestTraits.Body.NONE,
                false,
                false,
                Optional.of(Duration.ofSeconds(2)),
                Optional.empty(),
                CallOptions.NONE));

        assertThat(bench.run(hurried, status(503, "Retry-After", "5"))).containsExactly("cdn", "deliver cdn");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504, 529})
    void theseAreTroubleThatAGetIsRepeatedAfter(int status) {
        Bench bench = Bench.of(CDN);
        assertThat(bench.run(bench.get(), status(status), status(200)))
                .endsWith("cdn", "deliver cdn")
                .hasSize(4);
    }

    @Test
    void theCallerIsToldNotToRetryIfTheCircuitOpenedMeanwhile() {
        Bench bench = Bench.of(CDN);
        CallPlan plan = bench.get();
        plan.took(send(plan), status(503));
        plan.next();
        for (int i = 0; i < 3; i++) {
            bench.failOnce();
            bench.time.advance(Duration.ofSeconds(1));
        }
        assertThat(((Step.Deliver) plan.next()).isExhausted()).isTrue();
    }

    @Test
    void aRetryIsNotMadeWhereAnOperatorAvoidsItsEndpointMeanwhile() {
        Bench bench = Bench.of(CDN);
        CallPlan plan = bench.get();
        plan.took(send(plan), status(503));
        Step.Await wait = (Step.Await) plan.next();
        bench.runtime.avoidances().avoid(FailureDomain.of("cloudflare"), Duration.ofHours(1), "drain", Voice.OPERATOR);
        bench.time.advance(wait.duration());

        assertThat(plan.next()).isInstanceOf(Step.Deliver.class);
    }

    /** As after a 503, to which there is no alternative either. */
    @Test
    void theOnlyEndpointIsLeftAloneLongerAfterAFalseStartAsWell() {
        Bench bench = Bench.of(CDN);
        bench.dice.show(0.999);
        CallPlan plan = bench.get();
        plan.took(
                send(plan),
                new Outcome.FalseStart(
                        ResponseHead.of(200, Map.of(), ""), Optional.of("overloaded_error"), Optional.empty()));

        assertThat(((Step.Await) plan.next()).duration()).isGreaterThan(Duration.ofMillis(100));
    }
}
