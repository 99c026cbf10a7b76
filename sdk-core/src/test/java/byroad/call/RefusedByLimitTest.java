package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Avoidance.Voice;
import byroad.FailureDomain;
import byroad.Preset;
import byroad.Refusal;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of a call that a concurrency limit keeps out of a fallback. */
class RefusedByLimitTest {
    @Test
    void aFallbackThatIsRefusedAPlaceIsNotTried() {
        Bench bench = Bench.of(CDN, ORIGIN);
        for (int i = 0; i < 2; i++) {
            CallPlan holdsAPlace = bench.get();
            holdsAPlace.took(send(holdsAPlace), edge500());
            send(holdsAPlace);
        }
        bench.run(bench.post(), status(503, "Retry-After", "60"));
        CallPlan third = bench.get();

        assertThat(bench.run(third, status(200))).containsExactly("wait 1000ms", "cdn", "deliver cdn");
        assertThat(third.report().notes())
                .contains("origin not tried: its concurrency limit is reached (2 in flight, 2.00 allowed)")
                .contains("no endpoint may be used: cdn is tried once all the same");
    }

    @Test
    void whatTheLimitRefusesGetsAShortLimitAtTheSickEndpoint() {
        Bench bench = sick(Duration.ofMillis(100));

        assertThat(send(bench.get()).within()).contains(Duration.ofSeconds(10)); // has a place at the fallback endpoint
        assertThat(send(bench.get()).within()).contains(Duration.ofSeconds(10));
        CallPlan refused = bench.get();
        assertThat(sendAfterWaits(bench, refused).within()).contains(Duration.ofSeconds(1));
        assertThat(refused.report().notes())
                .contains("no endpoint may be used: cdn is tried once all the same, for at most 1000ms");
    }

    @Test
    void thatLimitIsFourTimesWhatItsAnswersUsuallyTake() {
        Bench bench = sick(Duration.ofSeconds(2));
        CallPlan plan = bench.get();
        while (plan.next() instanceof Step.Send) { // until there is no place left
            plan = bench.get();
        }

        assertThat(sendAfterWaits(bench, plan).within()).contains(Duration.ofSeconds(8));
    }

    private static Attempt sendAfterWaits(Bench bench, CallPlan plan) {
        Step step = plan.next();
        while (step instanceof Step.Await await) {
            bench.time.advance(await.duration());
            step = plan.next();
        }
        return ((Step.Send) step).attempt();
    }

    @Test
    void aCallThatNoLimitRefusedHasTheUsualLimitAlsoWhereTheCircuitIsOpen() {
        Bench bench = sick(Duration.ofMillis(100));
        bench.run(bench.post(), status(503, "Retry-After", "60"));
        CallPlan plan = bench.get();

        assertThat(send(plan).endpoint()).isEqualTo(CDN);
        assertThat(plan.report().notes()).contains("no endpoint may be used: cdn is tried once all the same");
    }

    @Test
    void lateIsHalfTheLimitOfAnyAttemptAlsoForOneInAHurry() {
        Bench bench = new Bench(
                upstream(CDN, ORIGIN).attemptLimit(Duration.ofSeconds(8)).deadline(Duration.ofSeconds(9)));
        CallPlan plan = bench.get();
        Attempt first = send(plan);
        bench.time.advance(Duration.ofSeconds(7));
        plan.took(first, edge500());
        Attempt hurried = send(plan);
        assertThat(hurried.within()).contains(Duration.ofSeconds(2));
        bench.time.advance(Duration.ofMillis(1_500));
        plan.took(hurried, status(200));

        assertThat(bench.planner.toString()).contains("origin direct closed, 0 in flight, 4.00 allowed");
    }

    /** The edge answered that fast, and its circuit is open now. */
    private static Bench sick(Duration usual) {
        Bench bench = new Bench(upstream(CDN, ORIGIN).attemptLimit(Duration.ofSeconds(10)));
        CallPlan healthy = bench.get();
        Attempt send = send(healthy);
        bench.time.advance(usual);
        healthy.took(send, status(200));
        bench.dice.show(1.0);
        for (int i = 0; i < 4; i++) { // the fourth as a probe
            CallPlan plan = bench.post();
            plan.took(send(plan), status(500));
            bench.time.advance(Duration.ofMillis(i == 2 ? 1_100 : 500));
        }
        return bench;
    }

    @Test
    void aPhoneWhoseCallTheLimitRefusedDoesNotRepeatIt() {
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN, ORIGIN));
        bench.dice.show(0.9);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, edge500())).containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes()).contains("no further retry: the call was refused by a concurrency limit");
    }

    @Test
    void aPlaceTakenAfterTheLastResortIsGivenBack() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.dice.show(1.0);
        for (int i = 0; i < 3; i++) {
            CallPlan plan = bench.get();
            plan.took(send(plan), edge500());
            plan.took(send(plan), status(500));
            bench.time.advance(Duration.ofMillis(500));
        }
        CallPlan plan = bench.get();
        Attempt lastResort = send(plan);
        bench.time.advance(Duration.ofSeconds(1)); // the circuit of the origin is due
        plan.took(lastResort, edge500());

        assertThat(bench.run(plan, status(200))).containsExactly("origin", "deliver origin");
        assertThat(bench.planner.toString()).contains("origin direct closed, 0 in flight");
    }

    @Test
    void thatItIsCancelledThereLetsNoSecondProbeIn() {
        Bench bench = probeDue();
        CallPlan probe = bench.get();
        Attempt probing = send(probe);
        CallPlan refused = bench.get();
        refused.took(send(refused), new Outcome.Cancelled(new IOException("Canceled")));
        send(bench.get());

        probe.took(probing, status(200));

        assertThat(bench.planner.toString()).contains("cdn through cloudflare closed");
    }

    @Test
    void thatItFailsThereDoesNotDecideTheProbe() {
        Bench bench = probeDue();
        CallPlan probe = bench.get();
        Attempt probing = send(probe);
        CallPlan refused = bench.get();
        refused.took(send(refused), status(500));

        probe.took(probing, status(200));

        assertThat(bench.planner.toString()).contains("cdn through cloudflare closed");
    }

    /** Of an edge that an operator drains: one second of ten may not be enough for it. */
    @Test
    void itsShortLimitOpensNoHealthyCircuit() {
        Bench bench = new Bench(upstream(CDN, ORIGIN).attemptLimit(Duration.ofSeconds(10)));
        bench.run(bench.get(), status(200));
        bench.runtime.avoidances().avoid(FailureDomain.of("cloudflare"), Duration.ofHours(1), "drain", Voice.OPERATOR);
        Step full = bench.get().next();
        while (full instanceof Step.Send) {
            full = bench.get().next();
        }
        for (int i = 0; i < 3; i++) {
            bench.drive(bench.get(), send -> Bench.timedOut());
        }

        assertThat(bench.planner.toString()).contains("cdn through cloudflare closed");
    }

    /** The verdict of its circuit stands before the operator's. */
    @Test
    void itKeepsOffWhatAnOperatorForbidsAlsoWhereItsCircuitIsOpen() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.dice.show(1.0);
        for (int i = 0; i < 3; i++) { // until both are open
            CallPlan plan = bench.get();
            plan.took(send(plan), edge500());
            plan.took(send(plan), status(500));
            bench.time.advance(Duration.ofMillis(500));
        }
        bench.runtime.avoidances().avoid(FailureDomain.of("cloudflare"), Duration.ofHours(1), "drain", Voice.OPERATOR);

        assertThat(send(bench.get()).endpoint()).isEqualTo(ORIGIN);
    }

    private static Bench probeDue() {
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN, ORIGIN));
        bench.dice.show(0.999); // the concurrency limit says no
        for (int i = 0; i < 3; i++) {
            bench.failOnce();
            bench.time.advance(Duration.ofMillis(500));
        }
        bench.time.advance(Duration.ofSeconds(1));
        return bench;
    }

    @Test
    void theReportSaysThatALimitRefusedTheLastResort() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.dice.show(1.0);
        bench.run(bench.get(), status(200));
        bench.runtime.avoidances().avoid(FailureDomain.of("cloudflare"), Duration.ofHours(1), "drain", Voice.OPERATOR);
        for (int i = 0; i < 3; i++) {
            bench.run(bench.post(), status(500));
            bench.time.advance(Duration.ofMillis(600));
        }
        for (int i = 0; i < 20; i++) { // fills the concurrency limit
            CallPlan plan = bench.get();
            Step step = plan.next();
            if (step instanceof Step.Send sending && sending.attempt().health.rank == 0) {
                Attempt send = sending.attempt();
                assertThat(send.within()).contains(Duration.ofSeconds(1));
                assertThat(plan.report().refusals())
                        .as("%s", plan.report().notes())
                        .contains(Refusal.LIMIT);
                return;
            }
        }
        throw new AssertionError("never full: " + bench.planner);
    }
}
