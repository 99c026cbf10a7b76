package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.EventStreams;
import byroad.Preset;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What counts as slowness of a fallback endpoint: its silence after the request, and nothing else that takes time. */
class SilenceTest {
    private final OffsetTime time = new OffsetTime();

    private Byroad byroad(TestServers servers, Upstream upstream) {
        return servers.closing(Byroad.builder()
                .runtime(ClientRuntime.standard().time(time).preset(Preset.SERVER))
                .upstream(upstream)
                .build());
    }

    private static String gateOf(Byroad byroad) {
        return byroad.status().get(1).limit().orElseThrow().toString();
    }

    /** Six seconds of the ten that an attempt has, as far as our clock knows. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void timeThatAFallbackIsConnectedToAndWrittenToIsNoSlownessOfItsAnswers(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            Relay faraway = servers.closing(new Relay("127.0.0.4", servers.port(), TestServers.ORIGIN_IP));
            servers.name(TestServers.ORIGIN, "127.0.0.4");
            Byroad byroad = byroad(servers, servers.assistant().attemptLimit(Duration.ofSeconds(10)));
            AnswersOfOrigin answers = new AnswersOfOrigin();
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client()).eventListener(answers));
            servers.edge.answers(TestServer.edgePage(500));

            faraway.onConnect(() -> time.jump(Duration.ofSeconds(6)));
            assertThat(TestServers.got(client, servers.get("/")).code()).isEqualTo(200);
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
            Request upload = servers.get("/").newBuilder().post(large).build();
            assertThat(TestServers.got(client, upload).code()).isEqualTo(200);
            assertThat(gateOf(byroad)).isEqualTo("0 in flight, 4.00 allowed");

            answers.isLate = true;
            assertThat(TestServers.got(client, servers.get("/")).code()).isEqualTo(200);
            assertThat(gateOf(byroad)).isEqualTo("0 in flight, 2.00 allowed");
        }
    }

    /** Six seconds pass between a request that is written and the headers of its answer, told by the client and not by a server. */
    private final class AnswersOfOrigin extends EventListener {
        private volatile boolean isLate;
        private volatile boolean isAtOrigin;

        @Override
        public void connectionAcquired(Call call, Connection connection) {
            isAtOrigin = String.valueOf(connection.route().socketAddress()).contains("127.0.0.4");
        }

        @Override
        public void responseHeadersStart(Call call) {
            if (isLate && isAtOrigin) {
                time.jump(Duration.ofSeconds(6));
            }
        }
    }

    /** A fallback endpoint that hands downloads to a storage, to which the connection is far. */
    @Test
    void timeThatAConnectionAfterARedirectTakesIsNoSlowness() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Byroad byroad = byroad(servers, servers.assistant().attemptLimit(Duration.ofSeconds(10)));
            OkHttpClient client = servers.with(byroad);
            servers.edge.answers(TestServer.edgePage(500));
            servers.opened("storage", "127.0.0.9");
            Relay faraway = servers.closing(new Relay("127.0.0.8", servers.port(), "127.0.0.9"));
            servers.name(TestServers.OTHER, "127.0.0.8");
            faraway.onConnect(() -> time.jump(Duration.ofSeconds(6)));
            servers.origin.answers(new MockResponse.Builder()
                    .code(302)
                    .setHeader("Location", servers.url(TestServers.OTHER, "/file"))
                    .build());
            assertThat(TestServers.got(client, servers.get("/")).body()).isEqualTo("storage /file");
            assertThat(gateOf(byroad)).isEqualTo("0 in flight, 4.00 allowed");
        }
    }

    /** The authenticator fetches a token, which takes its time; the fallback endpoint answers at once. */
    @Test
    void timeThatAnAuthenticatorTakesIsNoSlowness() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Byroad byroad = byroad(servers, servers.assistant().attemptLimit(Duration.ofSeconds(10)));
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client().authenticator((route, response) -> {
                        time.jump(Duration.ofSeconds(6));
                        return response.request()
                                .newBuilder()
                                .header("Authorization", "x")
                                .build();
                    })));
            servers.edge.answers(TestServer.edgePage(500));
            servers.origin.answers(request -> request.getHeaders().get("Authorization") == null
                    ? TestServer.answer(401, "")
                    : TestServer.answer(200, "in"));
            assertThat(TestServers.got(client, servers.get("/")).body()).isEqualTo("in");
            assertThat(gateOf(byroad)).isEqualTo("0 in flight, 4.00 allowed");
        }
    }

    /** A model that thinks for longer than its headers may take, and as it was asked: firstEventWithin is long. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void timeUntilTheFirstEventOfAStreamIsNoSlownessOfItsHeaders(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            Byroad byroad = byroad(
                    servers,
                    servers.assistant()
                            .attemptLimit(Duration.ofSeconds(2))
                            .eventStreams(EventStreams.withAnyEnd()
                                    .firstEventWithin(Duration.ofSeconds(30))
                                    .committedAtFirstEvent()));
            OkHttpClient client = servers.with(byroad);
            servers.edge.answers(TestServer.edgePage(500));
            servers.origin.answers(new MockResponse.Builder()
                    .setHeader("Content-Type", "text/event-stream")
                    .bodyDelay(1_200, TimeUnit.MILLISECONDS)
                    .body("data: hello\n\n")
                    .build());
            TestServers.Got got = TestServers.got(client, servers.get("/"));
            assertThat(got.code()).isEqualTo(200);
            assertThat(gateOf(byroad)).isEqualTo("0 in flight, 4.00 allowed");
        }
    }

    /** The name of the fallback endpoint is first looked up in the outage, and the resolver loses the packet. */
    @Test
    void aLookUpThatTakesTooLongIsNoOverloadOfTheFallback() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Byroad byroad = byroad(servers, servers.assistant().attemptLimit(Duration.ofMillis(500)));
            Unanswered answer = servers.closing(new Unanswered());
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client().dns(host -> {
                        if (host.equals(TestServers.ORIGIN)) {
                            answer.join();
                        }
                        return servers.lookup(host);
                    })));
            servers.edge.answers(TestServer.edgePage(500));
            assertThat(TestServers.got(client, servers.get("/")).code()).isEqualTo(500);
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
