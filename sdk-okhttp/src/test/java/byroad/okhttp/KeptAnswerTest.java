package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.EventStreams;
import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An answer that was kept in case nothing better comes. */
class KeptAnswerTest {
    @ParameterizedTest
    @EnumSource(Http.class)
    void anEarlierAnswerIsKeptWhereAStreamIsSilentBeforeItsFirstEvent(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = servers.with(servers.byroad(Upstream.named("assistant")
                    .endpoint(servers.atEdge())
                    .endpoint(Endpoint.at(servers.url(TestServers.OTHER, "")).hostedBy("gcp/europe-west1"))
                    .eventStreams(EventStreams.ofAiServices()
                            .firstEventWithin(Duration.ofMillis(300))
                            .committedAtFirstEvent())));
            servers.edge.answers(TestServer.edgePage(521)); // the origin never got it
            servers.name(TestServers.OTHER, "127.0.0.4");
            servers.opened("other", "127.0.0.4")
                    .answers(new MockResponse.Builder()
                            .setHeader("Content-Type", "text/event-stream")
                            .body("data: one\n\n")
                            .bodyDelay(2, TimeUnit.SECONDS)
                            .build());

            assertThat(TestServers.got(client, servers.post("/")).code()).isEqualTo(521);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anErrorWhoseBodyStallsIsNotLostToTheDeadline(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stalling(TestServer.edgePage(500)));
            OkHttpClient client = servers.with(servers.byroad(alone(servers).deadline(SHORT)));

            assertThat(codeOf(client, servers.post("/"))).isEqualTo(500);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anErrorIsNotLostWhileItIsBuffered(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stalling(TestServer.answer(503, "busy")));
            OkHttpClient client = servers.with(servers.byroad(alone(servers).deadline(SHORT)));

            assertThat(codeOf(client, servers.get("/"))).isEqualTo(503);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anErrorWhoseBodyStallsIsNotLostToTheTimeoutOfTheCall(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stalling(TestServer.edgePage(500)));
            OkHttpClient client = servers.built(
                    servers.byroad(alone(servers)).installOn(servers.client()).callTimeout(SHORT));

            assertThat(codeOf(client, servers.post("/"))).isEqualTo(500);
        }
    }

    private static Upstream alone(TestServers servers) {
        return Upstream.named("assistant").endpoint(servers.atEdge());
    }

    private static MockResponse stalling(MockResponse error) {
        return error.newBuilder().bodyDelay(4, TimeUnit.SECONDS).build();
    }

    private static int codeOf(OkHttpClient client, Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return response.code();
        }
    }

    @Test
    void oneThatIsWholeKeepsItsHeaders() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.next(TestServer.answer(503, "busy"));
            servers.edge.answers(new MockResponse.Builder()
                    .onResponseStart(new SocketEffect.CloseSocket())
                    .build());
            Response kept = TestServers.got(servers.with(servers.byroad(alone(servers))), servers.get("/"))
                    .response();

            assertThat(Byroad.reportOf(kept).attempts()).hasSizeGreaterThan(1);
            assertThat(kept.header("Content-Length")).isEqualTo("4");
        }
    }

    @Test
    void oneThatIsCutTellsNoLength() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.next(TestServer.answer(500, "x".repeat(100_000)));
            servers.edge.answers(new MockResponse.Builder()
                    .onResponseStart(new SocketEffect.CloseSocket())
                    .build());
            Got kept = TestServers.got(servers.with(servers.byroad(alone(servers))), servers.get("/"));

            assertThat(kept.body()).hasSize(64 * 1024);
            assertThat(kept.response().header("Content-Length")).isNull();
        }
    }

    /** Half a second of the edge's page is read before the origin is asked, and is not the origin's. */
    @Test
    void whatItTakesToSetItAsideIsNotTheFallbacks() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.answers(TestServer.edgePage(500)
                    .newBuilder()
                    .body("<html>".repeat(10_000))
                    .throttleBody(20_000, 400, TimeUnit.MILLISECONDS)
                    .build());
            Byroad byroad = servers.byroad(servers.assistant().attemptLimit(Duration.ofSeconds(1)));

            assertThat(TestServers.got(servers.with(byroad), servers.get("/")).by())
                    .isEqualTo("origin");
            assertThat(byroad.status().get(1).limit().orElseThrow().allowed()).isGreaterThan(1);
        }
    }

    private static final Duration SHORT = Duration.ofMillis(600);

    private static Response response(int status, String body) {
        return new Response.Builder()
                .request(new Request.Builder().url("https://api.example.ai/").build())
                .protocol(Protocol.HTTP_2)
                .code(status)
                .message("")
                .body(ResponseBody.create(body, MediaType.get("text/plain")))
                .build();
    }

    /** Two attempts at the same time: one of them may buffer while the other has a good answer. */
    @Test
    void aGoodAnswerIsNeverBuffered() throws Exception {
        String body = "x".repeat(200_000);
        AttemptAnswer good = AttemptAnswer.of(response(200, body), 0);
        AttemptAnswer error = AttemptAnswer.ofError(response(503, body), 0, Optional.empty());

        good.buffer();
        error.buffer();

        assertThat(good.forCaller().body().string()).hasSize(200_000);
        assertThat(error.forCaller().body().string()).hasSize(64 * 1024);
    }
}
