package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A full gate is a burst where nothing was ever too much, and an overload where something was. */
class WaitForPlaceTest {
    /** Two places, both taken: the third call waits, and has the one that is given back meanwhile. */
    @Test
    void aCallWaitsALittleForAPlaceWhereNothingWasEverTooMuch() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        CallPlan first = atOrigin(bench);
        Step.Send held = Bench.send(first);
        Bench.send(atOrigin(bench));
        CallPlan third = atOrigin(bench);

        Step wait = third.next();
        assertThat(wait).isEqualTo(new Step.Await(Duration.ofMillis(10), "for a place at origin"));
        bench.time.advance(Duration.ofMillis(10));
        first.took(held, Bench.status(200));

        assertThat(Bench.send(third).endpoint()).isEqualTo(Bench.ORIGIN);
        assertThat(third.report().notes()).containsExactly("waited for a place at origin");
    }

    @Test
    void nobodyWaitsForAPlaceAfterAnOverload() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        CallPlan overloads = atOrigin(bench);
        overloads.took(Bench.send(overloads), Bench.status(503));
        Bench.send(atOrigin(bench)); // the one place that is left

        assertThat(atOrigin(bench).next()).isNotInstanceOf(Step.Await.class).isInstanceOf(Step.Deliver.class);
    }

    @Test
    void nobodyWaitsForAPlaceBeyondItsDeadlineOrWhereMostWaitAlready() {
        Bench bench = new Bench(Bench.upstream(Bench.CDN, Bench.ORIGIN)
                .deadline(Duration.ofMillis(8))
                .repeatable());
        Bench.send(atOrigin(bench));
        Bench.send(atOrigin(bench));
        assertThat(atOrigin(bench).next()).as("10 ms are too long").isInstanceOf(Step.Deliver.class);

        Bench crowded = Bench.of(Bench.CDN, Bench.ORIGIN);
        Bench.send(atOrigin(crowded));
        Bench.send(atOrigin(crowded));
        for (int i = 0; i < Tuning.MOST_WAITING; i++) {
            assertThat(atOrigin(crowded).next()).isInstanceOf(Step.Await.class);
        }
        assertThat(atOrigin(crowded).next()).isInstanceOf(Step.Deliver.class);
    }

    /** Another call has taken its place when the answer of the origin's name turns out to be wrong. */
    @Test
    void aCallWaitsForAPlaceAsWellWhereItTriesAnEndpointAgainByAnotherAnswer() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        CallPlan doubting = atOrigin(bench);
        Step.Send byWrongAnswer = Bench.send(doubting);
        CallPlan other = atOrigin(bench);
        Step.Send held = Bench.send(other);
        doubting.took(byWrongAnswer, new Outcome.Unproven(new ConnectException("refused"), Optional.empty()));
        Bench.send(atOrigin(bench));

        assertThat(doubting.next()).isEqualTo(new Step.Await(Duration.ofMillis(10), "for a place at origin"));
        bench.time.advance(Duration.ofMillis(10));
        other.took(held, Bench.status(200));

        assertThat(Bench.send(doubting).endpoint()).isEqualTo(Bench.ORIGIN);
    }

    /** A call that the edge has just failed. */
    private static CallPlan atOrigin(Bench bench) {
        CallPlan plan = bench.get();
        plan.took(Bench.send(plan), Bench.edge500());
        return plan;
    }
}
