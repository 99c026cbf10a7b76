package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.Event;
import byroad.Preset;
import byroad.Upstream;
import byroad.dns.Resolvers;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

/** A fallback endpoint is proven before it is needed, where its owner offers a path for it. */
class HealthRequestsTest {
    private final OffsetTime time = new OffsetTime();
    private final List<Event> events = new CopyOnWriteArrayList<>();

    private Byroad byroad(TestServers servers, Preset preset) {
        Upstream assistant = Upstream.named("assistant")
                .endpoint(servers.atEdge())
                .endpoint(servers.atOrigin().healthRequest("/healthz"));
        return servers.closing(Byroad.builder()
                .resolver(Resolvers.blocking("registry", "registry", servers::lookup))
                .runtime(ClientRuntime.standard().time(time).events(events::add))
                .preset(preset)
                .upstream(assistant)
                .build());
    }

    private static int status(OkHttpClient client, TestServers servers) {
        try {
            return got(client, servers.get("/")).code();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Request withKey(TestServers servers) {
        return servers.get("/")
                .newBuilder()
                .header("Authorization", "Bearer key")
                .build();
    }

    @Test
    void trafficAsksTheFallbackWithoutCredentialsEveryFiveMinutes() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            OkHttpClient client = servers.with(byroad(servers, Preset.SERVER));
            got(client, withKey(servers));
            got(client, withKey(servers));
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(1));
            assertThat(servers.origin.last().getUrl().encodedPath()).isEqualTo("/healthz");
            assertThat(servers.origin.last().getHeaders().get("Authorization")).isNull();
            time.jump(Duration.ofMinutes(6));
            got(client, withKey(servers));
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(2));
        }
    }

    @Test
    void itProvesTheFallbackSoThatItIsHeldWhenItsNameGoesEmpty() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            OkHttpClient client = servers.with(byroad(servers, Preset.SERVER));
            got(client, servers.get("/"));
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(1));
            servers.name(TestServers.ORIGIN);
            time.jump(Duration.ofSeconds(31));
            servers.edge.answers(TestServer.edgePage(500));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("origin /");
        }
    }

    /** A fallback that never answered well may be set up wrong: then its refusal is not handed over. */
    @Test
    void aHealthRequestThatSucceedsMakesARefusalOfTheFallbackAnAnswer() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.next(TestServer.answer(200, "well"));
            servers.edge.answers(TestServer.edgePage(500));
            OkHttpClient withoutProof = servers.with(servers.byroad(servers.assistant()));
            servers.origin.next(TestServer.answer(401, "who?"));
            got(withoutProof, servers.get("/"));
            assertThat(got(withoutProof, servers.get("/")).code()).isEqualTo(500);

            servers.edge.next(TestServer.answer(200, "well"));
            OkHttpClient client = servers.with(byroad(servers, Preset.SERVER));
            long before = servers.origin.count();
            got(client, servers.get("/"));
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(before + 1));
            servers.origin.answers(TestServer.answer(401, "who?"));

            Eventually.holds(() -> assertThat(status(client, servers)).isEqualTo(401));
        }
    }

    @Test
    void itConnectsByTheClientsOwnSockets() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            OtherSockets sockets = new OtherSockets();
            OkHttpClient client = servers.with(byroad(servers, Preset.SERVER))
                    .newBuilder()
                    .socketFactory(sockets)
                    .build();
            got(client, servers.get("/"));
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(1));
            assertThat(sockets.made()).isEqualTo(2);
        }
    }

    @Test
    void thatAFallbackFailsItIsTold() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.origin.answers(TestServer.edgePage(503));
            got(servers.with(byroad(servers, Preset.SERVER)), servers.get("/"));
            Eventually.holds(() -> assertThat(events)
                    .contains(new Event.Impaired("origin", "its health request failed: answered 503")));
        }
    }

    @Test
    void theAddressOfAFallbackThatCannotBeReachedIsNotReported() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.origin.close();
            got(servers.with(byroad(servers, Preset.SERVER)), servers.get("/"));
            Eventually.holds(() -> assertThat(events)
                    .contains(new Event.Impaired("origin", "its health request failed: ConnectException")));
        }
    }

    @Test
    void noHealthRequestIsSentOnAPhone() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            OkHttpClient client = servers.with(byroad(servers, Preset.MOBILE));
            got(client, servers.get("/"));
            got(client, servers.get("/"));
            assertThat(servers.origin.count()).isZero();
        }
    }

    @Test
    void aPathMustBeOne() {
        assertThatThrownBy(() -> Endpoint.at("https://a.example").healthRequest("healthz"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("healthRequest: \"healthz\" (expected: a path such as /healthz)");
    }
}
