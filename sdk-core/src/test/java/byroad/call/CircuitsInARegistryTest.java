package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.died;
import static byroad.call.Bench.send;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.EndpointStatus;
import byroad.Event;
import byroad.FakeTime;
import byroad.Preset;
import byroad.Upstream;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What users of Resilience4j see of the circuits in a registry of their own, and what they can do there. */
class CircuitsInARegistryTest {
    @Test
    void aRegistryOfTheUsersHearsOfNoOpeningThatWasNone() {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
        FakeTime time = new FakeTime();
        CallPlanner planner = CallPlanner.builder(
                        List.of(upstream(CDN, ORIGIN)),
                        ClientRuntime.standard().time(time).preset(Preset.SERVER))
                .circuits(CircuitBridge.to(registry))
                .build();
        List<String> heard = new ArrayList<>();
        registry.circuitBreaker("endpoint/assistant/cdn")
                .getEventPublisher()
                .onStateTransition(event -> heard.add(String.valueOf(event.getStateTransition())));
        for (int i = 0; i < 30; i++) { // one dead connection with thirty streams
            CallPlan plan = planner.plan(RequestTraits.of("POST", Bench.URL));
            Attempt send = send(plan);
            time.advance(Duration.ofMillis(5));
            plan.took(send, died("connection reset"));
        }
        assertThat(planner.status().get(0).circuit()).isEqualTo(EndpointStatus.Circuit.CLOSED);
        assertThat(heard).isEmpty();
    }

    @Test
    void closingAClientTwiceTakesNothingFromItsSuccessor() {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
        CallPlanner.Builder builder = CallPlanner.builder(List.of(upstream(CDN)), ClientRuntime.standard())
                .circuits(CircuitBridge.to(registry));
        CallPlanner first = builder.build();
        first.close();
        builder.build();
        first.close(); // Closeable: "if already closed, invoking this method has no effect"
        assertThat(registry.getAllCircuitBreakers())
                .extracting(CircuitBreaker::getName)
                .containsExactly("endpoint/assistant/cdn");
    }

    @Test
    void aClientThatCouldNotBeMadeLeavesNoCircuitsInTheRegistry() {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
        registry.circuitBreaker("endpoint/files/cdn"); // of somebody else
        Upstream files = Upstream.named("files")
                .endpoint(Endpoint.at("https://files.example").named("cdn"));
        CallPlanner.Builder builder = CallPlanner.builder(List.of(upstream(CDN), files), ClientRuntime.standard())
                .circuits(CircuitBridge.to(registry));
        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
        assertThat(registry.getAllCircuitBreakers())
                .extracting(CircuitBreaker::getName)
                .containsExactly("endpoint/files/cdn");
    }

    @Test
    void oneFailureAfterTheUserOpenedTheBreakerInHisRegistryIsNotHalfOfTwenty() {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
        List<Event> events = new ArrayList<>();
        FakeTime time = new FakeTime();
        CallPlanner planner = CallPlanner.builder(
                        List.of(upstream(CDN)),
                        ClientRuntime.standard()
                                .time(time)
                                .preset(Preset.SERVER)
                                .events(events::add))
                .circuits(CircuitBridge.to(registry))
                .build();
        registry.circuitBreaker("endpoint/assistant/cdn").transitionToOpenState();
        CallPlan plan = planner.plan(RequestTraits.of("POST", Bench.URL));
        plan.took(send(plan), died("reset"));
        assertThat(events).isEmpty();
    }
}
