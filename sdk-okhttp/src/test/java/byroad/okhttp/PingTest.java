package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.Preset;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** Pings find a dead connection between calls: on servers, in full install, and never over what the user set. */
class PingTest {
    private static int interval(Preset preset, OkHttpClient.Builder client) {
        try (Byroad byroad = Byroad.builder()
                .runtime(ClientRuntime.standard().preset(preset))
                .build()) {
            return byroad.installOn(client).build().pingIntervalMillis();
        }
    }

    @Test
    void aServerPingsEveryTenSeconds() {
        assertThat(interval(Preset.SERVER, new OkHttpClient.Builder())).isEqualTo(10_000);
    }

    @Test
    void aPhoneIsNotWokenForIt() {
        assertThat(interval(Preset.MOBILE, new OkHttpClient.Builder())).isZero();
    }

    @Test
    void whatTheUserSetStays() {
        assertThat(interval(Preset.SERVER, new OkHttpClient.Builder().pingInterval(Duration.ofSeconds(7))))
                .isEqualTo(7_000);
    }

    @Test
    void anInterceptorAloneSetsNone() {
        try (Byroad byroad = Byroad.create()) {
            assertThat(new OkHttpClient.Builder().addInterceptor(byroad).build().pingIntervalMillis())
                    .isZero();
        }
    }
}
