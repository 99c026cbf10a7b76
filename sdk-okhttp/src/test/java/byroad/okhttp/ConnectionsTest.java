package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Preset;
import byroad.Seams;
import byroad.Upstream;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
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

    private static Relay relay(Doors doors) throws Exception {
        doors.name(Doors.HOST, RELAY_IP);
        return doors.closing(new Relay(RELAY_IP, doors.port(), Doors.EDGE_IP));
    }

    private static Byroad phone(Doors doors, Upstream upstream) {
        Random dice = new Random() {
            @Override
            public double nextDouble() {
                return 0.5;
            }
        };
        return doors.closing(Byroad.builder()
                .seams(Seams.standard().preset(Preset.MOBILE).random(dice))
                .upstream(upstream)
                .build());
    }

    /** The chance of the stand-in is a quarter, and it is not drawn. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPhonesCallThatMeetsABlackHoleIsAnsweredOnANewConnection(boolean standIn) throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Relay relay = relay(doors);
            Upstream upstream = Upstream.named("assistant").endpoint(doors.atEdge());
            upstream = (standIn ? upstream.endpoint(doors.atOrigin()) : upstream)
                    .attemptLimit(LIMIT)
                    .deadline(Duration.ofSeconds(5));
            OkHttpClient client = doors.with(phone(doors, upstream));
            assertThat(got(client, doors.get("/warm")).code()).isEqualTo(200);
            relay.freeze();

            Got got = got(client, doors.get("/through"));

            assertThat(got.body()).isEqualTo("edge /through");
        }
    }

    /** The connection answers others all the while: it is no black hole. */
    @Test
    void aSlowRequestOnAConnectionThatAnswersOthersCostsNoHandshake() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Relay relay = relay(doors);
            doors.edge.answers(request ->
                    request.getUrl().encodedPath().equals("/slow") ? Door.SILENCE : Door.answer(200, "quick"));
            OkHttpClient client = doors.with(doors.byroad(
                    Upstream.named("assistant").endpoint(doors.atEdge()).attemptLimit(LIMIT)));
            assertThat(got(client, doors.get("/warm")).code()).isEqualTo(200);
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Integer> others = CompletableFuture.supplyAsync(() -> {
                int answered = 0;
                try {
                    while (!over.get()) {
                        answered += got(client, doors.get("/quick")).code() == 200 ? 1 : 0;
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                return answered;
            });
            try {
                for (int i = 0; i < 4; i++) {
                    assertThatThrownBy(() -> got(client, doors.post("/slow")))
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
        try (Doors doors = Doors.open(Http.H2)) {
            Relay relay = relay(doors);
            doors.edge.answers(request ->
                    request.getUrl().encodedPath().equals("/slow") ? Door.SILENCE : Door.answer(200, "quick"));
            OkHttpClient client = doors.built(doors.client().readTimeout(LIMIT));
            for (int i = 0; i < 4; i++) {
                assertThat(got(client, doors.get("/quick")).code()).isEqualTo(200);
                assertThatThrownBy(() -> got(client, doors.post("/slow"))).isInstanceOf(SocketTimeoutException.class);
            }
            assertThat(relay.made()).isEqualTo(1);
        }
    }

    /** Android tells of a network's changed capabilities, such as its signal, many times an hour. */
    @Test
    void theSameNetworkOnceMoreCostsNoConnection() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Relay relay = relay(doors);
            Byroad byroad = phone(doors, Upstream.named("assistant").endpoint(doors.atEdge()));
            OkHttpClient client = doors.with(byroad);
            byroad.onNetworkChanged("100");
            assertThat(got(client, doors.get("/")).code()).isEqualTo(200);
            for (int i = 0; i < 3; i++) {
                byroad.onNetworkChanged("100");
                assertThat(got(client, doors.get("/")).code()).isEqualTo(200);
            }
            assertThat(relay.made()).isEqualTo(1);
        }
    }

    /** Every answer of the edge breaks in its body; a call every three seconds for five minutes. */
    @Test
    void whereEveryBodyBreaksTheStandInIsUsedAfterAWhile() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            OffsetTime time = new OffsetTime();
            Byroad byroad = doors.closing(Byroad.builder()
                    .seams(Seams.standard().preset(Preset.SERVER).time(time))
                    .upstream(doors.assistant())
                    .build());
            OkHttpClient client = doors.with(byroad);
            doors.edge.answers(request -> Door.answer(200, "x".repeat(50_000))
                    .newBuilder()
                    .onResponseBody(new SocketEffect.CloseSocket())
                    .build());
            int whole = 0;
            for (int i = 0; i < 100; i++) {
                try {
                    whole += got(client, doors.get("/" + i)).code() == 200 ? 1 : 0;
                } catch (IOException broken) {
                    // the caller's loss
                }
                time.jump(Duration.ofSeconds(3));
            }
            assertThat(whole).as("%s", byroad).isGreaterThan(50);
        }
    }
}
