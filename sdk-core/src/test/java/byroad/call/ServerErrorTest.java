package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallOptions;
import byroad.EndpointStatus;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every status of 500 and above is a failure, known or not (RFC 9110, 15), and so is a misdirected request (421). */
class ServerErrorTest {
    @ParameterizedTest
    @ValueSource(ints = {500, 501, 502, 505, 506, 507, 508, 509, 510, 511, 529, 561, 598, 599, 600, 999})
    void itGoesToAnotherEndpointAndClosesNoCircuit(int status) {
        Bench bench = Bench.of(CDN, ORIGIN);
        assertThat(bench.run(bench.get(), status(status), status(200)))
                .containsExactly("cdn", "origin", "deliver origin");

        for (int i = 0; i < 4; i++) {
            bench.run(bench.post(), status(status));
            bench.time.advance(Duration.ofMillis(600));
        }
        bench.time.advance(Duration.ofSeconds(1));
        bench.run(bench.post(), status(status));
        assertThat(bench.planner.status().get(0).circuit()).isEqualTo(EndpointStatus.Circuit.OPEN);
    }

    @ParameterizedTest
    @ValueSource(ints = {501, 505, 421})
    void theSameEndpointIsNotAskedAgainForWhatItCannotDo(int status) {
        Bench bench = Bench.of(CDN);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(status))).containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes())
                .containsExactly("no further retry: HTTP " + status + ", and cdn would say the same again");
        assertThat(bench.run(Bench.of(CDN).get(), status(501))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {507, 508, 561, 999})
    void theSameEndpointIsAskedAgainAfterAnyOther(int status) {
        Bench bench = Bench.of(CDN);

        assertThat(bench.run(bench.get(), status(status), status(200)))
                .containsExactly("cdn", "wait 100ms", "cdn", "deliver cdn");
    }

    @Test
    void aMisdirectedRequestGoesToAnotherEndpointWhateverItsMethod() {
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(bench.run(bench.post(), status(421), status(200)))
                .containsExactly("cdn", "origin", "deliver origin");
        assertThat(bench.run(
                        bench.planner.plan(Bench.request("POST", RequestTraits.Body.ONE_SHOT, CallOptions.NONE)),
                        status(421)))
                .containsExactly("cdn", "deliver cdn");
    }

    @Test
    void aMisdirectedRequestAtAFallbackHidesNoErrorOfTheEdge() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.get(), edge500(), status(200)); // origin has answered well
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, edge500(), status(421), edge500(), edge500()))
                .endsWith("cdn", "deliver cdn");
        assertThat(plan.report().outcome()).isEqualTo("500");

        CallPlan first = bench.get();
        assertThat(bench.run(first, Bench.neverSent(), status(421), Bench.neverSent(), Bench.neverSent()))
                .as("but it is an answer where there is no other")
                .endsWith("deliver origin");
        assertThat(first.report().outcome()).isEqualTo("421");
        assertThat(first.report().answeredBy()).isEqualTo("origin");
    }
}
