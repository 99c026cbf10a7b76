package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.EventStreams;
import byroad.Preset;
import byroad.Seams;
import byroad.Upstream;
import byroad.okhttp.Doors.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What counts as slowness of a stand-in: its silence after the request, and nothing else that takes time. */
class SilenceTest {
    private final OffsetTime time = new OffsetTime();

    private Byroad byroad(Doors doors, Upstream upstream) {
        return doors.closing(Byroad.builder()
                .seams(Seams.standard().time(time).preset(Preset.SERVER))
                .upstream(upstream)
                .build());
    }

    private static String gateOf(Byroad byroad) {
        return byroad.status().get(1).gate().orElseThrow().toString();
    }

    /** Six seconds of the ten that an attempt has, as far as our clock knows. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void timeThatAStandInIsConnectedToAndWrittenToIsNoSlownessOfItsAnswers(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Relay faraway = doors.closing(new Relay("127.0.0.4", doors.port(), Doors.ORIGIN_IP));
            doors.name(Doors.ORIGIN, "127.0.0.4");
            Byroad byroad = byroad(doors, doors.assistant().attemptLimit(Duration.ofSeconds(10)));
            OkHttpClient client = doors.with(byroad);
            doors.edge.answers(Door.edgePage(500));

            faraway.onConnect(() -> time.jump(Duration.ofSeconds(6)));
            assertThat(Doors.got(client, doors.get("/")).code()).isEqualTo(200);
            assertThat(gateOf(byroad)).isEqualTo("0 in flight, 4.00 allowed");

            RequestBody large = new RequestBody() {
                @Override
                public @Nullable MediaType contentType() {
                    return null;
                }

                @Override
                public void writeTo(BufferedSink sink) throws IOException {
                    time.jump(Duration.ofSeconds(6));
                    sink.writeUtf8("much");
                }
            };
            Request upload = doors.get("/").newBuilder().post(large).build();
            assertThat(Doors.got(client, upload).code()).isEqualTo(200);
            assertThat(gateOf(byroad)).isEqualTo("0 in flight, 4.00 allowed");

            doors.origin.answers(request -> {
                time.jump(Duration.ofSeconds(6));
                return Door.answer(200, "origin");
            });
            assertThat(Doors.got(client, doors.get("/")).code()).isEqualTo(200);
            assertThat(gateOf(byroad)).isEqualTo("0 in flight, 2.00 allowed");
        }
    }

    /** A stand-in that hands downloads to a storage, to which the connection is far. */
    @Test
    void timeThatAConnectionAfterARedirectTakesIsNoSlowness() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Byroad byroad = byroad(doors, doors.assistant().attemptLimit(Duration.ofSeconds(10)));
            OkHttpClient client = doors.with(byroad);
            doors.edge.answers(Door.edgePage(500));
            doors.opened("storage", "127.0.0.9");
            Relay faraway = doors.closing(new Relay("127.0.0.8", doors.port(), "127.0.0.9"));
            doors.name(Doors.OTHER, "127.0.0.8");
            faraway.onConnect(() -> time.jump(Duration.ofSeconds(6)));
            doors.origin.answers(new MockResponse.Builder()
                    .code(302)
                    .setHeader("Location", doors.url(Doors.OTHER, "/file"))
                    .build());
            assertThat(Doors.got(client, doors.get("/")).body()).isEqualTo("storage /file");
            assertThat(gateOf(byroad)).isEqualTo("0 in flight, 4.00 allowed");
        }
    }

    /** The authenticator fetches a token, which takes its time; the stand-in answers at once. */
    @Test
    void timeThatAnAuthenticatorTakesIsNoSlowness() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Byroad byroad = byroad(doors, doors.assistant().attemptLimit(Duration.ofSeconds(10)));
            OkHttpClient client = doors.built(byroad.installOn(doors.client().authenticator((route, response) -> {
                time.jump(Duration.ofSeconds(6));
                return response.request()
                        .newBuilder()
                        .header("Authorization", "x")
                        .build();
            })));
            doors.edge.answers(Door.edgePage(500));
            doors.origin.answers(request ->
                    request.getHeaders().get("Authorization") == null ? Door.answer(401, "") : Door.answer(200, "in"));
            assertThat(Doors.got(client, doors.get("/")).body()).isEqualTo("in");
            assertThat(gateOf(byroad)).isEqualTo("0 in flight, 4.00 allowed");
        }
    }

    /** A model that thinks for longer than its headers may take, and as it was asked: firstEventWithin is long. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void timeUntilTheFirstEventOfAStreamIsNoSlownessOfItsHeaders(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Byroad byroad = byroad(
                    doors,
                    doors.assistant()
                            .attemptLimit(Duration.ofSeconds(2))
                            .eventStreams(EventStreams.withAnyEnd()
                                    .firstEventWithin(Duration.ofSeconds(30))
                                    .committedAtFirstEvent()));
            OkHttpClient client = doors.with(byroad);
            doors.edge.answers(Door.edgePage(500));
            doors.origin.answers(new MockResponse.Builder()
                    .setHeader("Content-Type", "text/event-stream")
                    .bodyDelay(1_200, TimeUnit.MILLISECONDS)
                    .body("data: hello\n\n")
                    .build());
            Doors.Got got = Doors.got(client, doors.get("/"));
            assertThat(got.code()).isEqualTo(200);
            assertThat(gateOf(byroad)).isEqualTo("0 in flight, 4.00 allowed");
        }
    }

    /** The name of the stand-in is first looked up in the outage, and the resolver loses the packet. */
    @Test
    void aLookUpThatTakesTooLongIsNoOverloadOfTheStandIn() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Byroad byroad = byroad(doors, doors.assistant().attemptLimit(Duration.ofMillis(500)));
            Unanswered answer = doors.closing(new Unanswered());
            OkHttpClient client = doors.built(byroad.installOn(doors.client().dns(host -> {
                if (host.equals(Doors.ORIGIN)) {
                    answer.join();
                }
                return doors.lookup(host);
            })));
            doors.edge.answers(Door.edgePage(500));
            assertThat(Doors.got(client, doors.get("/")).code()).isEqualTo(500);
            assertThat(gateOf(byroad)).isEqualTo("0 in flight, 2.00 allowed");
        }
    }

    /** Until the test is over. */
    private static final class Unanswered extends CompletableFuture<Void> implements AutoCloseable {
        @Override
        public void close() {
            complete(null);
        }
    }
}
