package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** Pings cover web sockets too and anger servers of gRPC: Byroad sets none, and leaves those that the user set. */
class PingTest {
    @Test
    void anInstalledByroadSetsNoPings() {
        try (Byroad byroad = Byroad.create()) {
            assertThat(byroad.installOn(new OkHttpClient.Builder()).build().pingIntervalMillis())
                    .isEqualTo(new OkHttpClient().pingIntervalMillis())
                    .isZero();
        }
    }

    @Test
    void thePingsOfTheUserStay() {
        OkHttpClient.Builder client = new OkHttpClient.Builder().pingInterval(Duration.ofSeconds(7));
        try (Byroad byroad = Byroad.create()) {
            assertThat(byroad.installOn(client).build().pingIntervalMillis()).isEqualTo(7_000);
        }
    }
}
