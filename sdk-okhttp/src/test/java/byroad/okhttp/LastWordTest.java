package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Mode;
import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers who repeat by themselves are told, what hosts are told, and errors whose bodies never come. */
class LastWordTest {
    private static final String HEADER = "X-Should-Retry";

    @Test
    void anErrorAfterWhichNothingIsWorthTryingSaysSo() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(new MockResponse.Builder()
                    .code(503)
                    .setHeader(HEADER, "true")
                    .body("busy")
                    .build());
            servers.origin.answers(TestServer.answer(503, "busy"));
            Got got = got(servers.with(servers.byroad(servers.assistant())), servers.get("/"));

            assertThat(got.code()).isEqualTo(503);
            assertThat(got.response().headers(HEADER)).containsExactly("false");
        }
    }

    @Test
    void anErrorThatOnlyMayNotBeRepeatedByUsSaysNothing() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.answer(503, "busy"));
            Upstream careful = Upstream.named("assistant").endpoint(servers.atEdge());
            Got got = got(servers.with(servers.byroad(careful)), servers.post("/"));

            assertThat(got.code()).isEqualTo(503);
            assertThat(got.response().header(HEADER)).isNull();
        }
    }

    @Test
    void whoOnlyWatchesSaysNothing() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.answer(503, "busy"));
            Byroad byroad = servers.byroad(servers.assistant());
            byroad.mode(Mode.WATCH);

            assertThat(got(servers.with(byroad), servers.get("/")).response().header(HEADER))
                    .isNull();
        }
    }

    @Test
    void attemptsAreNumberedInTheHeaderThatTheUpstreamNames() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.edgePage(500));
            Upstream numbered = servers.assistant().attemptHeader("X-Attempt");

            assertThat(got(servers.with(servers.byroad(numbered)), servers.get("/"))
                            .by())
                    .isEqualTo("origin");
            assertThat(servers.edge.last().getHeaders().get("X-Attempt")).isEqualTo("1");
            assertThat(servers.origin.last().getHeaders().get("X-Attempt")).isEqualTo("2");
        }
    }

    /** A single interceptor cannot keep OkHttp from repeating that GET, but it sees it, and the budget pays. */
    @Test
    void whatOkHttpRepeatsByItselfIsPaidFor() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.next(new MockResponse.Builder()
                    .code(503)
                    .setHeader("Retry-After", "0")
                    .body("busy")
                    .build());
            Byroad byroad = servers.byroad(servers.assistant());
            OkHttpClient client = servers.built(servers.client().addInterceptor(byroad));

            Got got = got(client, servers.get("/"));

            assertThat(got.code()).isEqualTo(200);
            assertThat(servers.edge.count()).isEqualTo(2);
            assertThat(Byroad.reportOf(got.response()).notes())
                    .containsExactly("sent twice by the client below: OkHttp retries by itself after a 503");
            assertThat(byroad.toString()).contains("budget 477/490 tokens"); // 14 taken, 1 for the success
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anErrorThatStallsInItsBodyDoesNotHoldUpTheNextEndpoint(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(new MockResponse.Builder()
                    .code(503)
                    .body("never to come")
                    .bodyDelay(60, TimeUnit.SECONDS)
                    .build());
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client())
                    .readTimeout(Duration.ofSeconds(30)));
            long started = System.nanoTime();

            assertThat(got(client, servers.get("/")).by()).isEqualTo("origin");
            assertThat(TestServers.took(started)).isLessThan(Duration.ofSeconds(10));
        }
    }

    /** Its last part comes too late for a look into it, and still in time for its reader. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void anErrorThatIsHandedOverHasTheClientsOwnLimitAgain(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            String page = "x".repeat(20_000);
            servers.edge.answers(new MockResponse.Builder()
                    .code(404)
                    .body(page)
                    .throttleBody(18_000, 1_500, TimeUnit.MILLISECONDS)
                    .build());
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));

            assertThat(got(client, servers.get("/")).body()).isEqualTo(page);
        }
    }
}
