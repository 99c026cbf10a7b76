package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.died;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static byroad.call.Bench.timedOut;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Upstream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** While an answer is in hand, the same endpoint is not waited for as if there were none. */
class RetryBesideAnAnswerTest {
    private static final Upstream PATIENT = upstream(CDN).attemptLimit(Duration.ofSeconds(60));

    private static Attempt retryAfter(Bench bench, Duration took, Outcome first) {
        CallPlan plan = bench.get();
        Attempt attempt = send(plan);
        bench.time.advance(took);
        plan.took(attempt, first);
        bench.time.advance(((Step.Await) plan.next()).duration());
        return send(plan);
    }

    @Test
    void aRetryMayTakeASecondOrTwiceTheTimeThatTheAnswerTook() {
        assertThat(retryAfter(new Bench(PATIENT), Duration.ofMillis(20), status(500))
                        .within())
                .contains(Duration.ofSeconds(1));
        assertThat(retryAfter(new Bench(PATIENT), Duration.ofSeconds(4), status(500))
                        .within())
                .contains(Duration.ofSeconds(8));
        assertThat(retryAfter(new Bench(PATIENT), Duration.ofSeconds(59), status(500))
                        .within())
                .as("and never longer than any attempt")
                .contains(Duration.ofSeconds(60));
    }

    /** As an AI service that refuses at once and answers after seconds. */
    @Test
    void aRetryMayTakeWhatGoodAnswersUsuallyTake() {
        Bench bench = new Bench(PATIENT);
        for (int i = 0; i < 10; i++) {
            CallPlan plan = bench.get();
            Attempt attempt = send(plan);
            bench.time.advance(Duration.ofSeconds(5));
            plan.took(attempt, status(200));
        }

        assertThat(retryAfter(bench, Duration.ofMillis(20), status(503)).within())
                .hasValueSatisfying(
                        limit -> assertThat(limit).isBetween(Duration.ofMillis(19_900), Duration.ofMillis(20_100)));
    }

    @Test
    void aRetryWithoutAnAnswerInHandMayTakeAsLongAsAnyAttempt() {
        assertThat(retryAfter(new Bench(PATIENT), Duration.ofMillis(20), died("reset"))
                        .within())
                .contains(Duration.ofSeconds(60));
    }

    @Test
    void anotherEndpointMayTakeAsLongAsAnyAttempt() {
        Bench bench = new Bench(upstream(CDN, ORIGIN).attemptLimit(Duration.ofSeconds(60)));
        CallPlan plan = bench.get();
        plan.took(send(plan), status(503));

        assertThat(send(plan).within()).contains(Duration.ofSeconds(60));
    }

    @Test
    void theAnswerIsDeliveredAfterOneSilentRetryWhichChargesNobody() {
        Bench bench = new Bench(PATIENT);
        CallPlan plan = bench.get();
        long before = bench.time.nanoTime();
        bench.drive(plan, attempt -> plan.report().attempts().size() == 1 ? status(500) : timedOut());

        assertThat(plan.report().outcome()).isEqualTo("500");
        assertThat(plan.report().attempts()).hasSize(2);
        assertThat(plan.report().notes())
                .containsExactly("no further retry: cdn is silent, and there is an answer to deliver");
        assertThat(Duration.ofNanos(bench.time.nanoTime() - before)).isLessThan(Duration.ofMillis(1_300));
    }
}
