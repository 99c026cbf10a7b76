package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Preset;
import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a connection is left, and when not. */
class ConnectionsTest {
    private static final String RELAY_IP = "127.0.0.4";
    private static final Duration LIMIT = Duration.ofMillis(400);

    private static Relay relay(TestServers servers) throws Exception {
        servers.name(TestServers.HOST, RELAY_IP);
        return servers.closing(new Relay(RELAY_IP, servers.port(), TestServers.EDGE_IP));
    }

    private static Byroad phone(TestServers servers, Upstream upstream) {
        Random dice = new Random() {
            @Override
            public double nextDouble() {
                return 0.5;
            }
        };
        return servers.closing(Byroad.builder()
                .runtime(ClientRuntime.standard().preset(Preset.MOBILE).random(dice))
                .upstream(upstream)
                .build());
    }

    /** The chance of the fallback endpoint is a quarter, and it is not drawn. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPhonesCallThatMeetsABlackHoleIsAnsweredOnANewConnection(boolean fallback) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Relay relay = relay(servers);
            Upstream upstream = Upstream.named("assistant").endpoint(servers.atEdge());
            upstream = (fallback ? upstream.endpoint(servers.atOrigin()) : upstream)
                    .attemptLimit(LIMIT)
                    .deadline(Duration.ofSeconds(5));
            OkHttpClient client = servers.with(phone(servers, upstream));
            assertThat(got(client, servers.get("/warm")).code()).isEqualTo(200);
            relay.freeze();

            Got got = got(client, servers.get("/through"));

            assertThat(got.body()).isEqualTo("edge /through");
        }
    }

    /** The connection answers others all the while: it is no black hole. */
    @Test
    void aSlowRequestOnAConnectionThatAnswersOthersCostsNoHandshake() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Relay relay = relay(servers);
            servers.edge.answers(request -> request.getUrl().encodedPath().equals("/slow")
                    ? TestServer.SILENCE
                    : TestServer.answer(200, "quick"));
            OkHttpClient client = servers.with(servers.byroad(
                    Upstream.named("assistant").endpoint(servers.atEdge()).attemptLimit(LIMIT)));
            assertThat(got(client, servers.get("/warm")).code()).isEqualTo(200);
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Integer> others = CompletableFuture.supplyAsync(() -> {
                int answered = 0;
                try {
                    while (!over.get()) {
                        answered += got(client, servers.get("/quick")).code() == 200 ? 1 : 0;
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                return answered;
            });
            try {
                for (int i = 0; i < 4; i++) {
                    assertThatThrownBy(() -> got(client, servers.post("/slow")))
                            .isInstanceOf(SocketTimeoutException.class);
                }
            } finally {
                over.set(true);
            }
            assertThat(others.join()).isGreaterThan(20);
            assertThat(relay.made())
                    .as("connections, with every other call answered")
                    .isEqualTo(1);
        }
    }

    @Test
    void plainOkHttpKeepsThatConnection() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Relay relay = relay(servers);
            servers.edge.answers(request -> request.getUrl().encodedPath().equals("/slow")
                    ? TestServer.SILENCE
                    : TestServer.answer(200, "quick"));
            OkHttpClient client = servers.built(servers.client().readTimeout(LIMIT));
            for (int i = 0; i < 4; i++) {
                assertThat(got(client, servers.get("/quick")).code()).isEqualTo(200);
                assertThatThrownBy(() -> got(client, servers.post("/slow"))).isInstanceOf(SocketTimeoutException.class);
            }
            assertThat(relay.made()).isEqualTo(1);
        }
    }

    /** Android tells of a network's changed capabilities, such as its signal, many times an hour. */
    @Test
    void theSameNetworkOnceMoreCostsNoConnection() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Relay relay = relay(servers);
            Byroad byroad = phone(servers, Upstream.named("assistant").endpoint(servers.atEdge()));
            OkHttpClient client = servers.with(byroad);
            byroad.onNetworkChanged("100");
            assertThat(got(client, servers.get("/")).code()).isEqualTo(200);
            for (int i = 0; i < 3; i++) {
                byroad.onNetworkChanged("100");
                assertThat(got(client, servers.get("/")).code()).isEqualTo(200);
            }
            assertThat(relay.made()).isEqualTo(1);
        }
    }

    /** Every answer of the edge breaks in its body; a call every three seconds for five minutes. */
    @Test
    void theFallbackIsUsedAfterAWhileIfEveryBodyBreaks() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            OffsetTime time = new OffsetTime();
            Byroad byroad = servers.closing(Byroad.builder()
                    .runtime(ClientRuntime.standard().preset(Preset.SERVER).time(time))
                    .upstream(servers.assistant())
                    .build());
            OkHttpClient client = servers.with(byroad);
            servers.edge.answers(request -> TestServer.answer(200, "x".repeat(50_000))
                    .newBuilder()
                    .onResponseBody(new SocketEffect.CloseSocket())
                    .build());
            int whole = 0;
            for (int i = 0; i < 100; i++) {
                try {
                    whole += got(client, servers.get("/" + i)).code() == 200 ? 1 : 0;
                } catch (IOException broken) {
                    // the caller's loss
                }
                time.jump(Duration.ofSeconds(3));
            }
            assertThat(whole).as("%s", byroad).isGreaterThan(50);
        }
    }
}
