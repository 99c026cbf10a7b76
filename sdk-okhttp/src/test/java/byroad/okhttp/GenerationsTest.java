package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static byroad.okhttp.Doors.took;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Upstream;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
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

    private static Upstream edgeOnly(Doors doors) {
        return Upstream.named("assistant").endpoint(doors.atEdge()).attemptLimit(LIMIT);
    }

    private static Relay relay(Doors doors) throws Exception {
        doors.name(Doors.HOST, RELAY_IP);
        return doors.closing(new Relay(RELAY_IP, doors.port(), Doors.EDGE_IP));
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aCallThatMeetsABlackHoleIsAnsweredOnANewConnection(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Relay relay = relay(doors);
            OkHttpClient client = doors.with(doors.byroad(edgeOnly(doors)));
            assertThat(got(client, doors.get("/warm")).code()).isEqualTo(200);
            relay.freeze();

            long started = System.nanoTime();
            Got got = got(client, doors.get("/through"));

            assertThat(got.body()).as("%s", Byroad.reportOf(got.response())).isEqualTo("edge /through");
            assertThat(took(started)).isBetween(LIMIT, Duration.ofMillis(1500));
            assertThat(relay.made()).isEqualTo(2);
            for (int i = 0; i < 5; i++) {
                assertThat(got(client, doors.get("/after")).code()).isEqualTo(200);
            }
            assertThat(relay.made()).isEqualTo(2);
            Eventually.holds(() -> assertThat(relay.open()).isEqualTo(1)); // no socket left
        }
    }

    @Test
    void theCallAfterATimeoutThatCouldNotBeRepeatedLeavesTheBlackHole() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Relay relay = relay(doors);
            OkHttpClient client = doors.with(doors.byroad(edgeOnly(doors)));
            assertThat(got(client, doors.post("/warm")).code()).isEqualTo(200);
            relay.freeze();

            assertThatThrownBy(() -> got(client, doors.post("/lost"))).isInstanceOf(SocketTimeoutException.class);
            assertThat(got(client, doors.post("/next")).body()).isEqualTo("edge /next");
            Eventually.holds(() -> assertThat(relay.open()).isEqualTo(1));
        }
    }

    @Test
    void theCallAfterABodyThatFellSilentLeavesTheBlackHole() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Relay relay = relay(doors);
            OkHttpClient client = doors.built(
                    doors.byroad(edgeOnly(doors)).installOn(doors.client()).readTimeout(LIMIT));
            doors.edge.next(Door.answer(200, "late")
                    .newBuilder()
                    .bodyDelay(5, TimeUnit.SECONDS)
                    .build());
            try (Response silent = client.newCall(doors.get("/silent")).execute()) {
                relay.freeze();
                assertThatThrownBy(() -> silent.body().string()).isInstanceOf(SocketTimeoutException.class);
            }

            assertThat(got(client, doors.post("/next")).body()).isEqualTo("edge /next");
            Eventually.holds(() -> assertThat(relay.open()).isEqualTo(1));
        }
    }

    @Test
    void eightCallsAtOnceLeaveItTogetherForOneNewConnection() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Relay relay = relay(doors);
            OkHttpClient client = doors.with(doors.byroad(edgeOnly(doors)));
            client.dispatcher().setMaxRequestsPerHost(64);
            assertThat(got(client, doors.get("/warm")).code()).isEqualTo(200);
            relay.freeze();

            List<CompletableFuture<Got>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                calls.add(inBackground(client, doors.get("/" + i)));
            }

            for (CompletableFuture<Got> call : calls) {
                assertThat(call.get(5, TimeUnit.SECONDS).code()).isEqualTo(200);
            }
            Eventually.holds(() -> assertThat(relay.open()).isEqualTo(1));
        }
    }

    @Test
    void aHealthyCallInFlightOnTheConnectionLeftBehindCompletes() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Relay relay = relay(doors);
            CountDownLatch slow = new CountDownLatch(1);
            CountDownLatch slowArrived = new CountDownLatch(1);
            Byroad byroad = doors.byroad(Upstream.named("assistant").endpoint(doors.atEdge()));
            OkHttpClient patient = doors.with(byroad);
            OkHttpClient hasty = doors.built(patient.newBuilder().readTimeout(LIMIT));
            assertThat(got(patient, doors.get("/warm")).code()).isEqualTo(200);
            doors.edge.answers(request -> answerOf(request, slowArrived, slow));
            CompletableFuture<Got> inFlight = inBackground(patient, doors.get("/slow"));
            assertThat(slowArrived.await(5, TimeUnit.SECONDS)).isTrue();

            assertThatThrownBy(() -> got(hasty, doors.post("/silent"))).isInstanceOf(SocketTimeoutException.class);
            assertThat(got(hasty, doors.get("/next")).body()).isEqualTo("edge /next");
            assertThat(relay.made()).isEqualTo(2);
            slow.countDown();

            assertThat(inFlight.get(5, TimeUnit.SECONDS).body()).isEqualTo("edge /slow");
            Eventually.holds(() -> assertThat(relay.open()).isEqualTo(1)); // the last one out closed it
        }
    }

    @Test
    void aServerThatNeverAnsweredGetsNoStormOfHandshakes() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Relay relay = relay(doors);
            doors.edge.answers(Door.SILENCE);
            OkHttpClient client = doors.with(doors.byroad(edgeOnly(doors)));

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> got(client, doors.post("/"))).isInstanceOf(SocketTimeoutException.class);
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
        return path.equals("/silent") ? Door.SILENCE : Door.answer(200, "edge " + path);
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
