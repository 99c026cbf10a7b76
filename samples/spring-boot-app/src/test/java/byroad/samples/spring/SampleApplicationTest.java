package byroad.samples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The whole application on a real port: what is broken by a button shows in the state, and calls are still answered. */
class SampleApplicationTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @SuppressWarnings("NullAway.Init") // by start()
    private static App app;

    @BeforeAll
    static void start() {
        app = new App();
    }

    @AfterEach
    void heal() throws Exception {
        app.post("/heal");
        until(state -> circuit(state, "edge").equals("closed") && lastSecond(state, "edge") > 0);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    private static void until(Predicate<JsonNode> right) {
        Callable<JsonNode> state = app::state;
        await().atMost(PATIENCE).until(state, right);
    }

    /** In the end: on a busy machine the answers may be so late that a concurrency limit takes them for overload. */
    private static void aCallIsAnswered() {
        await().atMost(PATIENCE).until(() -> app.post("/call").body().contains("items GET /v1/items 200"));
    }

    private static JsonNode endpoint(JsonNode state, String name) {
        for (JsonNode endpoint : state.at("/byroad/upstreams/0/endpoints")) {
            if (endpoint.get("name").stringValue().equals(name)) {
                return endpoint;
            }
        }
        throw new AssertionError("no endpoint " + name + " in " + state);
    }

    private static String circuit(JsonNode state, String name) {
        return endpoint(state, name).at("/health/circuit").stringValue();
    }

    /** Calls answered by that endpoint in the last whole second. */
    private static int lastSecond(JsonNode state, String name) {
        JsonNode seconds = state.get("seconds");
        return seconds.size() < 2
                ? 0
                : seconds.get(seconds.size() - 2).at("/answered/" + name).asInt(0);
    }

    @Test
    void anEdgeThatAnswers500IsLeftForTheOriginAndComesBack() throws Exception {
        assertThat(app.post("/providers/edge/answers-500").statusCode()).isEqualTo(200);

        until(state -> !circuit(state, "edge").equals("closed") && lastSecond(state, "origin") > 0);
        until(state -> state.get("byroad")
                .get("avoidances")
                .toString()
                .contains("endpoint/items/edge")); // until a probe is due
        JsonNode state = app.state();

        assertThat(state.at("/providers/0/now").stringValue()).isEqualTo("answers-500");
        assertThat(state.get("stories").toString()).contains("edge fault");
    }

    @Test
    void aRegionThatIsDownIsLeftForTheOther() throws Exception {
        app.post("/providers/origin/answers-503");

        until(state -> lastSecond(state, "eu") > 0);
        aCallIsAnswered();
    }

    @Test
    void anEmptyNameIsHeldAtWhatTlsProved() throws Exception {
        app.post("/providers/names/empty");

        until(state -> state.get("byroad").get("lastGood").toString().contains("\"retained\""));
        aCallIsAnswered();
    }

    @Test
    void anOperatorCanSteer() throws Exception {
        HttpResponse<String> changed = app.send(HttpRequest.newBuilder(URI.create(app.url() + "/actuator/byroad/mode"))
                .header("Origin", app.url())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"mode\": \"watch\"}")));
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(app.state().at("/byroad/mode").stringValue()).isEqualTo("WATCH");

        app.send(HttpRequest.newBuilder(URI.create(app.url() + "/actuator/byroad/mode"))
                .header("Origin", app.url())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"mode\": \"act\"}")));
    }

    @Test
    void whatNobodyCanDoIsRefusedByName() throws Exception {
        HttpResponse<String> refused = app.post("/providers/edge/explodes");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("edge: ")
                .contains("explodes")
                .contains("expected: one of [answers, answers-500, brown-out, refuses, black-hole]");
        assertThat(app.post("/providers/moon/answers").body())
                .contains("provider: ")
                .contains("expected: one of [edge, origin, eu, names]");
    }

    @Test
    void aPageOfAnotherSiteCanChangeNothing() throws Exception {
        HttpResponse<String> other = app.post("/providers/edge/refuses", "http://evil.example");
        HttpResponse<String> none =
                app.send(HttpRequest.newBuilder(URI.create(app.url() + "/heal")).POST(BodyPublishers.noBody()));
        HttpResponse<String> actuator = app.post("/actuator/byroad/mode", "null");

        assertThat(other.statusCode()).isEqualTo(403);
        assertThat(other.body().trim()).isEqualTo("Origin: http://evil.example (expected: " + app.url() + ")");
        assertThat(none.statusCode()).isEqualTo(403);
        assertThat(actuator.statusCode()).isEqualTo(403);
        assertThat(app.state().at("/providers/0/now").stringValue()).isEqualTo("answers");
    }
}
