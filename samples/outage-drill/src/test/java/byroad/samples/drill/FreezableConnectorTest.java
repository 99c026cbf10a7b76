package byroad.samples.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.test.TestCa;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FreezableConnectorTest {
    private static final Duration PATIENCE = Duration.ofMillis(300);
    private static final Duration GENEROUS = Duration.ofSeconds(30);

    private final TestCa ca = TestCa.create();
    private final Arrivals arrivals = new Arrivals();
    private final WebServer server = WebServer.start(Party.EDGE_A, 0, ca.serverContext(Party.EDGE_A.ip()), arrivals);
    private final OkHttpClient http = new OkHttpClient.Builder()
            .sslSocketFactory(ca.clientContext().getSocketFactory(), ca.trustManager())
            .callTimeout(GENEROUS)
            .build();

    @AfterEach
    void close() {
        server.close();
        Clients.close(http);
    }

    @Test
    void anOpenConnectionFreezesAndGoesOnWhenItThaws() throws IOException {
        assertThat(call(http)).isEqualTo(200);
        server.mode(ServerMode.FROZEN);

        assertThatThrownBy(() -> call(impatient())).isInstanceOf(InterruptedIOException.class);
        assertThat(arrivals.copy()).hasSize(1);

        server.mode(ServerMode.WELL);
        assertThat(call(http)).isEqualTo(200);
        assertThat(http.connectionPool().connectionCount()).isEqualTo(1);
    }

    @Test
    void aNewConnectionHangsAndIsNotRefused() throws IOException {
        server.mode(ServerMode.FROZEN);

        assertThatThrownBy(() -> call(impatient()))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessageContaining("timeout");
        assertThat(arrivals.copy()).isEmpty();

        server.mode(ServerMode.WELL);
        assertThat(call(http)).isEqualTo(200);
    }

    private OkHttpClient impatient() {
        return http.newBuilder().callTimeout(PATIENCE).build();
    }

    private int call(OkHttpClient client) throws IOException {
        String url = "https://" + Party.EDGE_A.ip() + ":" + server.port() + "/";
        try (Response response =
                client.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.code();
        }
    }
}
