package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Preset;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of a call that a gate keeps out of a stand-in. */
class RefusedByGateTest {
    @Test
    void aStandInThatIsRefusedAPlaceIsNotTried() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        for (int i = 0; i < 2; i++) {
            CallPlan holdsAPlace = bench.get();
            holdsAPlace.took(Bench.send(holdsAPlace), Bench.edge500());
            Bench.send(holdsAPlace);
        }
        bench.run(bench.post(), Bench.status(503, "Retry-After", "60"));
        CallPlan third = bench.get();

        assertThat(bench.run(third, Bench.status(200))).containsExactly("wait 200ms", "cdn", "deliver cdn");
        assertThat(third.report().notes())
                .contains("origin not tried: its gate is full (2 in flight, 2.00 allowed)")
                .contains("no endpoint may be used: cdn is tried once all the same");
    }

    @Test
    void whatTheGateRefusesGetsAShortLimitAtTheSickEndpoint() {
        Bench bench = sick(Duration.ofMillis(100));

        assertThat(Bench.send(bench.get()).within()).contains(Duration.ofSeconds(10)); // has a place at the stand-in
        assertThat(Bench.send(bench.get()).within()).contains(Duration.ofSeconds(10));
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

    private static Step.Send sendAfterWaits(Bench bench, CallPlan plan) {
        Step step = plan.next();
        while (step instanceof Step.Await await) {
            bench.time.advance(await.duration());
            step = plan.next();
        }
        return (Step.Send) step;
    }

    @Test
    void aCallThatNoGateRefusedHasTheUsualLimitAlsoWhereTheCircuitIsOpen() {
        Bench bench = sick(Duration.ofMillis(100));
        bench.run(bench.post(), Bench.status(503, "Retry-After", "60"));
        CallPlan plan = bench.get();

        assertThat(Bench.send(plan).endpoint()).isEqualTo(Bench.CDN);
        assertThat(plan.report().notes()).contains("no endpoint may be used: cdn is tried once all the same");
    }

    @Test
    void lateIsHalfTheLimitOfAnyAttemptAlsoForOneInAHurry() {
        Bench bench = new Bench(Bench.upstream(Bench.CDN, Bench.ORIGIN)
                .attemptLimit(Duration.ofSeconds(8))
                .deadline(Duration.ofSeconds(9)));
        CallPlan plan = bench.get();
        Step.Send first = Bench.send(plan);
        bench.time.advance(Duration.ofSeconds(7));
        plan.took(first, Bench.edge500());
        Step.Send hurried = Bench.send(plan);
        assertThat(hurried.within()).contains(Duration.ofSeconds(2));
        bench.time.advance(Duration.ofMillis(1_500));
        plan.took(hurried, Bench.status(200));

        assertThat(bench.planner.toString()).contains("origin direct closed, 0 in flight, 4.00 allowed");
    }

    /** The edge answered that fast, and its circuit is open now. */
    private static Bench sick(Duration usual) {
        Bench bench = new Bench(Bench.upstream(Bench.CDN, Bench.ORIGIN).attemptLimit(Duration.ofSeconds(10)));
        CallPlan healthy = bench.get();
        Step.Send send = Bench.send(healthy);
        bench.time.advance(usual);
        healthy.took(send, Bench.status(200));
        bench.dice.show(1.0);
        for (int i = 0; i < 3; i++) {
            CallPlan plan = bench.post();
            plan.took(Bench.send(plan), Bench.status(500));
            bench.time.advance(Duration.ofMillis(500));
        }
        return bench;
    }

    @Test
    void aPhoneWhoseCallTheGateRefusedDoesNotRepeatIt() {
        Bench bench = new Bench(Preset.MOBILE, Bench.upstream(Bench.CDN, Bench.ORIGIN));
        bench.dice.show(0.9);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, Bench.edge500())).containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes()).contains("no further retry: the call was refused by a gate");
    }

    @Test
    void aPlaceTakenAfterTheLastResortIsGivenBack() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        bench.dice.show(1.0);
        for (int i = 0; i < 3; i++) {
            CallPlan plan = bench.get();
            plan.took(Bench.send(plan), Bench.edge500());
            plan.took(Bench.send(plan), Bench.status(500));
            bench.time.advance(Duration.ofMillis(500));
        }
        CallPlan plan = bench.get();
        Step.Send lastResort = Bench.send(plan);
        bench.time.advance(Duration.ofSeconds(1)); // the circuit of the origin is due
        plan.took(lastResort, Bench.edge500());

        assertThat(bench.run(plan, Bench.status(200))).containsExactly("origin", "deliver origin");
        assertThat(bench.planner.toString()).contains("origin direct closed, 0 in flight");
    }
}
