package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.died;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.neverSent;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallOptions;
import byroad.EndpointStatus;
import byroad.Preset;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What repeats cost, and who pays them back. */
class CallPlanBudgetTest {
    /** A thread may wake late, as after a pause of the machine. */
    @Test
    void aRetryThatItsDeadlineOvertookIsNotPaidFor() {
        Bench bench = new Bench(upstream(CDN).deadline(Duration.ofSeconds(1)));
        CallPlan plan = bench.get();
        plan.took(send(plan), status(503));
        assertThat(plan.next()).isInstanceOf(Step.Await.class);
        bench.time.advance(Duration.ofSeconds(2));

        assertThat(plan.next()).isInstanceOf(Step.Deliver.class);
        assertThat(bench.planner.status().get(0).budget().tokens()).isEqualTo(490);
    }

    @Test
    void aRetryThatItsCallerCancelledIsNotPaidForAndTheCallEnds() {
        Bench bench = Bench.of(CDN);
        CallPlan plan = bench.get();
        plan.took(send(plan), status(503));
        assertThat(plan.next()).isInstanceOf(Step.Await.class);
        plan.cancelled(new IOException("Canceled"));

        assertThat(plan.next()).isInstanceOf(Step.GiveUp.class);
        assertThat(plan.report().outcome()).isEqualTo("IOException");
        assertThat(bench.planner.status().get(0).budget().tokens()).isEqualTo(490);
    }

    @Test
    void repeatingAfterTooManyRequestsCostsLess() {
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN));

        assertThat(bench.run(bench.get(), status(429), died("a"), died("b"))).hasSize(6);

        assertThat(bench.planner.toString()).contains("budget " + (56 - 5 - 14) + "/56 tokens");
    }

    @Test
    void anEmptyBudgetEndsRepeatsAndTheNoteNamesItsTokens() {
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN));
        bench.spend(4);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(503))).containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes()).containsExactly("no further retry: budget empty (0/56 tokens, 14 needed)");
    }

    @Test
    void anEmptyBudgetDoesNotKeepACallFromAnotherEndpoint() {
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN, ORIGIN));
        bench.spend(4);
        bench.dice.show(0.1); // within the quarter that the concurrency limit of a phone admits

        assertThat(bench.run(bench.get(), edge500(), status(200))).containsExactly("cdn", "origin", "deliver origin");
    }

    @Test
    void aRetryThatSucceedsPaysItselfBack() {
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN));

        bench.run(bench.get(), status(503), status(200));

        assertThat(bench.planner.toString()).contains("budget 56/56 tokens");
    }

    @Test
    void aRetryGivesWayToAnEndpointThatBecameFreeDuringItsWaitAndIsNotPaidFor() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.get(), edge500(), status(503, "Retry-After", "0.06"), status(200));

        assertThat(bench.run(bench.get(), edge500(), status(200)))
                .containsExactly("cdn", "wait 25ms", "origin", "deliver origin");
        assertThat(bench.planner.toString()).contains("budget 490/490 tokens");
    }

    @Test
    void aRetryThatTheCallerMadeByItselfIsPaidBackByItsSuccess() {
        Bench bench = Bench.of(CDN);
        for (int i = 0; i < 100; i++) {
            bench.run(bench.planner.plan(sentBefore()), status(200));
        }

        bench.run(bench.planner.plan(sentBefore()), status(404));

        EndpointStatus.Budget budget = bench.planner.status().get(0).budget();
        assertThat(budget.tokens()).isEqualTo(budget.capacity());
    }

    private static RequestTraits sentBefore() {
        return new RequestTraits(
                "GET",
                Bench.URL,
                RequestTraits.Body.NONE,
                false,
                true,
                Optional.empty(),
                Optional.empty(),
                CallOptions.NONE);
    }

    @Test
    void aRetryThatIsNotMadeBecauseTheCircuitOpenedMeanwhileIsNotPaidFor() {
        Bench bench = Bench.of(CDN);
        CallPlan plan = bench.get();
        plan.took(Bench.send(plan), status(503));
        assertThat(plan.next()).isInstanceOf(Step.Await.class);
        for (int i = 0; i < 3; i++) {
            bench.failOnce();
            bench.time.advance(Duration.ofSeconds(1));
        }

        assertThat(plan.next()).isInstanceOf(Step.Deliver.class);
        assertThat(plan.report().notes())
                .containsExactly("no further retry: after the wait, cdn may not be used: its circuit is open");
        assertThat(bench.planner.toString()).contains("budget 490/490 tokens");
    }

    @Test
    void aSuccessAtTheFirstAttemptBringsOneTokenBack() {
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN));
        bench.spend(1);

        bench.run(bench.get(), status(200));

        assertThat(bench.planner.toString()).contains("budget 43/56 tokens");
    }

    @Test
    void serversMayRepeatWhatOneSecondOfTheirTrafficIsWorth() {
        Bench bench = Bench.of(CDN);
        for (int i = 0; i < 100; i++) {
            bench.get();
        }
        assertThat(bench.planner.toString()).contains("budget 490/490 tokens");

        bench.time.advance(Duration.ofSeconds(1));
        bench.get();

        assertThat(bench.planner.toString()).contains("budget 1400/1400 tokens");
    }

    @Test
    void aRetryOfWhatWasNeverSentIsFreeOnce() {
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN));

        assertThat(bench.run(bench.get(), neverSent(), neverSent(), neverSent()))
                .containsExactly("cdn", "cdn", "wait 50ms", "cdn", "throw ConnectException");
        assertThat(bench.planner.toString()).contains("budget 42/56 tokens");
    }

    @Test
    void aRetryWhoseCallerGaveUpIsNotPaidFor() {
        Bench bench = Bench.of(CDN);
        CallPlan plan = bench.get();
        plan.took(send(plan), status(503));
        assertThat(plan.next()).isInstanceOf(Step.Await.class);
        assertThat(bench.planner.toString()).contains("budget 476/490 tokens");

        plan.close();

        assertThat(bench.planner.toString()).contains("budget 490/490 tokens");
    }

    @Test
    void aFreeRepeatThatSucceedsBringsBackNoMoreThanOne() {
        Bench bench = Bench.of(CDN);
        assertThat(bench.run(bench.get(), status(503), neverSent(), status(200)))
                .hasSize(5);
        assertThat(bench.planner.toString()).contains("budget " + (490 - 14 + 1) + "/490 tokens");
    }

    @Test
    void aBurstAnHourAgoIsNotTheLastSecond() {
        Bench bench = Bench.of(CDN);
        for (int i = 0; i < 100; i++) {
            bench.get();
        }
        bench.time.advance(Duration.ofHours(1));
        bench.get();

        assertThat(bench.planner.toString()).contains("490 tokens");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-stainless-retry-count    | 0                               | false",
                "x-stainless-retry-count    | 1                               | true",
                "x-stainless-retry-count    | soon                            | false",
                "x-stainless-retry-count    | -1                              | false",
                "grpc-previous-rpc-attempts | 0                               | false",
                "grpc-previous-rpc-attempts | 1                               | true",
                "x-envoy-attempt-count      | 1                               | false",
                "x-envoy-attempt-count      | 2                               | true",
                "amz-sdk-request            | attempt=1; max=3                | false",
                "amz-sdk-request            | ttl=20261127T; attempt=2; max=3 | true",
            })
    void whoRetriesByHimselfIsKnownByHisHeader(String name, String value, boolean isRetry) {
        assertThat(RequestTraits.isSentBefore(asked -> asked.equals(name) ? value : null))
                .isEqualTo(isRetry);
    }
}
