package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.EUROPE;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.cloudflare;
import static byroad.call.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.EndpointStatus;
import byroad.ResponseHead;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an edge says of a host convicts the way between them, and not the host: the direct endpoint gets the call. */
class FromEdgeToHostTest {
    private static final Endpoint SECOND = ORIGIN.named("second").connectTo("second.example.ai");

    @ParameterizedTest
    @ValueSource(ints = {521, 523, 525, 530})
    void whatTheEdgeDidNotGetThroughIsSentToTheDirectEndpointWhateverItsMethod(int status) {
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(bench.run(bench.post(), cloudflare(status), status(200)))
                .containsExactly("cdn", "origin", "deliver origin");
    }

    @ParameterizedTest
    @ValueSource(ints = {520, 522, 524, 527})
    void whatTheHostMayHaveProcessedIsSentToTheDirectEndpointIfItMayBeRepeated(int status) {
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(bench.run(bench.post(), cloudflare(status))).containsExactly("cdn", "deliver cdn");
        assertThat(bench.run(bench.get(), cloudflare(status), status(200)))
                .containsExactly("cdn", "origin", "deliver origin");
    }

    @Test
    void itSaysNothingOfTheEdgeElsewhere() {
        Bench bench = Bench.of(CDN, EUROPE);

        assertThat(bench.run(bench.post(), cloudflare(521), status(200)))
                .containsExactly("cdn", "europe", "deliver europe");
    }

    @Test
    void whatTheDirectEndpointAnswersItselfConvictsItsHost() {
        Bench bench = Bench.of(CDN, ORIGIN, SECOND, EUROPE);

        assertThat(bench.run(bench.get(), cloudflare(521), status(503), status(200)))
                .containsExactly("cdn", "origin", "europe", "deliver europe");
    }

    @Test
    void whatTheHostAnsweredThroughItsEdgeConvictsItToo() {
        Bench bench = Bench.of(CDN.originMarker("x-origin"), ORIGIN, EUROPE);

        assertThat(bench.run(bench.get(), status(503, "x-origin", "7"), status(200)))
                .containsExactly("cdn", "europe", "deliver europe");
    }

    @Test
    void noEndpointIsChargedForRequestsThatItDidNotGet() {
        for (Outcome failure : new Outcome[] {
            cloudflare(520),
            cloudflare(522),
            cloudflare(530),
            Outcome.answered(ResponseHead.of(503, Map.of("proxy-status", "edge;received-status=503"), ""))
        }) {
            Bench bench = Bench.of(CDN, ORIGIN);
            bench.dice.show(0.99);
            for (int i = 0; i < 20; i++) {
                CallPlan plan = bench.post();
                Attempt attempt = Bench.send(plan); // where a call goes on to from the edge is not asked
                plan.took(attempt, attempt.endpoint().equals(CDN) ? failure : status(200));
                plan.close();
                bench.time.advance(Duration.ofMillis(600));
            }

            assertThat(bench.planner.status().get(1).circuit()).isEqualTo(EndpointStatus.Circuit.CLOSED);
        }
    }
}
