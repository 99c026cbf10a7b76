package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.EUROPE;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import byroad.AttemptReport;
import byroad.Avoidance;
import byroad.Refusal;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two attempts of one call that are under way at the same time. */
class SeveralAttemptsTest {
    private final Bench bench = Bench.of(CDN, ORIGIN);
    private final CallPlan plan = bench.get();
    private final Attempt atEdge = send(plan);

    @Test
    void theFirstGoodAnswerIsDeliveredAndTheOtherAttemptGivesItsPermitBack() {
        bench.time.advance(Duration.ofMillis(150));
        Attempt atOrigin = plan.alongside().orElseThrow();
        assertThat(atOrigin.endpoint()).isEqualTo(ORIGIN);
        assertThat(bench.planner.toString()).contains("origin direct closed, 1 in flight");
        bench.time.advance(Duration.ofMillis(20));

        plan.took(atOrigin, status(200));
        assertThat(plan.next()).isEqualTo(new Step.Deliver(atOrigin, false));
        plan.took(atEdge, new Outcome.Cancelled(new IOException("Canceled")));

        assertThat(plan.next()).isEqualTo(new Step.Deliver(atOrigin, false));
        assertThat(bench.planner.toString()).contains("cdn through cloudflare closed", "closed, 0 in flight");
        assertThat(plan.report().attempts())
                .extracting(AttemptReport::endpoint, AttemptReport::outcome)
                .containsExactly(tuple("cdn", "cancelled"), tuple("origin", "200"));
        assertThat(plan.report().answeredBy()).isEqualTo("origin");
    }

    @Test
    void theLoserOfTheSecondAttemptGivesItsPlaceBack() {
        Attempt atOrigin = plan.alongside().orElseThrow();

        plan.took(atEdge, status(200));
        assertThat(plan.next()).isEqualTo(new Step.Deliver(atEdge, false));
        assertThat(plan.report().attempts()).extracting(AttemptReport::outcome).containsExactly("200", "under way");
        plan.took(atOrigin, new Outcome.Cancelled(new IOException("Canceled")));

        assertThat(bench.planner.toString()).contains("origin direct closed, 0 in flight");
    }

    @Test
    void aFailureWaitsForTheOtherAttempt() {
        Attempt atOrigin = plan.alongside().orElseThrow();

        plan.took(atEdge, Bench.edge500());
        Step.Await wait = (Step.Await) plan.next();
        assertThat(wait.over()).isNotDone();
        plan.took(atOrigin, status(200));

        assertThat(wait.over()).isCompletedWithValue(true);
        assertThat(plan.next()).isEqualTo(new Step.Deliver(atOrigin, false));
    }

    @Test
    void theCallGoesOnWhenBothFailed() {
        Bench three = Bench.of(CDN, ORIGIN, Bench.AZURE);
        CallPlan call = three.get();
        Attempt first = send(call);
        Attempt second = call.alongside().orElseThrow();
        call.took(first, Bench.edge500());
        call.took(second, status(503));

        assertThat(send(call).endpoint()).isEqualTo(Bench.AZURE);
    }

    @Test
    void anAttemptThatIsGivenUpWithItsCallHoldsNothing() {
        Attempt atOrigin = plan.alongside().orElseThrow();

        plan.close();
        plan.took(atOrigin, status(503)); // too late to count

        assertThat(bench.planner.toString()).contains("origin direct closed, 0 in flight, 2.00 allowed");
    }

    @Test
    void aRequestThatMustNotBeProcessedTwiceGetsNoSecondAttempt() {
        CallPlan post = bench.post();
        send(post);

        assertThat(post.alongside()).isEmpty();
        assertThat(post.report().notes())
                .containsExactly(
                        "no second attempt at the same time: not sent again: POST may have been processed and is "
                                + "not declared repeatable");
        assertThat(post.report().refusals()).containsExactly(Refusal.NOT_REPEATABLE);
    }

    @Test
    void aSecondAttemptGoesToNoEndpointThatIsInUseOrUnfit() {
        bench.runtime
                .avoidances()
                .avoid(ORIGIN.domainIn("assistant"), Duration.ofMinutes(1), "drained", Avoidance.Voice.OPERATOR);

        assertThat(plan.alongside()).isEmpty();
        assertThat(plan.report().refusals()).containsExactly(Refusal.AVOIDED);
        assertThat(Bench.of(EUROPE).get().alongside())
                .as("nothing is under way")
                .isEmpty();
    }

    @Test
    void aPlanWithOneAttemptUnderWayIsAskedOnlyOnceThatHasEnded() {
        assertThatThrownBy(plan::next).isInstanceOf(IllegalStateException.class);
    }
}
