package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Event;
import byroad.dns.AnswerStore;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesConfigurationTest {
    @TempDir
    Path directory;

    @Test
    void aClientThatCannotUseTheStoreIsAnEventOnce() throws Exception {
        List<Event> events = new CopyOnWriteArrayList<>();
        try (MockWebServer server = new MockWebServer();
                Byroad byroad = Byroad.builder()
                        .store(AnswerStore.file(directory))
                        .onEvent(events::add)
                        .build()) {
            server.start();
            for (int i = 0; i < 2; i++) {
                OkHttpClient client = byroad.installOn(
                                new OkHttpClient.Builder().dns(host -> List.of(InetAddress.getLoopbackAddress())))
                        .build();
                server.enqueue(new MockResponse.Builder().build());
                client.newCall(new Request.Builder().url(server.url("/")).build())
                        .execute()
                        .close();
            }
            assertThat(events)
                    .filteredOn(event -> event.toString().startsWith("answer store"))
                    .containsExactly(new Event.Impaired(
                            "answer store",
                            "a client with a Dns or trust settings of its own stores and reads nothing"));
        }
    }

    @Test
    void aServerThatIsDeclaredTwiceIsAskedOnceAndThatIsAnEvent() {
        List<Event> events = new CopyOnWriteArrayList<>();
        try (Byroad byroad = Byroad.builder()
                .resolver("system")
                .resolver("udp://127.0.0.1:5300")
                .resolver("udp://[::ffff:127.0.0.1]:5300")
                .resolver("system")
                .onEvent(events::add)
                .build()) {
            assertThat(byroad.resolvers()).hasSize(2);
        }
        assertThat(events)
                .contains(
                        new Event.Impaired(
                                "resolvers", "udp://[::ffff:127.0.0.1]:5300 is udp://127.0.0.1:5300; it is asked once"),
                        new Event.Impaired("resolvers", "system is declared twice; it is asked once"));
    }
}
