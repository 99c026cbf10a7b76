package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.EventStreams;
import byroad.Upstream;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An answer that was kept in case nothing better comes. */
class KeptAnswerTest {
    @ParameterizedTest
    @EnumSource(Http.class)
    void anEarlierAnswerIsKeptWhereAStreamIsSilentBeforeItsFirstEvent(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            OkHttpClient client = doors.with(doors.byroad(Upstream.named("assistant")
                    .endpoint(doors.atEdge())
                    .endpoint(Endpoint.at(doors.url(Doors.OTHER, "")).hostedBy("gcp/europe-west1"))
                    .eventStreams(EventStreams.ofAiServices()
                            .firstEventWithin(Duration.ofMillis(300))
                            .committedAtFirstEvent())));
            doors.edge.answers(Door.edgePage(521)); // the origin never got it
            doors.name(Doors.OTHER, "127.0.0.4");
            doors.opened("other", "127.0.0.4")
                    .answers(new MockResponse.Builder()
                            .setHeader("Content-Type", "text/event-stream")
                            .body("data: one\n\n")
                            .bodyDelay(2, TimeUnit.SECONDS)
                            .build());

            assertThat(Doors.got(client, doors.post("/")).code()).isEqualTo(521);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anErrorWhoseBodyStallsIsNotLostToTheDeadline(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(stalling(Door.edgePage(500)));
            OkHttpClient client = doors.with(doors.byroad(alone(doors).deadline(SHORT)));

            assertThat(codeOf(client, doors.post("/"))).isEqualTo(500);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void norIsItWhileItIsSetAside(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(stalling(Door.answer(503, "busy")));
            OkHttpClient client = doors.with(doors.byroad(alone(doors).deadline(SHORT)));

            assertThat(codeOf(client, doors.get("/"))).isEqualTo(503);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void norIsItToTheTimeoutOfTheCall(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(stalling(Door.edgePage(500)));
            OkHttpClient client = doors.built(
                    doors.byroad(alone(doors)).installOn(doors.client()).callTimeout(SHORT));

            assertThat(codeOf(client, doors.post("/"))).isEqualTo(500);
        }
    }

    private static Upstream alone(Doors doors) {
        return Upstream.named("assistant").endpoint(doors.atEdge());
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
        try (Doors doors = Doors.open(Http.H1)) {
            doors.edge.next(Door.answer(503, "busy"));
            doors.edge.answers(new MockResponse.Builder()
                    .onResponseStart(new SocketEffect.CloseSocket())
                    .build());
            Response kept = Doors.got(doors.with(doors.byroad(alone(doors))), doors.get("/"))
                    .response();

            assertThat(Byroad.reportOf(kept).attempts()).hasSizeGreaterThan(1);
            assertThat(kept.header("Content-Length")).isEqualTo("4");
        }
    }

    @Test
    void oneThatIsCutTellsNoLength() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            doors.edge.next(Door.answer(500, "x".repeat(100_000)));
            doors.edge.answers(new MockResponse.Builder()
                    .onResponseStart(new SocketEffect.CloseSocket())
                    .build());
            Got kept = Doors.got(doors.with(doors.byroad(alone(doors))), doors.get("/"));

            assertThat(kept.body()).hasSize(64 * 1024);
            assertThat(kept.response().header("Content-Length")).isNull();
        }
    }

    /** Half a second of the edge's page is read before the origin is asked, and is not the origin's. */
    @Test
    void whatItTakesToSetItAsideIsNotTheStandIns() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            doors.edge.answers(Door.edgePage(500)
                    .newBuilder()
                    .body("<html>".repeat(10_000))
                    .throttleBody(20_000, 400, TimeUnit.MILLISECONDS)
                    .build());
            Byroad byroad = doors.byroad(doors.assistant().attemptLimit(Duration.ofSeconds(1)));

            assertThat(Doors.got(doors.with(byroad), doors.get("/")).by()).isEqualTo("origin");
            assertThat(byroad.status().get(1).gate().orElseThrow().allowed()).isGreaterThan(1);
        }
    }

    private static final Duration SHORT = Duration.ofMillis(600);
}
