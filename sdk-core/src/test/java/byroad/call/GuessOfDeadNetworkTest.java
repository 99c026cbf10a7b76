package byroad.call;

import static byroad.call.Bench.AZURE;
import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.neverSent;
import static byroad.call.Bench.status;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Fault;
import byroad.Fault.Layer;
import byroad.Upstream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the client's own network is down is a guess: it stops retries and charges nobody, but keeps no endpoint from a call. */
class GuessOfDeadNetworkTest {
    private static final Upstream DEAD =
            Upstream.named("dead").endpoint(Endpoint.at("https://dead.example").through("fastly"));

    @Test
    void aThirdEndpointIsAskedAfterTwoWereSilent() {
        for (Outcome silent : List.of(
                neverSent(),
                Outcome.failed(new NoRouteToHostException("no route"), Fault.Delivery.NEVER_SENT),
                Outcome.failed(new UnknownHostException("api.example.ai"), Fault.Delivery.NEVER_SENT),
                Outcome.failed(new SocketTimeoutException("connect timed out"), Fault.Delivery.NEVER_SENT))) {
            Bench bench = Bench.of(CDN, ORIGIN, AZURE);
            CallPlan plan = bench.post();

            assertThat(bench.run(plan, silent, silent, status(200)))
                    .containsExactly("cdn", "origin", "azure", "deliver azure");
            assertThat(plan.report().attempts().get(1).fault().map(Fault::layer))
                    .contains(Layer.CLIENT_NETWORK);
        }
    }

    @Test
    void aHealthyFallbackAnswersForAsLongAsAnotherServiceIsDead() {
        Bench bench = new Bench(upstream(CDN, ORIGIN), DEAD);
        for (int i = 0; i < 12; i++) {
            CallPlan dead = bench.planner.plan(RequestTraits.of("GET", "https://dead.example/"));
            dead.took(Bench.send(dead), neverSent());
            dead.close();

            assertThat(bench.run(bench.get(), neverSent(), status(200)))
                    .containsExactly("cdn", "origin", "deliver origin");
            bench.time.advance(Duration.ofSeconds(3));
        }
    }

    @Test
    void itStopsRetriesWhateverEndpointWasSilentLast() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, neverSent(), neverSent()))
                .containsExactly("cdn", "origin", "throw ConnectException");
        assertThat(plan.report().notes()).containsExactly("no further retry: the network of this client is down");
        assertThat(bench.planner.toString()).contains("budget 490/490");

        bench.time.advance(Duration.ofSeconds(5));
        Bench alone = new Bench(upstream(CDN), DEAD);
        CallPlan dead = alone.planner.plan(RequestTraits.of("GET", "https://dead.example/"));
        dead.took(Bench.send(dead), Outcome.failed(new ConnectException("refused"), Fault.Delivery.NEVER_SENT));
        assertThat(alone.run(alone.get(), neverSent())).containsExactly("cdn", "throw ConnectException");
    }
}
