package byroad.call;

import static byroad.call.Bench.AZURE;
import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.died;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.status;
import static byroad.call.Bench.timedOut;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.AttemptReport;
import byroad.CallOptions;
import byroad.EndpointStatus;
import byroad.call.RequestTraits.Body;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an earlier attempt of ours caused is not the fate of the request. */
class OwnRetryTest {
    private static RequestTraits withKey() {
        return new RequestTraits(
                "POST", Bench.URL, Body.REPEATABLE, true, false, Optional.empty(), Optional.empty(), CallOptions.NONE);
    }

    private static RequestTraits ifMatch() {
        return Bench.request("PUT", Body.REPEATABLE, CallOptions.NONE).conditional();
    }

    /** The server needs three seconds, and an attempt has one. */
    @Test
    void aKeyInUseIsAskedForAgainUntilTheFirstRequestIsDone() {
        Bench bench =
                new Bench(upstream(CDN).attemptLimit(Duration.ofSeconds(1)).deadline(Duration.ofSeconds(30)));
        CallPlan plan = bench.planner.plan(withKey());
        long started = bench.time.nanoTime();
        bench.drive(plan, attempt -> {
            long after = bench.time.nanoTime() - started;
            return after == 0 ? timedOut() : status(after < 3_000_000_000L ? 409 : 200);
        });

        assertThat(plan.report().outcome()).isEqualTo("200");
        assertThat(plan.report().attempts()).hasSizeLessThan(8);
        assertThat(bench.planner.status())
                .extracting(EndpointStatus::circuit)
                .containsOnly(EndpointStatus.Circuit.CLOSED);
    }

    @Test
    void aKeyInUseUntilTheDeadlineLeavesTheEarlierFailureToTheCallerAndStandsInTheReport() {
        Bench bench =
                new Bench(upstream(CDN).attemptLimit(Duration.ofSeconds(1)).deadline(Duration.ofSeconds(6)));
        CallPlan plan = bench.planner.plan(withKey());
        bench.drive(plan, attempt -> isFirst(plan) ? timedOut() : status(409));

        assertThat(plan.next()).isInstanceOf(Step.GiveUp.class);
        assertThat(plan.report().outcome()).isEqualTo("SocketTimeoutException");
        assertThat(plan.report().attempts()).extracting(AttemptReport::outcome).contains("409");

        CallPlan answered = bench.planner.plan(withKey());
        bench.drive(answered, attempt -> isFirst(answered) ? status(502) : status(409));
        assertThat(answered.report().outcome()).isEqualTo("502");
    }

    @Test
    void withoutADeadlineAKeyInUseIsAskedForNoLongerThanAMinute() {
        Bench bench = new Bench(upstream(CDN).attemptLimit(Duration.ofSeconds(1)));
        CallPlan plan = bench.planner.plan(withKey());
        long started = bench.time.nanoTime();
        bench.drive(plan, attempt -> isFirst(plan) ? timedOut() : status(409));

        assertThat(plan.report().outcome()).isEqualTo("SocketTimeoutException");
        assertThat(Duration.ofNanos(bench.time.nanoTime() - started))
                .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(60));
    }

    /** OkHttp may send a request once more by itself: nothing failed that the plan knows of. */
    @Test
    void whatTheClientBelowCausedIsHandedOverForWantOfAnother() {
        Bench bench = Bench.of(CDN);
        CallPlan plan = bench.planner.plan(ifMatch());
        Attempt attempt = Bench.send(plan);
        plan.retriedBelow("the connection ended");
        plan.took(attempt, status(412));

        assertThat(plan.next()).isEqualTo(new Step.Deliver(attempt, false));
        assertThat(plan.report().outcome()).isEqualTo("412");
        assertThat(plan.report().answeredBy()).isEqualTo("cdn");
    }

    /** The attempt that is under way stands in the report as well. */
    private static boolean isFirst(CallPlan plan) {
        return plan.report().attempts().size() == 1;
    }

    @Test
    void aKeyInUseMovesNothingToAnEndpointOfTheSameTenant() {
        Bench bench = Bench.of(CDN, ORIGIN, AZURE);
        CallPlan plan = bench.planner.plan(withKey());

        assertThat(bench.run(plan, edge500(), status(409), status(200)))
                .containsExactly("cdn", "origin", "azure", "deliver azure");
    }

    @Test
    void aConflictOfTheFirstAttemptOrOfARequestWithoutAKeyIsAnAnswer() {
        Bench bench = Bench.of(CDN);

        assertThat(bench.run(bench.planner.plan(withKey()), status(409))).containsExactly("cdn", "deliver cdn");
        assertThat(bench.run(bench.planner.plan(withKey()), Bench.neverSent(), status(409)))
                .as("nothing of ours was sent before")
                .containsExactly("cdn", "cdn", "deliver cdn");
        CallPlan put = bench.planner.plan(Bench.request("PUT", Body.REPEATABLE, CallOptions.NONE));
        assertThat(bench.run(put, died("reset"), status(409))).endsWith("cdn", "deliver cdn");
        assertThat(put.report().outcome()).isEqualTo("409");
    }

    @Test
    void aPreconditionThatOurOwnRequestMayHaveChangedLeavesTheEarlierFailureToTheCaller() {
        Bench bench = Bench.of(CDN);
        CallPlan plan = bench.planner.plan(ifMatch());

        assertThat(bench.run(plan, died("reset"), status(412)))
                .containsExactly("cdn", "wait 25ms", "cdn", "throw IOException");
        assertThat(plan.report().attempts()).extracting(AttemptReport::outcome).containsExactly("IOException", "412");
        assertThat(plan.report().notes())
                .containsExactly("no further retry: HTTP 412, which an earlier attempt may have caused");
    }

    @Test
    void aPreconditionThatFailsAtOnceIsAnAnswer() {
        Bench bench = Bench.of(CDN);

        assertThat(bench.run(bench.planner.plan(ifMatch()), status(412))).containsExactly("cdn", "deliver cdn");
        assertThat(bench.run(bench.planner.plan(ifMatch()), Bench.neverSent(), status(412)))
                .containsExactly("cdn", "cdn", "deliver cdn");
        RequestTraits get = Bench.request("GET", Body.NONE, CallOptions.NONE).conditional();
        assertThat(bench.run(bench.planner.plan(get), died("reset"), status(412)))
                .as("a GET stores nothing")
                .endsWith("cdn", "deliver cdn");
    }

    @Test
    void aConditionalRequestIsKnownByItsHeaders() {
        for (String name : new String[] {"If-Match", "If-None-Match", "If-Unmodified-Since"}) {
            assertThat(RequestTraits.isConditional(asked -> asked.equals(name) ? "x" : null))
                    .isTrue();
        }
        assertThat(RequestTraits.isConditional(asked -> null)).isFalse();
    }
}
