package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Preset;
import byroad.Seams;
import byroad.okhttp.Doors.Http;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** Servers end connections that are idle over HTTP/1.1: Node.js after five seconds. Ten GETs, six seconds apart. */
class StaleConnectionTest {
    private static final String RELAY_IP = "127.0.0.4";

    @Test
    void noneIsLostAtAStandIn() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            doors.name(Doors.ORIGIN, RELAY_IP);
            doors.edge.answers(Door.edgePage(500));

            assertThat(tenGets(doors, Doors.ORIGIN_IP)).isEqualTo("origin".repeat(10));
        }
    }

    /** Without an outage. */
    @Test
    void noneLeavesThePreferredEndpoint() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            doors.name(Doors.HOST, RELAY_IP);

            assertThat(tenGets(doors, Doors.EDGE_IP)).isEqualTo("edge".repeat(10));
        }
    }

    /** By whom they were answered, where the relay to that address ends all connections after five seconds. */
    private static String tenGets(Doors doors, String to) throws Exception {
        OffsetTime time = doors.closing(new OffsetTime());
        Relay relay = doors.closing(new Relay(RELAY_IP, doors.port(), to));
        OkHttpClient client = doors.with(doors.closing(Byroad.builder()
                .seams(Seams.standard().time(time).preset(Preset.SERVER))
                .upstream(doors.assistant())
                .build()));
        StringBuilder by = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            by.append(Doors.got(client, doors.get("/")).by());
            time.jump(Duration.ofSeconds(5));
            relay.cut();
            time.jump(Duration.ofSeconds(1));
        }
        return by.toString();
    }
}
