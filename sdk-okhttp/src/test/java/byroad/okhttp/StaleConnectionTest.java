package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Preset;
import byroad.Seams;
import byroad.Upstream;
import byroad.okhttp.Doors.Http;
import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** Servers end connections that are idle over HTTP/1.1: Node.js after five seconds. */
class StaleConnectionTest {
    private final OffsetTime time = new OffsetTime();

    private Byroad byroad(Doors doors, Upstream upstream) {
        return doors.closing(Byroad.builder()
                .preset(Preset.SERVER)
                .seams(Seams.standard().time(time).preset(Preset.SERVER))
                .upstream(upstream)
                .build());
    }

    /** The stand-in speaks HTTP/1.1 and ends idle connections, as Node.js does after five seconds. */
    @Test
    void aGetAtAStandInThatEndedTheIdleConnectionIsAnswered() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            Relay relay = doors.closing(new Relay("127.0.0.4", doors.port(), Doors.ORIGIN_IP));
            doors.name(Doors.ORIGIN, "127.0.0.4");
            OkHttpClient client = doors.with(byroad(doors, doors.assistant()));
            doors.edge.answers(Door.edgePage(500));

            assertThat(Doors.got(client, doors.get("/1")).code()).isEqualTo(200);
            time.jump(Duration.ofSeconds(6));
            relay.cut();
            Doors.Got got = Doors.got(client, doors.get("/2"));
            assertThat(got.code()).isEqualTo(200);
        }
    }

    /** A call each six seconds, and an origin that ends connections after five: how many of ten are answered. */
    @Test
    void tenGetsSixSecondsApart() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            Relay relay = doors.closing(new Relay("127.0.0.4", doors.port(), Doors.ORIGIN_IP));
            doors.name(Doors.ORIGIN, "127.0.0.4");
            OkHttpClient client = doors.with(byroad(doors, doors.assistant()));
            doors.edge.answers(Door.edgePage(500));
            int good = 0;
            for (int i = 0; i < 10; i++) {
                try {
                    good += Doors.got(client, doors.get("/")).code() == 200 ? 1 : 0;
                } catch (IOException lost) {
                    // counts as one
                }
                time.jump(Duration.ofSeconds(5));
                relay.cut();
                time.jump(Duration.ofSeconds(1));
            }
            assertThat(good).isEqualTo(10);
        }
    }

    /** No outage at all: the preferred endpoint ends idle connections. */
    @Test
    void onANormalDayAnIdleConnectionThatEndedIsNoFailureOfTheEdge() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            Relay relay = doors.closing(new Relay("127.0.0.4", doors.port(), Doors.EDGE_IP));
            doors.name(Doors.HOST, "127.0.0.4");
            OkHttpClient client = doors.with(byroad(doors, doors.assistant()));
            int atEdge = 0;
            for (int i = 0; i < 10; i++) {
                Doors.Got got = Doors.got(client, doors.get("/"));
                atEdge += got.by().equals("edge") ? 1 : 0;
                time.jump(Duration.ofSeconds(5));
                relay.cut();
                time.jump(Duration.ofSeconds(1));
            }
            assertThat(atEdge).isEqualTo(10);
        }
    }
}
