package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Seams;
import byroad.Upstream;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that was used before and ends as a request comes is no failure of its server: the request is sent once more. */
class DyingConnectionTest {
    private static final MockResponse THEN_CLOSED = new MockResponse.Builder()
            .body("warm")
            .onResponseEnd(new SocketEffect.CloseSocket())
            .build();

    private final OffsetTime time = new OffsetTime();

    private OkHttpClient client(Doors doors) {
        Byroad byroad = doors.closing(Byroad.builder()
                .seams(Seams.standard().time(time))
                .upstream(Upstream.named("assistant").endpoint(doors.atEdge()))
                .build());
        return doors.with(byroad);
    }

    @Test
    void aPostAfterTheServerClosedTheIdleConnectionSucceedsAndArrivesOnce() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            OkHttpClient client = client(doors);
            for (int i = 0; i < 3; i++) {
                doors.edge.next(THEN_CLOSED);
                assertThat(got(client, doors.get("/warm")).body()).isEqualTo("warm");
                time.jump(Duration.ofSeconds(3));

                assertThat(got(client, doors.post("/pay")).body()).isEqualTo("edge /pay");
                time.jump(Duration.ofSeconds(3));
            }

            assertThat(doors.edge.requests)
                    .filteredOn(request -> request.getTarget().equals("/pay"))
                    .hasSize(3);
        }
    }

    @Test
    void aPostAfterTheServerClosedTheConnectionJustNowSucceedsAndArrivesOnce() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            doors.name(Doors.HOST, "127.0.0.4");
            Relay relay = doors.closing(new Relay("127.0.0.4", doors.port(), Doors.EDGE_IP));
            OkHttpClient client = client(doors);
            for (int i = 0; i < 3; i++) {
                assertThat(got(client, doors.get("/warm")).code()).isEqualTo(200);
                time.jump(Duration.ofMillis(200));
                relay.cut();

                assertThat(got(client, doors.post("/pay")).body()).isEqualTo("edge /pay");
            }

            assertThat(doors.edge.requests)
                    .filteredOn(request -> request.getTarget().equals("/pay"))
                    .hasSize(3);
        }
    }

    @Test
    void aPostThatWasAnsweredByARedirectToAnIdleConnectionArrivesOnce() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            doors.name(Doors.OTHER, "127.0.0.9");
            Door other = doors.opened("other", "127.0.0.9");
            doors.edge.answers(new MockResponse.Builder()
                    .code(303)
                    .setHeader("Location", doors.url(Doors.OTHER, "/done"))
                    .build());
            OkHttpClient client = client(doors);
            assertThat(got(client, doors.get("/warm")).body()).isEqualTo("other /done");
            time.jump(Duration.ofSeconds(3));

            assertThat(got(client, doors.post("/pay")).body()).isEqualTo("other /done");

            assertThat(doors.edge.requests)
                    .filteredOn(request -> request.getTarget().equals("/pay"))
                    .hasSize(1);
            assertThat(other.count()).isEqualTo(2);
        }
    }

    @Test
    void aPostOnAConnectionUsedJustNowKeepsIt() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            OkHttpClient client = client(doors);
            assertThat(got(client, doors.get("/warm")).code()).isEqualTo(200);
            time.jump(Duration.ofSeconds(1));
            assertThat(got(client, doors.post("/pay")).code()).isEqualTo(200);

            assertThat(doors.edge.connections()).isEqualTo(1);
        }
    }

    @Test
    void aPostKeepsAnIdleConnectionThatStillWorks() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            OkHttpClient client = client(doors);
            assertThat(got(client, doors.get("/warm")).code()).isEqualTo(200);
            time.jump(Duration.ofSeconds(3));
            Got got = got(client, doors.post("/pay"));

            assertThat(got.code()).isEqualTo(200);
            assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(1); // nothing failed
            assertThat(doors.edge.count()).isEqualTo(2);
            assertThat(doors.edge.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void whatMayBeSentTwiceKeepsAnIdleConnectionThatStillWorks(String method) throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            OkHttpClient client = client(doors);
            assertThat(got(client, doors.get("/warm")).code()).isEqualTo(200);
            time.jump(Duration.ofSeconds(3));
            Request again = doors.get("/page").newBuilder().method(method, null).build();
            assertThat(got(client, again).code()).isEqualTo(200);

            assertThat(doors.edge.connections()).isEqualTo(1);
        }
    }

    @Test
    void overHttp2AnIdleConnectionIsKept() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            OkHttpClient client = client(doors);
            assertThat(got(client, doors.get("/warm")).code()).isEqualTo(200);
            time.jump(Duration.ofSeconds(60));
            assertThat(got(client, doors.post("/pay")).code()).isEqualTo(200);

            assertThat(doors.edge.connections()).isEqualTo(1);
        }
    }

    @Test
    void aGetOnAConnectionThatTheServerClosedIsSentAgainByUs() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            OkHttpClient client = client(doors);
            doors.edge.next(THEN_CLOSED);
            assertThat(got(client, doors.get("/warm")).body()).isEqualTo("warm");
            time.jump(Duration.ofSeconds(3));

            assertThat(got(client, doors.get("/page")).body()).isEqualTo("edge /page");
        }
    }
}
