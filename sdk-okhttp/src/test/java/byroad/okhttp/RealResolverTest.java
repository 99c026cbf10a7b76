package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.okhttp.NameServer.Says;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.Locale;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.QueueDispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The system's own resolver, {@code getaddrinfo}, below {@code build/real-resolver}, beside a plain client. */
@Tag("real-resolver")
class RealResolverTest {
    static {
        Security.setProperty("networkaddress.cache.ttl", "0"); // each look-up asks the system
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private final OffsetTime time = new OffsetTime();
    private final Byroad byroad =
            Byroad.builder().runtime(ClientRuntime.standard().time(time)).build();
    private final OkHttpClient ours =
            byroad.installOn(new OkHttpClient.Builder()).build();
    private final OkHttpClient plain = new OkHttpClient();
    private final MockWebServer server = new MockWebServer();
    private NameServer names;

    @BeforeEach
    void start() throws IOException {
        resolvConf("127.0.0.53", "timeout:1 attempts:1");
        names = new NameServer("127.0.0.53");
        QueueDispatcher dispatcher = new QueueDispatcher();
        dispatcher.setFailFast(new MockResponse.Builder().build());
        server.setDispatcher(dispatcher);
        server.start(InetAddress.getByName("127.0.0.1"), 0);
    }

    @AfterEach
    void close() {
        names.close();
        server.close();
        byroad.close();
    }

    private static void resolvConf(String servers, String options) throws IOException {
        StringBuilder conf = new StringBuilder("options " + options + "\n");
        for (String one : servers.split(" ", -1)) {
            conf.append("nameserver ").append(one).append('\n');
        }
        Files.writeString(Path.of(System.getenv("REAL_RESOLVER")), conf);
    }

    private String call(OkHttpClient client, String host) {
        client.connectionPool().evictAll();
        Request request = new Request.Builder()
                .url("http://" + host + ":" + server.getPort() + "/")
                .build();
        try (Response response = client.newCall(request).execute()) {
            return String.valueOf(response.code());
        } catch (IOException e) {
            return e.toString();
        }
    }

    @ParameterizedTest
    @EnumSource(Says.class)
    void aNewHostGetsWhatItGetsWithoutUs(Says says) {
        String host = "new-" + says.name().toLowerCase(Locale.ROOT) + ".example.com";
        names.says(host, says);
        assertThat(call(ours, host)).isEqualTo(call(plain, host));
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVFAIL", "REFUSED", "SILENCE"})
    void aKnownHostIsUsedThoughTheResolverFails(Says says) {
        String host = "known-" + says.name().toLowerCase(Locale.ROOT) + ".example.com";
        names.says(host, Says.ADDRESS);
        assertThat(call(ours, host)).isEqualTo("200");
        names.says(host, says);
        for (int hours = 1; hours <= 3; hours++) {
            time.jump(Duration.ofHours(6));
            assertThat(call(ours, host)).isEqualTo("200");
            assertThat(call(plain, host)).contains("UnknownHostException");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NXDOMAIN", "NODATA"})
    void aKnownHostThatIsDeniedIsGone(Says says) {
        String host = "denied-" + says.name().toLowerCase(Locale.ROOT) + ".example.com";
        names.says(host, Says.ADDRESS);
        assertThat(call(ours, host)).isEqualTo("200");
        names.says(host, says);
        time.jump(Duration.ofMinutes(10));
        assertThat(call(ours, host)).isEqualTo(call(plain, host)).contains("UnknownHostException");
    }

    @Test
    void aSilentFirstNameServerIsWaitedForAsWithoutUs() throws IOException {
        resolvConf("127.0.0.54 127.0.0.53", "timeout:4 attempts:1"); // longer than the deadline of a chain
        String host = "second.example.com";
        names.says(host, Says.ADDRESS);
        assertThat(call(ours, host)).isEqualTo("200");
        assertThat(call(plain, host)).isEqualTo("200");
    }

    @Test
    void aFailureIsForgottenByTheNextCall() {
        String host = "once.example.com";
        names.says(host, Says.SERVFAIL);
        assertThat(call(ours, host)).isEqualTo(call(plain, host)).contains("Temporary failure in name resolution");
        names.says(host, Says.ADDRESS);
        assertThat(call(ours, host)).isEqualTo("200");
    }
}
