package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that was used before and ends as a request comes is no failure of its server: the request is sent once more. */
class DyingConnectionTest {
    private static final MockResponse THEN_CLOSED = new MockResponse.Builder()
            .body("warm")
            .onResponseEnd(new SocketEffect.CloseSocket())
            .build();

    private final OffsetTime time = new OffsetTime();

    private OkHttpClient client(TestServers servers) {
        Byroad byroad = servers.closing(Byroad.builder()
                .runtime(ClientRuntime.standard().time(time))
                .upstream(Upstream.named("assistant").endpoint(servers.atEdge()))
                .build());
        return servers.with(byroad);
    }

    @Test
    void aPostAfterTheServerClosedTheIdleConnectionSucceedsAndArrivesOnce() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            OkHttpClient client = client(servers);
            for (int i = 0; i < 3; i++) {
                servers.edge.next(THEN_CLOSED);
                assertThat(got(client, servers.get("/warm")).body()).isEqualTo("warm");
                time.jump(Duration.ofSeconds(3));

                assertThat(got(client, servers.post("/pay")).body()).isEqualTo("edge /pay");
                time.jump(Duration.ofSeconds(3));
            }

            assertThat(servers.edge.requests)
                    .filteredOn(request -> request.getTarget().equals("/pay"))
                    .hasSize(3);
        }
    }

    @Test
    void aPostAfterTheServerClosedTheConnectionJustNowSucceedsAndArrivesOnce() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.name(TestServers.HOST, "127.0.0.4");
            Relay relay = servers.closing(new Relay("127.0.0.4", servers.port(), TestServers.EDGE_IP));
            OkHttpClient client = client(servers);
            for (int i = 0; i < 3; i++) {
                assertThat(got(client, servers.get("/warm")).code()).isEqualTo(200);
                time.jump(Duration.ofMillis(200));
                relay.cut();

                assertThat(got(client, servers.post("/pay")).body()).isEqualTo("edge /pay");
            }

            assertThat(servers.edge.requests)
                    .filteredOn(request -> request.getTarget().equals("/pay"))
                    .hasSize(3);
        }
    }

    @Test
    void aRequestThatMustNotBeProcessedTwiceIsNotSentOnAnotherConnection() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.name(TestServers.HOST, "127.0.0.4");
            Relay relay = servers.closing(new Relay("127.0.0.4", servers.port(), TestServers.EDGE_IP));
            OkHttpClient client = servers.with(servers.byroad(
                    Upstream.named("assistant").endpoint(servers.atEdge()).strictlyOnce()));
            assertThat(got(client, servers.get("/warm")).code()).isEqualTo(200);
            relay.cut();

            assertThatThrownBy(() -> got(client, servers.get("/pay"))).isInstanceOf(IOException.class);
            assertThat(got(client, servers.get("/pay")).code()).isEqualTo(200);
        }
    }

    @Test
    void aPostThatWasAnsweredByARedirectToAnIdleConnectionArrivesOnce() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.name(TestServers.OTHER, "127.0.0.9");
            TestServer other = servers.opened("other", "127.0.0.9");
            servers.edge.answers(new MockResponse.Builder()
                    .code(303)
                    .setHeader("Location", servers.url(TestServers.OTHER, "/done"))
                    .build());
            OkHttpClient client = client(servers);
            assertThat(got(client, servers.get("/warm")).body()).isEqualTo("other /done");
            time.jump(Duration.ofSeconds(3));

            assertThat(got(client, servers.post("/pay")).body()).isEqualTo("other /done");

            assertThat(servers.edge.requests)
                    .filteredOn(request -> request.getTarget().equals("/pay"))
                    .hasSize(1);
            assertThat(other.count()).isEqualTo(2);
        }
    }

    @Test
    void aPostOnAConnectionUsedJustNowKeepsIt() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            OkHttpClient client = client(servers);
            assertThat(got(client, servers.get("/warm")).code()).isEqualTo(200);
            time.jump(Duration.ofSeconds(1));
            assertThat(got(client, servers.post("/pay")).code()).isEqualTo(200);

            assertThat(servers.edge.connections()).isEqualTo(1);
        }
    }

    @Test
    void aPostKeepsAnIdleConnectionThatStillWorks() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            OkHttpClient client = client(servers);
            assertThat(got(client, servers.get("/warm")).code()).isEqualTo(200);
            time.jump(Duration.ofSeconds(3));
            Got got = got(client, servers.post("/pay"));

            assertThat(got.code()).isEqualTo(200);
            assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(1); // nothing failed
            assertThat(servers.edge.count()).isEqualTo(2);
            assertThat(servers.edge.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void whatMayBeSentTwiceKeepsAnIdleConnectionThatStillWorks(String method) throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            OkHttpClient client = client(servers);
            assertThat(got(client, servers.get("/warm")).code()).isEqualTo(200);
            time.jump(Duration.ofSeconds(3));
            Request again =
                    servers.get("/page").newBuilder().method(method, null).build();
            assertThat(got(client, again).code()).isEqualTo(200);

            assertThat(servers.edge.connections()).isEqualTo(1);
        }
    }

    @Test
    void overHttp2AnIdleConnectionIsKept() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            OkHttpClient client = client(servers);
            assertThat(got(client, servers.get("/warm")).code()).isEqualTo(200);
            time.jump(Duration.ofSeconds(60));
            assertThat(got(client, servers.post("/pay")).code()).isEqualTo(200);

            assertThat(servers.edge.connections()).isEqualTo(1);
        }
    }

    @Test
    void aGetOnAConnectionThatTheServerClosedIsSentAgainByUs() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            OkHttpClient client = client(servers);
            servers.edge.next(THEN_CLOSED);
            assertThat(got(client, servers.get("/warm")).body()).isEqualTo("warm");
            time.jump(Duration.ofSeconds(3));

            assertThat(got(client, servers.get("/page")).body()).isEqualTo("edge /page");
        }
    }
}
