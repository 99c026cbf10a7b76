package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.EUROPE;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Avoidance.Voice;
import byroad.FailureDomain;
import byroad.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Calls that are watched, or let pass: one send, as it was called, and what would have been done. */
class CallPlanWatchTest {
    @Test
    void watchingSendsAsCalledOnceAndReports() {
        Bench bench = Bench.of(EUROPE, ORIGIN);
        bench.planner.mode(Mode.WATCH);
        String url = "https://api.eu.example.ai/v1";
        CallPlan plan = bench.planner.plan(RequestTraits.of("GET", url));

        Attempt send = send(plan);
        assertThat(send.isAsCalled()).isTrue();
        assertThat(send.url()).isEqualTo(url);
        plan.took(send, edge500());

        assertThat(plan.next()).isEqualTo(new Step.Deliver(send, false));
        assertThat(plan.report().notes()).containsExactly("watching only: would have gone on to origin");
        assertThat(plan.report().attempts().get(0).faultName()).isEqualTo("edge");
    }

    @Test
    void watchingTellsWhereAFirstAttemptWouldHaveGone() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.planner.mode(Mode.WATCH);
        bench.runtime
                .avoidances()
                .avoid(FailureDomain.of("cloudflare"), Duration.ofHours(1), "status page", Voice.OPERATOR);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(200))).containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes()).hasSize(2);
        assertThat(plan.report().notes().get(0))
                .startsWith("watching only: cdn would not be tried: avoid cloudflare until")
                .endsWith("status page");
        assertThat(plan.report().notes().get(1)).isEqualTo("watching only: would have gone to origin");
    }

    @Test
    void watchingTellsThatNobodyWouldHaveBeenTriedButAsALastResort() {
        Bench bench = Bench.of(CDN);
        bench.planner.mode(Mode.WATCH);
        bench.dice.show(0.99);
        for (int i = 0; i < 3; i++) {
            bench.failOnce();
            bench.time.advance(Duration.ofMillis(500));
        }
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(503))).containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes())
                .contains(
                        "watching only: no endpoint would have been used but as a last resort",
                        "watching only: would have gone on, by a retry at most");
        assertThat(bench.events).as("one circuit, no concurrency limit").hasSize(2);
    }

    @Test
    void switchedOffItSendsAsCalledOnce() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.planner.mode(Mode.OFF);
        CallPlan plan = bench.get();

        Attempt send = send(plan);
        assertThat(send.isAsCalled()).isTrue();
        plan.took(send, edge500());

        assertThat(plan.next()).isEqualTo(new Step.Deliver(send, false));
    }
}
