package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.died;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.EndpointStatus;
import byroad.Preset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection that dies is not its endpoint, and a fallback endpoint that has no place makes nobody worse off. */
class DeadConnectionTest {
    /** One HTTP/2 connection with eight streams dies; the edge is well, its circuit closed, the budget full. */
    @Test
    void callsOfOneDeadConnectionAreRepeatedAtTheHealthyEdgeWhereTheFallbackHasNoPlace() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(
                bench.get(),
                edge500(),
                status(503),
                status(200)); // half an hour ago the fallback endpoint was overloaded once
        bench.time.advance(Duration.ofMinutes(30));
        List<CallPlan> calls = new ArrayList<>();
        List<Attempt> sends = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            CallPlan plan = bench.get();
            calls.add(plan);
            sends.add(send(plan));
        }
        for (int i = 0; i < 8; i++) {
            calls.get(i).took(sends.get(i), died("stream was reset: PROTOCOL_ERROR"));
        }
        List<String> lost = new ArrayList<>();
        for (CallPlan plan : calls) {
            if (plan.next() instanceof Step.GiveUp) {
                lost.add(plan.report().notes().toString());
            }
        }
        assertThat(bench.planner.status().get(0).circuit()).isEqualTo(EndpointStatus.Circuit.CLOSED);
        assertThat(lost).isEmpty();
    }

    @Test
    void thePhonesCallOnADeadConnectionIsNoWorseOffForAFallbackThatWasDeclared() {
        Bench alone = new Bench(Preset.MOBILE, upstream(CDN));
        alone.dice.show(0.5);
        assertThat(alone.run(alone.get(), died("connection reset"), status(200)))
                .endsWith("cdn", "deliver cdn");
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN, ORIGIN));
        bench.dice.show(0.5); // the fallback endpoint's chance is a quarter
        CallPlan plan = bench.get();
        plan.took(send(plan), died("connection reset"));
        assertThat(plan.next()).isNotInstanceOf(Step.GiveUp.class);
    }

    @Test
    void whatDiesTwiceIsRepeatedOnce() {
        Bench bench = new Bench(Preset.MOBILE, upstream(CDN, ORIGIN));
        bench.dice.show(0.5);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, died("connection reset"), died("connection reset")))
                .endsWith("cdn", "throw IOException");
        assertThat(plan.report().attempts()).hasSize(2);
        assertThat(plan.report().notes()).contains("no further retry: the call was refused by a concurrency limit");
    }
}
