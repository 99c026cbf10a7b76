package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Mode;
import byroad.okhttp.Byroad;
import java.io.IOException;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A whole application on a real port, asked over HTTP. */
class ByroadEndpointTest {
    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class App {}

    record Answer(int status, String body) {}

    private final OkHttpClient http = new OkHttpClient();
    private Parties parties;
    private Byroad byroad;

    @BeforeEach
    void open() throws IOException {
        parties = Parties.open();
        byroad = Byroad.builder().upstream(parties.assistant()).build();
    }

    @AfterEach
    void close() {
        byroad.close();
        parties.close();
        http.connectionPool().evictAll();
    }

    private ConfigurableApplicationContext app(String... properties) {
        return new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.SERVLET)
                .properties("server.port=0", "server.address=127.0.0.1", "management.endpoints.web.exposure.include=*")
                .properties(properties)
                .properties("spring.main.banner-mode=off", "spring.main.register-shutdown-hook=false")
                .initializers(context -> ((org.springframework.context.support.GenericApplicationContext) context)
                        .registerBean(Byroad.class, () -> byroad))
                .run();
    }

    private Request.Builder at(ConfigurableApplicationContext app, String path) {
        return new Request.Builder()
                .url("http://127.0.0.1:" + app.getEnvironment().getProperty("local.server.port") + "/actuator/byroad"
                        + path);
    }

    private Answer got(Request.Builder request) throws IOException {
        try (Response response = http.newCall(request.build()).execute()) {
            return new Answer(response.code(), response.body().string());
        }
    }

    private Answer post(ConfigurableApplicationContext app, String operation, String json) throws IOException {
        return got(at(app, "/" + operation).post(RequestBody.create(json, MediaType.get("application/json"))));
    }

    @Test
    void itShowsWhoIsFailingAndWhatIsDone() throws Exception {
        try (var app = app()) {
            OkHttpClient client = parties.client(byroad);
            assertThat(parties.get(client, "/")).isEqualTo("edge");
            parties.edge.breaks();
            assertThat(parties.get(client, "/")).isEqualTo("origin");
            byroad.avoid("fastly", Duration.ofHours(1), "seen " + Parties.ORIGIN + " at 127.0.0.3");

            Answer shown = got(at(app, ""));

            assertThat(shown.status()).isEqualTo(200);
            assertThat(shown.body())
                    .contains("\"mode\":\"ACT\"")
                    .contains("\"name\":\"assistant\"")
                    .contains("\"domain\":\"endpoint/assistant/origin\"")
                    .contains("\"through\":[\"cloudflare\"]")
                    .contains("\"hostedBy\":\"aws/us-west-2\"")
                    .contains("\"circuit\":\"closed\"")
                    .contains("\"inFlight\":0")
                    .contains("\"capacity\":490")
                    .contains("\"dependsOn\":")
                    .contains("\"source\":\"expired\"") // the client's own Dns: its answers are for one use
                    .contains("\"domain\":\"fastly\"")
                    .contains("seen (hidden) at (hidden)")
                    .contains("\"suspected\":[]")
                    .contains("\"kind\":\"AvoidanceChanged\"")
                    .contains("\"connectTo\":[\"(hidden)\"]")
                    .doesNotContain(Parties.ORIGIN)
                    .doesNotContain(Parties.ORIGIN_IP);
        }
    }

    @Test
    void addressesAreShownOnRequest() throws Exception {
        try (var app = app("management.endpoint.byroad.show-addresses=true")) {
            parties.get(parties.client(byroad), "/");
            assertThat(got(at(app, "")).body())
                    .contains("\"connectTo\":[\"" + Parties.ORIGIN + "\"]")
                    .contains("\"addresses\":[\"" + Parties.EDGE_IP + "\"]")
                    .contains("\"host\":\"" + Parties.HOST + "\"");
        }
    }

    @Test
    void itIsReadOnlyUnlessEnabled() throws Exception {
        try (var app = app()) {
            assertThat(post(app, "mode", "{\"mode\":\"off\"}").status()).isEqualTo(404);
            assertThat(byroad.mode()).isEqualTo(Mode.ACT);
        }
    }

    @Test
    void anOperatorAvoidsRestoresAndSwitches() throws Exception {
        try (var app = app("management.endpoint.byroad.access=unrestricted")) {
            OkHttpClient client = parties.client(byroad);

            Answer avoided =
                    post(app, "avoid", "{\"domain\":\"cloudflare\",\"during\":\"30m\",\"because\":\"status page\"}");
            assertThat(avoided).isEqualTo(new Answer(200, "{\"done\":\"avoid cloudflare for PT30M\"}"));
            assertThat(parties.get(client, "/")).isEqualTo("origin");

            assertThat(post(app, "restore", "{\"domain\":\"cloudflare\"}").status())
                    .isEqualTo(200);
            assertThat(parties.get(client, "/")).isEqualTo("edge");

            assertThat(post(app, "mode", "{\"mode\":\"watch\"}").body()).contains("mode WATCH");
            assertThat(byroad.mode()).isEqualTo(Mode.WATCH);
        }
    }

    @Test
    void badInputIsRefusedWithValueAndExpectation() throws Exception {
        try (var app = app("management.endpoint.byroad.access=unrestricted")) {
            assertThat(post(app, "mode", "{\"mode\":\"on\"}"))
                    .isEqualTo(new Answer(400, "{\"error\":\"mode: \\\"on\\\" (expected: one of act, watch, off)\"}"));
            assertThat(post(app, "avoid", "{\"domain\":\"cloudflare\",\"during\":\"soon\",\"because\":\"x\"}"))
                    .satisfies(answer -> assertThat(answer.status()).isEqualTo(400))
                    .satisfies(
                            answer -> assertThat(answer.body()).contains("soon").contains("expected: a duration"));
            assertThat(post(app, "avoid", "{\"domain\":\"cloud flare\",\"during\":\"1h\",\"because\":\"x\"}")
                            .body())
                    .contains("cloud flare")
                    .contains("expected: segments of letters");
            assertThat(post(app, "avoid", "{\"domain\":\"cloudflare\",\"during\":\"-1h\",\"because\":\"x\"}")
                            .status())
                    .isEqualTo(400);
            assertThat(post(app, "restore", "{}").body()).contains("domain: missing (expected: the domain");
            assertThat(post(app, "evacuate", "{}").body())
                    .contains("evacuate")
                    .contains("expected: one of avoid, restore, mode");
            assertThat(byroad.avoidances()).isEmpty();
        }
    }
}
