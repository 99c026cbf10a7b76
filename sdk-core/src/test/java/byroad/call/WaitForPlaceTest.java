package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Avoidance.Voice;
import byroad.FailureDomain;
import byroad.Refusal;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A reached concurrency limit is a burst where nothing was ever too much, and an overload where something was. */
class WaitForPlaceTest {
    private final Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);

    /** Two places, both taken: the third call waits, and goes as soon as one is given back. */
    @Test
    void aCallWaitsALittleForAPlaceWhereNothingWasEverTooMuch() {
        Consumer<Outcome> first = bothPlacesTaken();
        CallPlan third = atOrigin();

        Step.Await wait = waits(third);
        assertThat(wait).hasToString("wait 1000ms for a place at origin");
        CompletableFuture<Boolean> over = wait.over();
        assertThat(over).isNotDone();
        first.accept(Bench.status(200));
        assertThat(over).isCompletedWithValue(true);

        assertThat(Bench.send(third).endpoint()).isEqualTo(Bench.ORIGIN);
        assertThat(third.report().notes()).containsExactly("waited for a place at origin");
        assertThat(bench.planner.toString()).contains("2 in flight, 2.00 allowed");
    }

    @Test
    void theCallThatWaitsLongestGetsTheFirstPlace() {
        Consumer<Outcome> first = bothPlacesTaken();
        CompletableFuture<Boolean> cancelled = waits(atOrigin()).over();
        CompletableFuture<Boolean> next = waits(atOrigin()).over();
        CompletableFuture<Boolean> last = waits(atOrigin()).over();

        cancelled.complete(false);
        first.accept(new Outcome.Cancelled(new IOException("Canceled")));

        assertThat(next).isCompletedWithValue(true);
        assertThat(last).isNotDone();
        assertThat(atOrigin().next()).as("comes later").isInstanceOf(Step.Await.class);
    }

    @Test
    void aCallWaitsOnceAndIsRefusedThen() {
        bothPlacesTaken();
        CallPlan waiting = atOrigin();
        CompletableFuture<Boolean> over = waits(waiting).over();
        bench.time.advance(Duration.ofSeconds(1));

        assertThat(waiting.next()).isInstanceOf(Step.Deliver.class);
        assertThat(over).as("no place is kept for who waits no longer").isCompletedWithValue(false);
        assertThat(waiting.report().refusals()).contains(Refusal.LIMIT);
    }

    /** An adapter that only waits for the time to pass gets its place as well. */
    @Test
    void aCallStandsInLineFromTheMomentWhenItIsToldToWait() {
        Consumer<Outcome> first = bothPlacesTaken();
        CallPlan waiting = atOrigin();
        Step.Await wait = waits(waiting);
        first.accept(Bench.status(200));
        bench.time.advance(wait.duration());

        assertThat(Bench.send(waiting).endpoint()).isEqualTo(Bench.ORIGIN);
    }

    @Test
    void aPlaceKeptForACallThatIsCancelledIsTheNexts() {
        Consumer<Outcome> first = bothPlacesTaken();
        CallPlan cancelled = atOrigin();
        waits(cancelled).over();
        CompletableFuture<Boolean> next = waits(atOrigin()).over();
        first.accept(Bench.status(200));
        assertThat(next).isNotDone();

        cancelled.close();

        assertThat(next).isCompletedWithValue(true);
    }

    @Test
    void aCallThatIsCancelledWhileItWaitsIsInNobodysWay() {
        Consumer<Outcome> first = bothPlacesTaken();
        CallPlan cancelled = atOrigin();
        CompletableFuture<Boolean> over = waits(cancelled).over();
        cancelled.close();
        assertThat(over).isCompletedWithValue(false);

        first.accept(Bench.status(200));

        assertThat(bench.planner.toString()).contains("1 in flight, 2.00 allowed");
    }

    /** Meanwhile the circuit of the edge is due, so that the call that has a place at the origin goes there, as its probe. */
    @Test
    void aPlaceKeptForACallThatGoesElsewhereIsTheNexts() {
        for (int i = 0; i < 3; i++) {
            bench.run(bench.post(), Bench.status(500));
            bench.time.advance(Duration.ofMillis(500));
        }
        bench.dice.show(1.0);
        CallPlan first = bench.get();
        Attempt held = Bench.send(first);
        assertThat(held.endpoint()).isEqualTo(Bench.ORIGIN);
        Bench.send(bench.get());
        CallPlan probes = bench.get();
        CompletableFuture<Boolean> told = waits(probes).over();
        CompletableFuture<Boolean> next = waits(bench.get()).over();
        bench.time.advance(Duration.ofMillis(150));
        first.took(held, Bench.status(200));
        assertThat(told).isCompletedWithValue(true);
        assertThat(next).isNotDone();

        bench.time.advance(Duration.ofSeconds(2));
        assertThat(Bench.send(probes).endpoint()).isEqualTo(Bench.CDN);

        assertThat(next).isCompletedWithValue(true);
    }

    /** The operator forbids the edge; the circuit of the origin opens while the call waits for a place there. */
    @Test
    void aLastResortTakesThePlaceThatIsKeptForIt() {
        answerOneByOne();
        bench.runtime
                .avoidances()
                .avoid(FailureDomain.of("cloudflare"), Duration.ofHours(1), "a drill", Voice.OPERATOR);
        for (int i = 0; i < 2; i++) {
            bench.run(bench.post(), Bench.status(500));
            bench.time.advance(Duration.ofMillis(600));
        }
        CallPlan first = bench.get();
        Attempt held = Bench.send(first);
        CallPlan waiting = bench.get();
        waits(waiting).over();
        first.took(held, Bench.status(500));
        assertThat(bench.planner.toString()).contains("origin direct open, 1 in flight, 1.00 allowed");

        Attempt lastResort = Bench.send(waiting);
        assertThat(lastResort.endpoint()).isEqualTo(Bench.ORIGIN);
        waiting.took(lastResort, Bench.status(200));
        assertThat(bench.planner.toString()).contains("origin direct closed, 0 in flight");
    }

    @Test
    void nobodyWaitsForAPlaceAfterAnOverload() {
        CallPlan overloads = atOrigin();
        Attempt overload = Bench.send(overloads);
        Bench.send(atOrigin());
        CompletableFuture<Boolean> waiting = waits(atOrigin()).over();
        overloads.took(overload, Bench.status(503));

        assertThat(waiting).isCompletedWithValue(false);
        assertThat(atOrigin().next()).isInstanceOf(Step.Deliver.class);
    }

    /** Who waits is told once it is known why the place is free. */
    @Test
    void whoWaitedDoesNotGoWhereARestWasAskedFor() {
        answerOneByOne();
        CallPlan first = atOrigin();
        Attempt held = Bench.send(first);
        CallPlan waiting = atOrigin();
        List<Step> then = new ArrayList<>();
        bench.dice.show(0.0);
        waits(waiting).over().thenRun(() -> then.add(waiting.next()));

        first.took(held, Bench.status(503, "Retry-After", "60"));

        assertThat(then).singleElement().asString().contains("attempt at cdn");
    }

    @Test
    void aCallInAHurryWaitsForHalfOfWhatItHasLeft() {
        Bench hurried = new Bench(Bench.upstream(Bench.CDN, Bench.ORIGIN)
                .deadline(Duration.ofMillis(80))
                .repeatable());
        Bench.send(atOrigin(hurried));
        Bench.send(atOrigin(hurried));

        assertThat(waits(atOrigin(hurried)).duration()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void nobodyWaitsWhereMostWaitAlready() {
        bothPlacesTaken();
        List<Step.Await> waiting = new ArrayList<>();
        for (int i = 0; i < Tuning.MOST_WAITING; i++) {
            waiting.add(waits(atOrigin()));
        }
        CallPlan oneMore = atOrigin();
        assertThat(oneMore.next()).isInstanceOf(Step.Deliver.class);
        assertThat(oneMore.report().refusals()).containsExactlyInAnyOrder(Refusal.WAITING, Refusal.LIMIT);
        assertThat(oneMore.report().notes()).contains("no wait for a place at origin: 32 calls wait already");

        waiting.get(7).over().complete(false); // its caller cancelled
        assertThat(atOrigin().next()).isInstanceOf(Step.Await.class);
        assertThat(atOrigin().next()).isInstanceOf(Step.Deliver.class);

        bench.time.advance(Duration.ofSeconds(1)); // whatever their callers do
        assertThat(atOrigin().next()).isInstanceOf(Step.Await.class);
    }

    /** Others have taken its place when the answer of the origin's name turns out to be wrong. */
    @Test
    void aCallWaitsForAPlaceAsWellWhereItTriesAnEndpointAgainByAnotherAnswer() {
        CallPlan doubting = atOrigin();
        Attempt byWrongAnswer = Bench.send(doubting);
        CallPlan other = atOrigin();
        Attempt held = Bench.send(other);
        doubting.took(byWrongAnswer, new Outcome.Unproven(new ConnectException("refused"), Optional.empty()));
        Bench.send(atOrigin());

        CompletableFuture<Boolean> over = waits(doubting).over();
        other.took(held, Bench.status(200));
        assertThat(over).isCompletedWithValue(true);

        assertThat(Bench.send(doubting).endpoint()).isEqualTo(Bench.ORIGIN);
    }

    private static Step.Await waits(CallPlan plan) {
        Step step = plan.next();
        assertThat(step).isInstanceOf(Step.Await.class);
        return (Step.Await) step;
    }

    /** What comes of the first of the two calls that have them is for the test to say. */
    private Consumer<Outcome> bothPlacesTaken() {
        CallPlan first = atOrigin();
        Attempt held = Bench.send(first);
        Bench.send(atOrigin());
        return outcome -> first.took(held, outcome);
    }

    /** So that its concurrency limit starts with one place. */
    private void answerOneByOne() {
        CallPlan healthy = bench.get();
        Attempt send = Bench.send(healthy);
        bench.time.advance(Duration.ofMillis(50));
        healthy.took(send, Bench.status(200));
    }

    /** A call that the edge has just failed. */
    private CallPlan atOrigin() {
        return atOrigin(bench);
    }

    private static CallPlan atOrigin(Bench bench) {
        CallPlan plan = bench.get();
        plan.took(Bench.send(plan), Bench.edge500());
        return plan;
    }
}
