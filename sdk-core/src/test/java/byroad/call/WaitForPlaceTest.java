package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Refusal;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A full gate is a burst where nothing was ever too much, and an overload where something was. */
class WaitForPlaceTest {
    /** Two places, both taken: the third call waits, and goes as soon as one is given back. */
    @Test
    void aCallWaitsALittleForAPlaceWhereNothingWasEverTooMuch() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        CallPlan first = atOrigin(bench);
        Step.Send held = Bench.send(first);
        Bench.send(atOrigin(bench));
        CallPlan third = atOrigin(bench);

        Step.Await wait = waits(third);
        assertThat(wait.duration()).isEqualTo(Duration.ofMillis(200));
        assertThat(wait.why()).isEqualTo("for a place at origin");
        assertThat(wait.over()).isNotDone();
        first.took(held, Bench.status(200));
        assertThat(wait.over()).isDone();

        assertThat(Bench.send(third).endpoint()).isEqualTo(Bench.ORIGIN);
        assertThat(third.report().notes()).containsExactly("waited for a place at origin");
    }

    @Test
    void whoeverWaitsLongestIsToldFirst() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        CallPlan first = atOrigin(bench);
        Step.Send held = Bench.send(first);
        Bench.send(atOrigin(bench));
        Step.Await cancelled = waits(atOrigin(bench));
        Step.Await next = waits(atOrigin(bench));
        Step.Await last = waits(atOrigin(bench));

        cancelled.over().complete(null);
        first.took(held, new Outcome.Cancelled(new IOException("Canceled")));

        assertThat(next.over()).isDone();
        assertThat(last.over()).isNotDone();
    }

    /** Another call comes in between: what is left of the wait is waited, and no more. */
    @Test
    void whoeverLosesThePlaceThatItWasToldOfWaitsOn() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        CallPlan first = atOrigin(bench);
        Step.Send held = Bench.send(first);
        Bench.send(atOrigin(bench));
        CallPlan waiting = atOrigin(bench);
        waits(waiting);
        bench.time.advance(Duration.ofMillis(150));
        first.took(held, Bench.status(200));
        Bench.send(atOrigin(bench));

        Step.Await again = waits(waiting);
        assertThat(again.duration()).isEqualTo(Duration.ofMillis(50));
        bench.time.advance(again.duration());

        assertThat(waiting.next()).isInstanceOf(Step.Deliver.class);
        assertThat(again.over()).as("nobody is told who waits no longer").isDone();
        assertThat(waiting.report().refusals()).contains(Refusal.GATE);
    }

    @Test
    void nobodyWaitsForAPlaceAfterAnOverload() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        CallPlan overloads = atOrigin(bench);
        Step.Send overload = Bench.send(overloads);
        Bench.send(atOrigin(bench));
        Step.Await waiting = waits(atOrigin(bench));
        overloads.took(overload, Bench.status(503));

        assertThat(waiting.over()).isDone();
        assertThat(atOrigin(bench).next()).isNotInstanceOf(Step.Await.class).isInstanceOf(Step.Deliver.class);
    }

    @Test
    void aCallInAHurryWaitsForHalfOfWhatItHasLeft() {
        Bench bench = new Bench(Bench.upstream(Bench.CDN, Bench.ORIGIN)
                .deadline(Duration.ofMillis(80))
                .repeatable());
        Bench.send(atOrigin(bench));
        Bench.send(atOrigin(bench));

        assertThat(waits(atOrigin(bench)).duration()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void nobodyWaitsWhereMostWaitAlready() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        Bench.send(atOrigin(bench));
        Bench.send(atOrigin(bench));
        List<Step.Await> waiting = new ArrayList<>();
        for (int i = 0; i < Tuning.MOST_WAITING; i++) {
            waiting.add(waits(atOrigin(bench)));
        }
        assertThat(atOrigin(bench).next()).isInstanceOf(Step.Deliver.class);

        waiting.get(7).over().complete(null); // its caller cancelled
        assertThat(atOrigin(bench).next()).isInstanceOf(Step.Await.class);
        assertThat(atOrigin(bench).next()).isInstanceOf(Step.Deliver.class);

        bench.time.advance(Duration.ofMillis(200)); // whatever their callers do
        assertThat(atOrigin(bench).next()).isInstanceOf(Step.Await.class);
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

        Step.Await wait = waits(doubting);
        other.took(held, Bench.status(200));
        assertThat(wait.over()).isDone();

        assertThat(Bench.send(doubting).endpoint()).isEqualTo(Bench.ORIGIN);
    }

    private static Step.Await waits(CallPlan plan) {
        Step step = plan.next();
        assertThat(step).isInstanceOf(Step.Await.class);
        return (Step.Await) step;
    }

    /** A call that the edge has just failed. */
    private static CallPlan atOrigin(Bench bench) {
        CallPlan plan = bench.get();
        plan.took(Bench.send(plan), Bench.edge500());
        return plan;
    }
}
