package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.EventStreams;
import byroad.Fault.Delivery;
import byroad.Upstream;
import byroad.okhttp.FrameServer.Act;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.util.Collections;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways in which a server can end a request: what was certainly not processed is sent again, a POST as well. */
class KindsOfEndsTest {
    private static final String FRAMES_IP = "127.0.0.8";

    private static FrameServer frames(TestServers servers, Act... acts) throws IOException {
        servers.name(TestServers.HOST, FRAMES_IP);
        return servers.closing(
                new FrameServer(servers.ca.serverSocketFactory(TestServers.HOST), FRAMES_IP, servers.port(), acts));
    }

    private static Request request(TestServers servers, String method) {
        return method.equals("GET") ? servers.get("/") : servers.post("/");
    }

    /** Nothing is declared repeatable. */
    private static Upstream two(TestServers servers) {
        return Upstream.named("assistant").endpoint(servers.atEdge()).endpoint(servers.atOrigin());
    }

    private static Delivery firstDelivery(Got got) {
        return Byroad.reportOf(got.response())
                .attempts()
                .get(0)
                .fault()
                .orElseThrow()
                .delivery();
    }

    @ParameterizedTest
    @CsvSource({"REFUSE, GET", "REFUSE, POST", "GO_AWAY, GET", "GO_AWAY, POST"})
    void aRequestThatTheServerDisownsOnEachConnectionGoesElsewhere(Act act, String method) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            FrameServer frames = frames(servers, Collections.nCopies(30, act).toArray(Act[]::new));

            Got got = got(servers.with(servers.byroad(two(servers))), request(servers, method));

            assertThat(got.by()).isEqualTo("origin");
            assertThat(firstDelivery(got)).isEqualTo(Delivery.NEVER_SENT);
            int most = act == Act.REFUSE ? 5 : 3; // OkHttp itself tries a connection that refuses once more
            assertThat(frames.done).containsOnly(act).hasSize(most);
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"REFUSE, GET", "REFUSE, POST", "GO_AWAY, GET", "GO_AWAY, POST"})
    void aRequestThatTheOnlyServerDisownsIsSentToItOnceMore(Act act, String method) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            FrameServer frames = frames(servers, act);
            OkHttpClient client = servers.with(servers.closing(Byroad.create()));

            Got got = got(client, request(servers, method));

            assertThat(got.body()).isEqualTo("frames");
            assertThat(frames.done).containsExactly(act, Act.ANSWER);
        }
    }

    @Test
    void aBodyThatCanBeWrittenOnceIsNotSentAgainOnceItWasBegun() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            FrameServer frames = frames(servers, Act.REFUSE);
            Buffer stream = new Buffer().writeUtf8("once");
            RequestBody once = new RequestBody() {
                @Override
                public @Nullable MediaType contentType() {
                    return null;
                }

                @Override
                public boolean isOneShot() {
                    return true;
                }

                @Override
                public void writeTo(BufferedSink sink) throws IOException {
                    sink.writeAll(stream);
                }
            };
            Request request = servers.post("/").newBuilder().post(once).build();
            Call call = servers.with(servers.byroad(two(servers))).newCall(request);

            assertThatThrownBy(call::execute).isInstanceOf(IOException.class);

            assertThat(frames.done).containsExactly(Act.REFUSE);
            assertThat(servers.origin.count()).isZero();
            assertThat(Byroad.reportOf(call).notes())
                    .containsExactly("not sent again: its body can be written only once");
        }
    }

    @ParameterizedTest
    @CsvSource({"CUT", "RESET"})
    void overHttp2APostThatMayHaveBeenProcessedIsNotSentAgain(Act act) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            FrameServer frames = frames(servers, act);
            OkHttpClient client = servers.with(servers.byroad(two(servers)));
            Call call = client.newCall(servers.post("/"));

            assertThatThrownBy(call::execute).isInstanceOf(IOException.class);

            assertThat(frames.done).containsExactly(act);
            assertThat(servers.origin.count()).isZero();
            assertThat(Byroad.reportOf(call).notes())
                    .containsExactly("not sent again: POST may have been processed and is not declared repeatable");
        }
    }

    @ParameterizedTest
    @CsvSource({"CUT", "RESET"})
    void overHttp2AGetGoesElsewhere(Act act) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            FrameServer frames = frames(servers, act);

            Got got = got(servers.with(servers.byroad(two(servers))), servers.get("/"));

            assertThat(got.by()).isEqualTo("origin");
            assertThat(firstDelivery(got)).isEqualTo(Delivery.MAYBE_PROCESSED);
            assertThat(frames.done).containsExactly(act);
        }
    }

    @Test
    void overHttp1AGetThatIsCutOffGoesElsewhereAndAPostDoesNot() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.answers(new MockResponse.Builder()
                    .onResponseStart(new SocketEffect.CloseSocket())
                    .build());
            OkHttpClient client = servers.with(servers.byroad(two(servers)));

            assertThatThrownBy(() -> got(client, servers.post("/"))).isInstanceOf(IOException.class);
            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(servers.origin.count()).isZero();

            Got got = got(client, servers.get("/"));
            assertThat(got.by()).isEqualTo("origin");
            assertThat(firstDelivery(got)).isEqualTo(Delivery.MAYBE_PROCESSED);
        }
    }

    @ParameterizedTest
    @CsvSource({"GET", "POST"})
    void overHttp2AnAnswerThatDiesAfterItsHeadersIsNeverRepeated(String method) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            FrameServer frames = frames(servers, Act.CUT_AFTER_HEADERS);
            Call call = servers.with(servers.byroad(servers.assistant())).newCall(request(servers, method));

            assertThatThrownBy(() -> Got.of(call)).isInstanceOf(IOException.class);

            assertThat(frames.done).containsExactly(Act.CUT_AFTER_HEADERS);
            assertThat(servers.origin.count()).isZero();
            assertThat(Byroad.reportOf(call).notes()).singleElement().asString().startsWith("the body failed");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET", "POST"})
    void overHttp1AnAnswerThatDiesAfterItsHeadersIsNeverRepeated(String method) throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.answers(new MockResponse.Builder()
                    .body("x".repeat(100_000))
                    .onResponseBody(new SocketEffect.CloseSocket())
                    .build());
            Call call = servers.with(servers.byroad(servers.assistant())).newCall(request(servers, method));

            assertThatThrownBy(() -> Got.of(call)).isInstanceOf(IOException.class);

            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(servers.origin.count()).isZero();
            assertThat(Byroad.reportOf(call).notes()).singleElement().asString().startsWith("the body failed");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aStreamThatEndsBeforeItBeganIsAskedForOnceMore(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.next(stream("").build());
            servers.edge.answers(stream("data: hello\n\n").build());
            Upstream one = Upstream.named("assistant")
                    .endpoint(servers.atEdge())
                    .repeatable()
                    .eventStreams(EventStreams.withAnyEnd().committedAtFirstEvent());

            Got got = got(servers.with(servers.byroad(one)), servers.post("/"));

            assertThat(got.body()).isEqualTo("data: hello\n\n");
            assertThat(servers.edge.count()).isEqualTo(2);
        }
    }

    @Test
    void aStreamThatTellsOfAnErrorAndThenDiesCountsOnce() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            String error = "data: {\"error\":{\"type\":\"overloaded_error\"}}\n\n";
            servers.edge.answers(stream(error + ": bye\n".repeat(5_000))
                    .onResponseBody(new SocketEffect.CloseSocket())
                    .build());
            Upstream upstream = servers.assistant().eventStreams(EventStreams.ofAiServices());
            Call call = servers.with(servers.byroad(upstream)).newCall(servers.post("/"));

            assertThatThrownBy(() -> Got.of(call)).isInstanceOf(IOException.class);

            assertThat(Byroad.reportOf(call).notes())
                    .containsExactly("the body failed: stream tells of overloaded_error");
        }
    }

    private static MockResponse.Builder stream(String body) {
        return new MockResponse.Builder()
                .setHeader("Content-Type", "text/event-stream")
                .body(body);
    }

    /** As servers do that are restarted one after the other. */
    @Test
    void aServerThatSaysGoodbyeAfterItsAnswerCostsNothing() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            FrameServer frames = frames(servers, Act.ANSWER_AND_LEAVE);
            OkHttpClient client = servers.with(servers.byroad(two(servers)));

            assertThat(got(client, servers.post("/")).by()).isEqualTo("edge");
            Got got = got(client, servers.post("/"));

            assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(1);
            assertThat(frames.done).containsExactly(Act.ANSWER_AND_LEAVE, Act.ANSWER);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aPostToAServerThatIsNotThereGoesElsewhere(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.name(TestServers.HOST, "127.0.0.9");

            Got got = got(servers.with(servers.byroad(two(servers))), servers.post("/"));

            assertThat(got.by()).isEqualTo("origin");
            assertThat(firstDelivery(got)).isEqualTo(Delivery.NEVER_SENT);
        }
    }
}
