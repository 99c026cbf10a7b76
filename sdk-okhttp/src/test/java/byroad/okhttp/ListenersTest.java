package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import byroad.CallReport;
import byroad.Event;
import byroad.Mode;
import byroad.dns.KnownHost;
import byroad.okhttp.TestServers.Http;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** What a running client tells those who watch it, and lets them read. */
class ListenersTest {
    private final List<CallReport> reports = new CopyOnWriteArrayList<>();

    @Test
    void eachCallIsReportedOnceWhenItEnds() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.next(TestServer.edgePage(500));
            Byroad byroad = servers.byroad(servers.assistant());
            byroad.onReport(reports::add);
            OkHttpClient client = servers.with(byroad);

            got(client, servers.get("/first"));
            servers.name(TestServers.HOST);
            Throwable thrown = catchThrowable(() -> got(
                    client,
                    servers.get("/?second")
                            .newBuilder()
                            .url("https://nowhere.example.test/")
                            .build()));

            assertThat(reports)
                    .extracting(CallReport::outcome)
                    .containsExactly("200", thrown.getClass().getSimpleName());
            assertThat(reports.get(0).attempts()).hasSize(2);
            assertThat(reports.get(0).took()).isPositive();
        }
    }

    @Test
    void aListenerThatThrowsSpoilsNeitherTheCallNorTheOthers() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Byroad byroad = servers.byroad(servers.assistant());
            List<Event> events = new CopyOnWriteArrayList<>();
            byroad.onEvent(events::add);
            byroad.onReport(report -> {
                throw new LinkageError("broken");
            });
            byroad.onReport(reports::add);

            assertThat(got(servers.with(byroad), servers.get("/")).code()).isEqualTo(200);
            assertThat(reports).hasSize(1);
            assertThat(events)
                    .singleElement()
                    .asString()
                    .startsWith("a listener for reports threw an exception and is ignored this time: LinkageError at ");
        }
    }

    @Test
    void aListenerThatThrowsAnErrorLeavesNoConnectionBehind() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.answers(TestServer.edgePage(500));
            Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {});
            Byroad byroad = servers.closing(Byroad.builder()
                    .upstream(servers.assistant())
                    .onEvent(event -> {
                        throw new StackOverflowError();
                    })
                    .onEvent(event -> {
                        throw new IllegalStateException("and another one");
                    })
                    .build());
            OkHttpClient client = servers.with(byroad);
            for (int i = 0; i < 20; i++) {
                assertThat(got(client, servers.get("/")).code()).isEqualTo(200);
            }
            assertThat(client.connectionPool().idleConnectionCount())
                    .isEqualTo(client.connectionPool().connectionCount())
                    .isEqualTo(2);
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(null);
        }
    }

    @Test
    void allListenersOfTheBuilderHear() {
        List<Event> first = new CopyOnWriteArrayList<>();
        List<Event> second = new CopyOnWriteArrayList<>();
        try (Byroad byroad =
                Byroad.builder().onEvent(first::add).onEvent(second::add).build()) {
            byroad.mode(Mode.WATCH);
        }
        assertThat(first).isEqualTo(second).isNotEmpty();
    }

    @Test
    void laterListenersHearEventsBesideTheFirst() {
        List<Event> first = new CopyOnWriteArrayList<>();
        List<Event> second = new CopyOnWriteArrayList<>();
        try (Byroad byroad = Byroad.builder().onEvent(first::add).build()) {
            byroad.onEvent(second::add);
            byroad.mode(Mode.WATCH);
            assertThat(second).containsExactly(new Event.ModeChanged(Mode.ACT, Mode.WATCH));
            assertThat(first).endsWith(new Event.ModeChanged(Mode.ACT, Mode.WATCH));
        }
    }

    @Test
    void whatIsKnownCanBeRead() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Byroad byroad = servers.byroad(servers.assistant());
            byroad.avoid("fastly", Duration.ofHours(1), "status page says so");

            got(servers.with(byroad), servers.get("/"));

            assertThat(byroad.upstreams()).hasToString("[assistant[edge through cloudflare, origin direct]]");
            assertThat(byroad.avoidances()).singleElement().asString().startsWith("avoid fastly until ");
            assertThat(byroad.resolvers()).hasToString("[system in place]");
            Eventually.holds(() -> assertThat(byroad.knownHosts())
                    .filteredOn(known -> known.host().equals(TestServers.HOST))
                    .singleElement()
                    .satisfies(ListenersTest::isTheProvenEdge));
        }
    }

    private static void isTheProvenEdge(KnownHost known) {
        assertThat(known.proven()).hasToString("[/" + TestServers.EDGE_IP + "]");
        assertThat(known.addresses()).isEqualTo(known.proven());
        assertThat(known.from().resolver()).isEqualTo("system");
    }
}
