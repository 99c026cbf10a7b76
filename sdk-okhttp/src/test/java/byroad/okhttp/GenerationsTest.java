package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static byroad.okhttp.TestServers.took;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection whose path died is left behind, and nothing that is alive is harmed. */
class GenerationsTest {
    private static final String RELAY_IP = "127.0.0.4";
    private static final Duration LIMIT = Duration.ofMillis(400);

    private static Upstream edgeOnly(TestServers servers) {
        return Upstream.named("assistant").endpoint(servers.atEdge()).attemptLimit(LIMIT);
    }

    private static Relay relay(TestServers servers) throws Exception {
        servers.name(TestServers.HOST, RELAY_IP);
        return servers.closing(new Relay(RELAY_IP, servers.port(), TestServers.EDGE_IP));
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aCallThatMeetsABlackHoleIsAnsweredOnANewConnection(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            Relay relay = relay(servers);
            OkHttpClient client = servers.with(servers.byroad(edgeOnly(servers)));
            assertThat(got(client, servers.get("/warm")).code()).isEqualTo(200);
            relay.freeze();

            long started = System.nanoTime();
            Got got = got(client, servers.get("/through"));

            assertThat(got.body()).as("%s", Byroad.reportOf(got.response())).isEqualTo("edge /through");
            assertThat(took(started)).isBetween(LIMIT, Duration.ofMillis(1500));
            assertThat(relay.made()).isEqualTo(2);
            for (int i = 0; i < 5; i++) {
                assertThat(got(client, servers.get("/after")).code()).isEqualTo(200);
            }
            assertThat(relay.made()).isEqualTo(2);
            Eventually.holds(() -> assertThat(relay.open()).isEqualTo(1)); // no socket left
        }
    }

    @Test
    void theCallAfterATimeoutThatCouldNotBeRepeatedLeavesTheBlackHole() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Relay relay = relay(servers);
            OkHttpClient client = servers.with(servers.byroad(edgeOnly(servers)));
            assertThat(got(client, servers.post("/warm")).code()).isEqualTo(200);
            relay.freeze();

            assertThatThrownBy(() -> got(client, servers.post("/lost"))).isInstanceOf(SocketTimeoutException.class);
            assertThat(got(client, servers.post("/next")).body()).isEqualTo("edge /next");
            Eventually.holds(() -> assertThat(relay.open()).isEqualTo(1));
        }
    }

    @Test
    void theCallAfterABodyThatFellSilentLeavesTheBlackHole() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Relay relay = relay(servers);
            OkHttpClient client = servers.built(servers.byroad(edgeOnly(servers))
                    .installOn(servers.client())
                    .readTimeout(LIMIT));
            servers.edge.next(TestServer.answer(200, "late")
                    .newBuilder()
                    .bodyDelay(5, TimeUnit.SECONDS)
                    .build());
            try (Response silent = client.newCall(servers.get("/silent")).execute()) {
                relay.freeze();
                assertThatThrownBy(() -> silent.body().string()).isInstanceOf(SocketTimeoutException.class);
            }

            assertThat(got(client, servers.post("/next")).body()).isEqualTo("edge /next");
            Eventually.holds(() -> assertThat(relay.open()).isEqualTo(1));
        }
    }

    @Test
    void eightCallsAtOnceLeaveItTogetherForOneNewConnection() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Relay relay = relay(servers);
            OkHttpClient client = servers.with(servers.byroad(edgeOnly(servers)));
            client.dispatcher().setMaxRequestsPerHost(64);
            assertThat(got(client, servers.get("/warm")).code()).isEqualTo(200);
            relay.freeze();

            List<CompletableFuture<Got>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                calls.add(inBackground(client, servers.get("/" + i)));
            }

            for (CompletableFuture<Got> call : calls) {
                assertThat(call.get(5, TimeUnit.SECONDS).code()).isEqualTo(200);
            }
            Eventually.holds(() -> assertThat(relay.open()).isEqualTo(1));
        }
    }

    @Test
    void aHealthyCallInFlightOnTheConnectionLeftBehindCompletes() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Relay relay = relay(servers);
            CountDownLatch slow = new CountDownLatch(1);
            CountDownLatch slowArrived = new CountDownLatch(1);
            Byroad byroad = servers.byroad(Upstream.named("assistant").endpoint(servers.atEdge()));
            OkHttpClient patient = servers.with(byroad);
            OkHttpClient hasty = servers.built(patient.newBuilder().readTimeout(LIMIT));
            assertThat(got(patient, servers.get("/warm")).code()).isEqualTo(200);
            servers.edge.answers(request -> answerOf(request, slowArrived, slow));
            CompletableFuture<Got> inFlight = inBackground(patient, servers.get("/slow"));
            assertThat(slowArrived.await(5, TimeUnit.SECONDS)).isTrue();

            assertThatThrownBy(() -> got(hasty, servers.post("/silent"))).isInstanceOf(SocketTimeoutException.class);
            assertThat(got(hasty, servers.get("/next")).body()).isEqualTo("edge /next");
            assertThat(relay.made()).isEqualTo(2);
            slow.countDown();

            assertThat(inFlight.get(5, TimeUnit.SECONDS).body()).isEqualTo("edge /slow");
            Eventually.holds(() -> assertThat(relay.open()).isEqualTo(1)); // the last one out closed it
        }
    }

    @Test
    void aServerThatNeverAnsweredGetsNoStormOfHandshakes() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Relay relay = relay(servers);
            servers.edge.answers(TestServer.SILENCE);
            OkHttpClient client = servers.with(servers.byroad(edgeOnly(servers)));

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> got(client, servers.post("/"))).isInstanceOf(SocketTimeoutException.class);
            }

            assertThat(relay.made()).isEqualTo(1);
        }
    }

    private static mockwebserver3.MockResponse answerOf(
            RecordedRequest request, CountDownLatch slowArrived, CountDownLatch slow) {
        String path = request.getUrl().encodedPath();
        if (path.equals("/slow")) {
            slowArrived.countDown();
            try {
                slow.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return path.equals("/silent") ? TestServer.SILENCE : TestServer.answer(200, "edge " + path);
    }

    private static CompletableFuture<Got> inBackground(OkHttpClient client, Request request) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return got(client, request);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                client.dispatcher().executorService());
    }
}
