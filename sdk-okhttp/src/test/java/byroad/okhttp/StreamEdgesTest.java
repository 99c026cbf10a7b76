package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.Event;
import byroad.EventStreams;
import byroad.TimeSource;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Cache;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.GzipSink;
import okio.GzipSource;
import okio.Okio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that only look like event streams, and streams that fail or come in unusual ways. */
class StreamEdgesTest {
    private static final String HELLO = "data: {\"delta\":\"hello\"}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private final List<Event> events = new CopyOnWriteArrayList<>();

    private static MockResponse.Builder stream(String body) {
        return new MockResponse.Builder()
                .setHeader("Content-Type", "text/event-stream")
                .body(body);
    }

    private static Buffer zipped(String... parts) throws IOException {
        Buffer zipped = new Buffer();
        try (var sink = Okio.buffer(new GzipSink(zipped))) {
            for (String part : parts) {
                sink.writeUtf8(part);
                sink.flush();
            }
        }
        return zipped;
    }

    private static EventStreams ai(boolean committed) {
        EventStreams ai = EventStreams.ofAiServices();
        return committed ? ai.committedAtFirstEvent() : ai;
    }

    private Byroad expecting(TestServers servers, EventStreams expected) {
        return servers.closing(Byroad.builder()
                .upstream(Upstream.named("assistant").endpoint(servers.atEdge()).eventStreams(expected))
                .onEvent(events::add)
                .build());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerWithoutABodyIsNoStream(boolean committed) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(request -> stream("")
                    .code(request.getMethod().equals("HEAD") ? 200 : 204)
                    .build());
            OkHttpClient client = servers.with(expecting(servers, ai(committed)));

            for (Request request : List.of(servers.get("/").newBuilder().head().build(), servers.get("/"))) {
                assertThat(TestServers.got(client, request).body()).isEmpty();
            }
            assertThat(servers.edge.count()).isEqualTo(2);
            assertThat(events).isEmpty();
        }
    }

    /** He asked for gzip himself, as okhttp-brotli does for its users. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamThatTheCallerUnpacksIsNotTakenForBroken(boolean committed) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(stream("")
                    .setHeader("Content-Encoding", "gzip")
                    .body(zipped(HELLO + DONE))
                    .build());
            OkHttpClient client = servers.with(expecting(servers, ai(committed)));
            Request request = servers.get("/")
                    .newBuilder()
                    .header("Accept-Encoding", "gzip")
                    .build();

            try (Response response = client.newCall(request).execute()) {
                var unpacked = Okio.buffer(new GzipSource(response.body().source()));
                assertThat(unpacked.readUtf8()).isEqualTo(HELLO + DONE);
                assertThat(response.body().source().exhausted()).isTrue(); // as who copies the body finds out
            }
            assertThat(servers.edge.count()).isEqualTo(1);
        }
    }

    @Test
    void aLastEventWhoseLineIsNotEndedIsOne() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(stream(HELLO + DONE.trim()).build());

            assertThat(TestServers.got(servers.with(expecting(servers, ai(false))), servers.get("/"))
                            .body())
                    .isEqualTo(HELLO + DONE.trim());
        }
    }

    /** Nothing better came: it is delivered, and not as a success. */
    @Test
    void aFalseStartThatWasKeptIsAnErrorToItsReader() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.next(stream(": hello\n\n").build());
            servers.edge.answers(new MockResponse.Builder()
                    .onResponseStart(new SocketEffect.CloseSocket())
                    .build());
            servers.name(TestServers.OTHER, "127.0.0.9"); // nobody listens
            OkHttpClient client = servers.with(servers.byroad(Upstream.named("assistant")
                    .endpoint(servers.atEdge())
                    .endpoint(Endpoint.at(servers.url(TestServers.OTHER, "")).hostedBy("gcp/europe-west1"))
                    .repeatable()
                    .eventStreams(ai(true))));

            try (Response response = client.newCall(servers.post("/")).execute()) {
                assertThat(response.code()).isEqualTo(200);
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(ProtocolException.class);
            }
        }
    }

    /** The message is complete, and OkHttp finds nothing wrong with it. */
    @Test
    void aCompressedStreamThatIsCutCountsAgainstItsEndpoint() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            Buffer whole = zipped(HELLO, HELLO.repeat(10) + DONE);
            Buffer cut = new Buffer();
            whole.copyTo(cut, 0, whole.size() - 12);
            servers.edge.answers(
                    stream("").setHeader("Content-Encoding", "gzip").body(cut).build());
            OkHttpClient client = servers.with(expecting(servers, ai(false)));

            try (Response response = client.newCall(servers.get("/")).execute()) {
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(IOException.class);
                assertThat(Byroad.reportOf(response).notes())
                        .singleElement()
                        .asString()
                        .startsWith("the body failed");
            }
        }
    }

    /** The limit was reached between two reads, so that no socket failed. */
    @Test
    void aStreamThatBeginsTooLateIsToldWhoeverNoticesIt() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            String ping = ": ping\n\n";
            servers.edge.answers(stream(ping.repeat(4) + HELLO + DONE)
                    .throttleBody(ping.length(), 300, TimeUnit.MILLISECONDS)
                    .build());
            OkHttpClient client = servers.with(servers.closing(Byroad.builder()
                    .runtime(ClientRuntime.standard().time(new Ticking()))
                    .upstream(Upstream.named("assistant")
                            .endpoint(servers.atEdge())
                            .eventStreams(ai(false).firstEventWithin(Duration.ofSeconds(30))))
                    .build()));

            try (Response response = client.newCall(servers.get("/")).execute()) {
                assertThatThrownBy(() -> response.body().string()).hasMessageContaining("no event for");
                assertThat(Byroad.reportOf(response).notes())
                        .singleElement()
                        .asString()
                        .startsWith("the body failed");
            }
        }
    }

    /** Who holds back has a limit, whatever else is declared: pings do not extend the silence. */
    @Test
    void pingsDoNotHoldAnAnswerBackForLongerThanASilence() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            String ping = ": ping\n\n";
            servers.edge.answers(stream(ping.repeat(4) + HELLO + DONE)
                    .throttleBody(ping.length(), 300, TimeUnit.MILLISECONDS)
                    .build());
            OkHttpClient client = servers.with(servers.closing(Byroad.builder()
                    .runtime(ClientRuntime.standard().time(new Ticking()))
                    .upstream(Upstream.named("assistant")
                            .endpoint(servers.atEdge())
                            .eventStreams(ai(true).silenceLimit(Duration.ofSeconds(30))))
                    .build()));

            assertThatThrownBy(() -> TestServers.got(client, servers.post("/")))
                    .hasMessageContaining("no event for 30000ms");
        }
    }

    @Test
    void aStreamIsReadAlongWithWhereAnInterceptorStripsAHeaderAsWell() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.name(TestServers.OTHER, "127.0.0.4");
            servers.edge.answers(TestServer.edgePage(500));
            servers.opened("other", "127.0.0.4").answers(stream(HELLO).build());
            Byroad byroad = servers.byroad(Upstream.named("assistant")
                    .endpoint(servers.atEdge())
                    .endpoint(Endpoint.at(servers.url(TestServers.OTHER, ""))
                            .hostedBy("gcp/europe-west1")
                            .sharesCredentials())
                    .repeatable()
                    .eventStreams(ai(false)));
            OkHttpClient client = servers.built(byroad.installOn(servers.client())
                    .addNetworkInterceptor(chain -> chain.proceed(
                            chain.request().url().host().equals(TestServers.HOST)
                                    ? chain.request()
                                    : chain.request()
                                            .newBuilder()
                                            .removeHeader("X-Trace")
                                            .build())));
            Request request =
                    servers.post("/").newBuilder().header("X-Trace", "1").build();

            try (Response response = client.newCall(request).execute()) {
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(ProtocolException.class);
            }
        }
    }

    @Test
    void aBrokenStreamOutOfTheCacheIsToldToItsReaderAndChargesNobody(@TempDir Path folder) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2);
                Cache cache = new Cache(folder.toFile(), 1 << 20)) {
            servers.edge.answers(
                    stream(HELLO).setHeader("Cache-Control", "max-age=600").build());
            OkHttpClient client = servers.built(
                    expecting(servers, ai(false)).installOn(servers.client()).cache(cache));

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> TestServers.got(client, servers.get("/")))
                        .isInstanceOf(ProtocolException.class);
            }
            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(events).filteredOn(Event.BodyFailed.class::isInstance).hasSize(1);
        }
    }

    /** Each look at it is 20 s later, as if the thread had slept while it read. */
    private static final class Ticking implements TimeSource {
        private final TimeSource machine = TimeSource.system();
        private final AtomicLong ticks = new AtomicLong();

        @Override
        public long nanoTime() {
            return machine.nanoTime() + ticks.addAndGet(Duration.ofSeconds(20).toNanos());
        }

        @Override
        public Instant now() {
            return machine.now();
        }

        @Override
        public Scheduled schedule(Duration delay, Runnable task) {
            return machine.schedule(delay, task);
        }

        @Override
        public void close() {
            machine.close();
        }
    }

    /** The event came at the last moment, and the caller's thread later. */
    @Test
    void anEventThatWasWaitedForIsNotLateForItsReader() throws Exception {
        Response response = new Response.Builder()
                .request(new Request.Builder().url("https://api.example.test/").build())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("")
                .body(ResponseBody.create(DONE, MediaType.get("text/event-stream")))
                .build();
        EventStream stream = new EventStream(
                response,
                EventStreams.ofAiServices()
                        .firstEventWithin(Duration.ofMillis(300))
                        .committedAtFirstEvent(),
                0,
                new Ticking());
        assertThat(stream.start(Optional.empty()).isFalse()).isFalse();

        Response forReader = stream.forReader(why -> {}, why -> {});
        assertThat(forReader.body().string()).isEqualTo(DONE);
    }
}
