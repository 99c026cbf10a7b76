package outsider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.AttemptReport;
import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.Mode;
import byroad.Signature;
import byroad.Upstream;
import byroad.call.CallPlan;
import byroad.call.CallPlanner;
import byroad.call.RequestTraits;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The engine drives another client than OkHttp. */
class JdkDriverTest {
    private static final MockResponse EDGE_500 = new MockResponse.Builder()
            .code(500)
            .addHeader("cf-ray", "9a0-SJC")
            .addHeader("content-type", "text/html; charset=UTF-8")
            .body("<title>Internal server error</title> Cloudflare Ray ID")
            .build();
    private static final MockResponse OK =
            new MockResponse.Builder().body("hello").build();

    private final MockWebServer edge = new MockWebServer();
    private final MockWebServer origin = new MockWebServer();
    private final ClientRuntime runtime = ClientRuntime.standard();
    private final JdkDriver driver = new JdkDriver(HttpClient.newHttpClient(), runtime.time());

    @BeforeEach
    void start() throws IOException {
        edge.start();
        origin.start();
    }

    @AfterEach
    void stop() {
        edge.close();
        origin.close();
        runtime.close();
    }

    @Test
    void aFaultOfTheEdgeGoesToTheOriginWithItsUrlAndOnlyTheHeadersThatMayLeave() throws Exception {
        edge.enqueue(EDGE_500);
        origin.enqueue(OK);
        CallPlan plan = plan("/v1/a%2Fb?q=%7E");

        HttpResponse<String> response = driver.call(
                plan, Map.of("Authorization", "Bearer secret", "Accept", "text/plain", "x-api-key", "secret"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("hello");
        assertThat(plan.report().answeredBy()).isEqualTo("origin");
        RecordedRequest first = edge.takeRequest();
        assertThat(first.getTarget()).isEqualTo("/v1/a%2Fb?q=%7E");
        assertThat(first.getHeaders().get("authorization")).isEqualTo("Bearer secret");
        RecordedRequest second = origin.takeRequest();
        assertThat(second.getTarget()).isEqualTo("/behind/v1/a%2Fb?q=%7E");
        assertThat(second.getHeaders().get("accept")).isEqualTo("text/plain");
        assertThat(second.getHeaders().get("authorization")).isNull();
        assertThat(second.getHeaders().get("x-api-key")).isNull();
        assertThat(second.getHeaders().get("api-key")).isEqualTo("of the origin");
    }

    @Test
    void whatTheClientCannotDoIsPassedOver() throws Exception {
        edge.enqueue(EDGE_500);
        origin.enqueue(OK);
        Endpoint otherAddress = Endpoint.at(url(edge))
                .connectTo("192.0.2.1")
                .named("other-address")
                .hostedBy("home");
        CallPlan plan = planner(throughEdge(), otherAddress, behind()).plan(RequestTraits.of("GET", url(edge) + "/"));

        assertThat(driver.call(plan, Map.of()).statusCode()).isEqualTo(200);
        assertThat(plan.report().attempts())
                .extracting(attempt -> attempt.endpoint() + " " + attempt.outcome())
                .containsExactly(
                        "edge 500",
                        "other-address impossible: java.net.http cannot connect to another address",
                        "origin 200");
    }

    @Test
    void whatWasNeverSentIsRepeatedAndEndsWithTheClientsOwnException() {
        CallPlan plan = planner(throughEdge()).plan(RequestTraits.of("GET", url(edge) + "/"));
        edge.close();

        assertThatThrownBy(() -> driver.call(plan, Map.of())).isInstanceOf(ConnectException.class);
        assertThat(plan.report().attempts())
                .extracting(AttemptReport::endpoint)
                .containsExactly("edge", "edge", "edge");
    }

    private CallPlan plan(String path) {
        return planner(throughEdge(), behind()).plan(RequestTraits.of("GET", url(edge) + path));
    }

    private CallPlanner planner(Endpoint... endpoints) {
        Upstream upstream = Upstream.named("assistant");
        for (Endpoint endpoint : endpoints) {
            upstream = upstream.endpoint(endpoint);
        }
        return new CallPlanner(List.of(upstream), Signature.known(), Mode.ACT, runtime);
    }

    private Endpoint throughEdge() {
        return Endpoint.at(url(edge)).named("edge").through("cloudflare").hostedBy("home");
    }

    private Endpoint behind() {
        return Endpoint.at(url(origin) + "/behind")
                .named("origin")
                .hostedBy("home")
                .header("api-key", "of the origin");
    }

    private static String url(MockWebServer server) {
        return "http://" + server.getHostName() + ":" + server.getPort();
    }
}
