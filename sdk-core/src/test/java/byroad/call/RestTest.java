package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.neverSent;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An endpoint that asked to be left alone while calls are under way is left alone by them as well. */
class RestTest {
    /** As of a burst of calls, each answered a little later than the one before. */
    @Test
    void aRetryWaitsOnForARestThatWasAskedForMeanwhile() {
        Bench bench = Bench.of(CDN);
        CallPlan waiting = bench.get();
        waiting.took(send(waiting), status(503)); // asks for nothing
        bench.time.advance(((Step.Await) waiting.next()).duration());
        bench.run(bench.post(), status(503, "Retry-After", "30"));

        Step.Await longer = (Step.Await) waiting.next();
        assertThat(longer.duration()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
        bench.time.advance(longer.duration());
        assertThat(waiting.next()).isInstanceOf(Step.Send.class);
    }

    @Test
    void aRetryForWhichThatTakesTooLongIsNotMade() {
        Bench bench = new Bench(upstream(CDN).deadline(Duration.ofSeconds(20)));
        CallPlan waiting = bench.get();
        waiting.took(send(waiting), status(503));
        bench.time.advance(((Step.Await) waiting.next()).duration());
        bench.run(bench.post(), status(503, "Retry-After", "30"));

        assertThat(waiting.next()).isInstanceOf(Step.Deliver.class);
        assertThat(waiting.report().notes())
                .contains(
                        "no further retry: after the wait, cdn may not be used: it asked to be left alone for another 30000ms");
        assertThat(bench.planner.toString()).contains("budget 490/490 tokens");
    }

    @Test
    void aRetryThatCostsNothingKeepsToARestAsWell() {
        Bench bench = Bench.of(CDN);
        CallPlan underWay = bench.get();
        Attempt send = send(underWay);
        bench.run(bench.post(), status(503, "Retry-After", "30"));
        underWay.took(send, neverSent());

        assertThat(underWay.next()).isNotInstanceOf(Step.Send.class);
    }

    @Test
    void aShorterWishForRestDoesNotEndALongerOne() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan one = bench.post();
        CallPlan other = bench.post();
        Attempt first = send(one);
        Attempt second = send(other);
        one.took(first, status(503, "Retry-After", "30"));
        other.took(second, status(503, "Retry-After", "0"));
        bench.time.advance(Duration.ofSeconds(1));

        assertThat(send(bench.get()).endpoint()).isEqualTo(ORIGIN);
    }
}
