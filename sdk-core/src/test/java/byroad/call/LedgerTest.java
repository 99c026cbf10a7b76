package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Event;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.Fault.Layer;
import byroad.Signature;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What came of a send counts where it is to count, once, and nowhere else. */
class LedgerTest {
    @Test
    void aBodyThatDiesCountsOnceHoweverOftenItIsTold() {
        Bench bench = Bench.of(Bench.CDN);
        CallPlan plan = bench.get();
        bench.run(plan, Bench.status(200));

        plan.bodyFailed(new IOException("reset"));
        plan.bodyFailed("no end, as expected of an event stream");

        assertThat(bench.events).filteredOn(Event.BodyFailed.class::isInstance).hasSize(1);
        assertThat(plan.report().notes()).containsExactly("the body failed: IOException: reset");
    }

    /** Not even where a signature of the user's names the edge itself. */
    @Test
    void whatAnEdgeRefusesOnPurposeIsNoFailureOfTheEdge() {
        Signature challenge = (head, endpoint) -> Optional.of(Fault.of(Layer.EDGE_POLICY, "a challenge")
                .suspecting(FailureDomain.of("cloudflare"))
                .certain());
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        CallPlanner planner = CallPlanner.builder(List.of(Bench.upstream(Bench.CDN, Bench.ORIGIN)), bench.seams)
                .signature(challenge)
                .build();
        for (int i = 0; i < 5; i++) {
            bench.run(planner.plan(RequestTraits.of("GET", Bench.URL)), Bench.status(403));
            bench.time.advance(Duration.ofSeconds(1));
        }

        assertThat(planner.toString()).contains("cdn through cloudflare closed");
    }

    /** A call probes the origin; another learns at the edge that the host is down. Only the probe decides. */
    @Test
    void whatIsHeardOfAHostDoesNotDecideTheProbeOfItsOtherDoor() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        for (int i = 0; i < 3; i++) {
            CallPlan plan = bench.get();
            plan.took(Bench.send(plan), Bench.edge500());
            plan.took(Bench.send(plan), Bench.status(500));
            bench.time.advance(Duration.ofMillis(500));
        }
        bench.time.advance(Duration.ofSeconds(5));
        CallPlan probing = bench.get();
        probing.took(Bench.send(probing), Bench.edge500());
        Step.Send probe = Bench.send(probing);
        assertThat(probe.endpoint()).isEqualTo(Bench.ORIGIN);
        CallPlan other = bench.get();
        other.took(Bench.send(other), Bench.cloudflare(521));
        assertThat(bench.planner.toString()).contains("origin direct probing");

        probing.took(probe, Bench.status(200));

        assertThat(bench.planner.toString()).contains("origin direct closed");
    }

    /** By then the circuit would let it in, but it was to be tried once. */
    @Test
    void aLastResortIsNotTriedAgainByAnotherAnswerOfItsName() {
        Bench bench = Bench.of(Bench.CDN);
        for (int i = 0; i < 3; i++) {
            bench.failOnce();
            bench.time.advance(Duration.ofMillis(500));
        }
        CallPlan plan = bench.get();
        Step.Send lastResort = Bench.send(plan);
        bench.time.advance(Duration.ofSeconds(30));
        plan.took(lastResort, new Outcome.Unproven(new ConnectException("refused"), Optional.empty()));

        assertThat(plan.next()).isInstanceOf(Step.GiveUp.class);
    }
}
