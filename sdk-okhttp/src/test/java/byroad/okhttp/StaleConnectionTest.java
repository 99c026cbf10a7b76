package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.Preset;
import byroad.okhttp.TestServers.Http;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** Servers end connections that are idle over HTTP/1.1: Node.js after five seconds. Ten GETs, six seconds apart. */
class StaleConnectionTest {
    private static final String RELAY_IP = "127.0.0.4";

    @Test
    void noneIsLostAtAFallback() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.name(TestServers.ORIGIN, RELAY_IP);
            servers.edge.answers(TestServer.edgePage(500));

            assertThat(tenGets(servers, TestServers.ORIGIN_IP)).isEqualTo("origin".repeat(10));
        }
    }

    /** Without an outage. */
    @Test
    void noneLeavesThePreferredEndpoint() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.name(TestServers.HOST, RELAY_IP);

            assertThat(tenGets(servers, TestServers.EDGE_IP)).isEqualTo("edge".repeat(10));
        }
    }

    /** By whom they were answered, where the relay to that address ends all connections after five seconds. */
    private static String tenGets(TestServers servers, String to) throws Exception {
        OffsetTime time = servers.closing(new OffsetTime());
        Relay relay = servers.closing(new Relay(RELAY_IP, servers.port(), to));
        OkHttpClient client = servers.with(servers.closing(Byroad.builder()
                .runtime(ClientRuntime.standard().time(time).preset(Preset.SERVER))
                .upstream(servers.assistant())
                .build()));
        StringBuilder by = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            by.append(TestServers.got(client, servers.get("/")).by());
            time.jump(Duration.ofSeconds(5));
            relay.cut();
            time.jump(Duration.ofSeconds(1));
        }
        return by.toString();
    }
}
