package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Endpoint;
import byroad.Event;
import byroad.Preset;
import byroad.Seams;
import byroad.Upstream;
import byroad.okhttp.Doors.Http;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

/** A stand-in is proven before it is needed, where its owner offers a path for it. */
class HealthRequestsTest {
    private final OffsetTime time = new OffsetTime();
    private final List<Event> events = new CopyOnWriteArrayList<>();

    private Byroad byroad(Doors doors, Preset preset) {
        Upstream assistant = Upstream.named("assistant")
                .endpoint(doors.atEdge())
                .endpoint(doors.atOrigin().healthRequest("/healthz"));
        return doors.closing(Byroad.builder()
                .seams(Seams.standard().time(time).events(events::add))
                .preset(preset)
                .upstream(assistant)
                .build());
    }

    private static Request withKey(Doors doors) {
        return doors.get("/").newBuilder().header("Authorization", "Bearer key").build();
    }

    @Test
    void trafficAsksTheStandInWithoutCredentialsEveryFiveMinutes() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            OkHttpClient client = doors.with(byroad(doors, Preset.SERVER));
            got(client, withKey(doors));
            got(client, withKey(doors));
            Eventually.holds(() -> assertThat(doors.origin.count()).isEqualTo(1));
            assertThat(doors.origin.last().getUrl().encodedPath()).isEqualTo("/healthz");
            assertThat(doors.origin.last().getHeaders().get("Authorization")).isNull();
            time.jump(Duration.ofMinutes(6));
            got(client, withKey(doors));
            Eventually.holds(() -> assertThat(doors.origin.count()).isEqualTo(2));
        }
    }

    @Test
    void itProvesTheStandInSoThatItIsHeldWhenItsNameGoesEmpty() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            OkHttpClient client = doors.with(byroad(doors, Preset.SERVER));
            got(client, doors.get("/"));
            Eventually.holds(() -> assertThat(doors.origin.count()).isEqualTo(1));
            doors.name(Doors.ORIGIN);
            time.jump(Duration.ofSeconds(31));
            doors.edge.answers(Door.edgePage(500));

            assertThat(got(client, doors.get("/")).body()).isEqualTo("origin /");
        }
    }

    @Test
    void itConnectsByTheClientsOwnSockets() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            OtherSockets sockets = new OtherSockets();
            OkHttpClient client = doors.with(byroad(doors, Preset.SERVER))
                    .newBuilder()
                    .socketFactory(sockets)
                    .build();
            got(client, doors.get("/"));
            Eventually.holds(() -> assertThat(doors.origin.count()).isEqualTo(1));
            assertThat(sockets.made()).isEqualTo(2);
        }
    }

    @Test
    void thatAStandInFailsItIsTold() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.origin.answers(Door.edgePage(503));
            got(doors.with(byroad(doors, Preset.SERVER)), doors.get("/"));
            Eventually.holds(() -> assertThat(events)
                    .contains(new Event.Impaired("origin", "its health request failed: answered 503")));
        }
    }

    @Test
    void whereAStandInIsThatCannotBeReachedIsNotTold() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.origin.close();
            got(doors.with(byroad(doors, Preset.SERVER)), doors.get("/"));
            Eventually.holds(() -> assertThat(events)
                    .contains(new Event.Impaired("origin", "its health request failed: ConnectException")));
        }
    }

    @Test
    void onAPhoneNobodyIsAsked() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            OkHttpClient client = doors.with(byroad(doors, Preset.MOBILE));
            got(client, doors.get("/"));
            got(client, doors.get("/"));
            assertThat(doors.origin.count()).isZero();
        }
    }

    @Test
    void aPathMustBeOne() {
        assertThatThrownBy(() -> Endpoint.at("https://a.example").healthRequest("healthz"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("healthRequest: \"healthz\" (expected: a path such as /healthz)");
    }
}
