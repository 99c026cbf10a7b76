package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static byroad.okhttp.TestServers.took;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okio.Buffer;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The attempt limit bounds the silence before the headers, and nothing after them. */
class HeaderLimitTest {
    private static final Duration LIMIT = Duration.ofMillis(600);

    private static OkHttpClient client(TestServers servers, Duration readTimeout) {
        Upstream upstream =
                Upstream.named("assistant").endpoint(servers.atEdge()).attemptLimit(LIMIT);
        return servers.built(
                servers.byroad(upstream).installOn(servers.client()).readTimeout(readTimeout));
    }

    private static MockResponse.Builder slowBody(long millis) {
        return new MockResponse.Builder().body("a late body").bodyDelay(millis, TimeUnit.MILLISECONDS);
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aBodyThatPausesForLongerPasses(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = client(servers, Duration.ofSeconds(5));
            servers.edge.answers(slowBody(1_400).build());

            assertThat(got(client, servers.get("/")).body()).isEqualTo("a late body");
            assertThat(got(client, servers.get("/")).body()).isEqualTo("a late body");
            assertThat(servers.edge.count()).isEqualTo(2);
            assertThat(servers.edge.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aCompressedBodyThatPausesForLongerPasses(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = client(servers, Duration.ofSeconds(5));
            Buffer zipped = new Buffer();
            try (var sink = Okio.buffer(new GzipSink(zipped))) {
                sink.writeUtf8("a late body");
            }
            servers.edge.answers(new MockResponse.Builder()
                    .setHeader("Content-Encoding", "gzip")
                    .body(zipped)
                    .bodyDelay(1_400, TimeUnit.MILLISECONDS)
                    .build());

            assertThat(got(client, servers.get("/")).body()).isEqualTo("a late body");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aBodyThatStallsEndsByTheClientsOwnReadTimeout(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = client(servers, Duration.ofSeconds(1));
            servers.edge.answers(slowBody(30_000).build());

            long started = System.nanoTime();
            try (Response response = client.newCall(servers.get("/")).execute()) {
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(SocketTimeoutException.class);
                assertThat(took(started)).isBetween(Duration.ofMillis(900), Duration.ofSeconds(15));
                assertThat(Byroad.reportOf(response).notes()).anyMatch(note -> note.startsWith("the body failed"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void headersThatComeLateFailTheAttempt(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = client(servers, Duration.ofSeconds(5));
            servers.edge.answers(TestServer.SILENCE);

            long started = System.nanoTime();
            assertThatThrownBy(() -> got(client, servers.post("/"))).isInstanceOf(SocketTimeoutException.class);

            assertThat(took(started)).isBetween(LIMIT, Duration.ofSeconds(3));
            assertThat(servers.edge.count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theNextCallOnTheSameConnectionHasTheLimitAgain(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = client(servers, Duration.ofSeconds(5));
            servers.edge.next(slowBody(1_400).build()).answers(TestServer.SILENCE);
            Got first = got(client, servers.get("/"));
            assertThat(first.body()).isEqualTo("a late body");

            long started = System.nanoTime();
            assertThatThrownBy(() -> got(client, servers.post("/"))).isInstanceOf(SocketTimeoutException.class);

            assertThat(took(started)).isBetween(LIMIT, Duration.ofSeconds(3));
        }
    }
}
