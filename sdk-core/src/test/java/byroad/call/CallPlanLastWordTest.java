package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.EUROPE;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.status;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallOptions;
import byroad.Fault;
import byroad.Preset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an answer says about repeats, and what is said to a caller who retries by himself. */
class CallPlanLastWordTest {
    @Test
    void whoRepeatsByHimselfIsToldWhenTheBudgetIsEmpty() {
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN));
        for (int i = 0; i < 4; i++) {
            bench.planner.plan(retried());
        }

        assertThat(endOf(bench, bench.get(), status(503)).isExhausted()).isTrue();
    }

    @Test
    void whoRepeatsByHimselfIsToldWhenTheAttemptsAreUsedUp() {
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(endOf(bench, bench.get(), edge500(), status(503), edge500(), edge500())
                        .isExhausted())
                .isTrue();
    }

    @Test
    void whoRepeatsByHimselfIsToldWhenEveryCircuitIsOpen() {
        Bench bench = Bench.of(CDN);
        bench.dice.show(0.99);
        for (int i = 0; i < 3; i++) {
            bench.failOnce();
            bench.time.advance(Duration.ofMillis(500));
        }

        assertThat(endOf(bench, bench.get(), status(503)).isExhausted()).isTrue();
    }

    @Test
    void whatOnlyMayNotBeSentAgainByUsIsLeftToTheCaller() {
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(endOf(bench, bench.post(), edge500()).isExhausted()).isFalse();
    }

    @Test
    void aGoodAnswerAfterRepeatsIsNoLastWord() {
        Bench bench = Bench.of(CDN);

        assertThat(endOf(bench, bench.get(), status(503), status(200)).isExhausted())
                .isFalse();
    }

    @Test
    void anAnswerMayForbidARetry() {
        Bench bench = Bench.of(CDN, EUROPE);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(503, "x-should-retry", "false"))).containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes())
                .containsExactly("not sent again: the answer forbids it (x-should-retry: false)");
    }

    @Test
    void anAnswerMayAskForARetryOfAnything() {
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(bench.run(bench.post(), status(503, "X-Should-Retry", "True"), status(200)))
                .as("a POST, to the endpoint free of suspicion")
                .containsExactly("cdn", "origin", "deliver origin");
    }

    @Test
    void aConflictThatAsksForARetryBlamesNobodyAndMovesNothing() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.post();

        assertThat(bench.run(plan, status(409, "x-should-retry", "true"), status(200)))
                .containsExactly("cdn", "wait 25ms", "cdn", "deliver cdn");
        Fault fault = plan.report().attempts().get(0).fault().orElseThrow();
        assertThat(fault.suspects()).isEmpty();
        for (int i = 0; i < 50; i++) {
            bench.run(
                    bench.planner.plan(Bench.request("POST", RequestTraits.Body.ONE_SHOT, CallOptions.NONE)),
                    status(409, "x-should-retry", "true"));
            bench.time.advance(Duration.ofMillis(100));
        }
        assertThat(bench.events).isEmpty();
    }

    @Test
    void aSuccessThatForbidsARetryIsASuccess() {
        Bench bench = Bench.of(CDN);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(200, "x-should-retry", "true"))).containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes()).isEmpty();
    }

    @Test
    void jitterOnTopOfAWishIsFiveSecondsAtMost() {
        Bench bench = Bench.of(CDN);
        bench.dice.show(0.999);
        List<String> waits = new ArrayList<>();
        UpstreamHealth health = new UpstreamHealth(
                upstream(CDN),
                HeaderRules.ofDeclared(upstream(CDN)),
                bench.runtime,
                new EndpointHealth.Shared(
                        CircuitBridge.NONE, new Suspicions(bench.runtime, Duration.ZERO), Installation.UNKNOWN));
        RequestTraits get = RequestTraits.of("GET", Bench.URL);
        Limits limits = new Limits(bench.time, upstream(CDN), get);
        for (int asked : new int[] {1, 30}) {
            EndpointHealth endpoint = health.endpoints.get(0);
            endpoint.rest(
                    Rest.of(endpoint.domain, false, Duration.ofSeconds(asked), bench.runtime, new OwnLoad(bench.time)));
            Assessment failed = new Assessment(
                    Optional.of(Fault.of(Fault.Layer.ORIGIN, "HTTP 503")),
                    Assessment.Verdict.FAILED,
                    Assessment.Load.NOTHING,
                    false,
                    Assessment.Worth.LATEST,
                    Assessment.Next.ANYTHING);
            RetryPolicy policy = new RetryPolicy(
                    Permit.reserve(endpoint, health),
                    health,
                    limits,
                    new ReportBuilder("assistant", get),
                    status(503),
                    failed);
            RetryPolicy.Retry retry = policy.next(false);
            waits.add(asked + "s: " + (retry == null ? "none" : retry.after().toMillis() + "ms"));
        }

        assertThat(waits).containsExactly("1s: 1199ms", "30s: 30199ms");
    }

    @Test
    void aLimitedNumberOfCallsOfOneUpstreamWaitsAtATime() {
        Bench bench = Bench.of(CDN);
        bench.time.advance(Duration.ofSeconds(2));
        for (int i = 0; i < 100; i++) {
            bench.get(); // so that the budget is not what runs out
        }
        bench.time.advance(Duration.ofSeconds(1));
        List<CallPlan> waiting = new ArrayList<>();
        for (int i = 0; i < Tuning.MOST_WAITING; i++) {
            waiting.add(failed(bench));
        }
        assertThat(waiting).allSatisfy(plan -> assertThat(plan.next()).isInstanceOf(Step.Await.class));
        String budget = bench.planner.toString();

        CallPlan oneMore = failed(bench);
        assertThat(oneMore.next()).isInstanceOf(Step.Deliver.class);
        assertThat(oneMore.report().notes()).containsExactly("no further retry: 32 calls wait already");
        assertThat(bench.planner.toString()).as("the refused one pays nothing").isEqualTo(budget);

        bench.time.advance(Duration.ofMillis(100));
        assertThat(failed(bench).next()).as("once they have waited").isInstanceOf(Step.Await.class);
    }

    private static CallPlan failed(Bench bench) {
        CallPlan plan = bench.get();
        plan.took(Bench.send(plan), status(503));
        return plan;
    }

    private static RequestTraits retried() {
        RequestTraits get = RequestTraits.of("GET", Bench.URL);
        return new RequestTraits(
                get.method(), get.url(), get.body(), false, true, get.timeLimit(), get.silenceLimit(), get.options());
    }

    private static Step.Deliver endOf(Bench bench, CallPlan plan, Outcome... outcomes) {
        bench.run(plan, outcomes);
        return (Step.Deliver) plan.next();
    }
}
