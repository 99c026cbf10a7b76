package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.status;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallOptions;
import byroad.Preset;
import byroad.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is noted is also counted, by its kind. */
class RefusalTest {
    @Test
    void aPlainCallHasNone() {
        Bench bench = Bench.of(CDN);
        CallPlan plan = bench.get();
        bench.run(plan, status(200));

        assertThat(plan.report().refusals()).isEmpty();
    }

    @Test
    void whatBoundsRepeats() {
        Bench poor = new Bench(Preset.MOBILE, upstream(CDN));
        poor.spend(4);
        CallPlan broke = poor.get();
        poor.run(broke, status(503));
        Bench bench = Bench.of(CDN);
        CallPlan stubborn = bench.get();
        bench.run(stubborn, status(503), status(503), status(503));
        CallPlan once = bench.post();
        bench.run(once, status(500));

        assertThat(broke.report().refusals()).containsExactly(Refusal.BUDGET);
        assertThat(stubborn.report().refusals()).containsExactly(Refusal.ATTEMPTS);
        assertThat(once.report().refusals()).containsExactly(Refusal.NOT_REPEATABLE);
    }

    @Test
    void whatKeepsACallFromAnEndpoint() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.post(), status(503, "Retry-After", "60"));
        CallPlan around = bench.planner.plan(
                Bench.request("GET", RequestTraits.Body.NONE, CallOptions.NONE.avoiding("endpoint/assistant/origin")));
        bench.run(around, status(503));

        assertThat(around.report().refusals())
                .containsExactlyInAnyOrder(Refusal.REST, Refusal.AVOIDED, Refusal.LAST_RESORT);
    }

    @Test
    void aFullLimit() {
        Bench bench = Bench.of(CDN, ORIGIN);
        for (int i = 0; i < 2; i++) {
            CallPlan holds = bench.get();
            holds.took(Bench.send(holds), edge500());
            Bench.send(holds);
        }
        CallPlan refused = bench.get();
        bench.run(refused, edge500());

        assertThat(refused.report().refusals()).contains(Refusal.LIMIT);
    }

    @Test
    void whatEndsACallForGood() {
        Bench bench = new Bench(upstream(CDN, ORIGIN).deadline(Duration.ofMillis(5)));
        CallPlan late = bench.get();
        bench.run(late, edge500());

        assertThat(late.report().refusals()).containsExactly(Refusal.DEADLINE);
    }
}
