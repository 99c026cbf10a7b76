package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallReport;
import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.Cache;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What OkHttp can be made to do with a call beside sending it: cookies, caches, web sockets, interceptors, a second Byroad. */
class KindsOfCallsTest {
    private static final String STAND_IN = "fallback.example.test";

    @TempDir
    Path cacheDirectory;

    private static Upstream withAnotherAuthority(TestServers servers) {
        servers.name(STAND_IN, TestServers.ORIGIN_IP);
        return Upstream.named("assistant")
                .endpoint(servers.atEdge())
                .endpoint(Endpoint.at(servers.url(STAND_IN, "")).named("fallback"));
    }

    private static MockResponse baking(String cookie) {
        return new MockResponse.Builder()
                .setHeader("Set-Cookie", cookie)
                .body("baked")
                .build();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void cookiesOfAJarFollowTheAuthorityToTheOrigin(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client())
                    .cookieJar(new CookiesInMemory()));
            servers.edge.next(baking("s=edge; Secure"), TestServer.edgePage(500));

            got(client, servers.get("/"));
            assertThat(got(client, servers.get("/")).by()).isEqualTo("origin");

            assertThat(servers.origin.last().getHeaders().get("Cookie")).isEqualTo("s=edge");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anotherAuthorityGetsItsOwnCookiesOnly(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = servers.built(servers.byroad(withAnotherAuthority(servers))
                    .installOn(servers.client())
                    .cookieJar(new CookiesInMemory()));
            servers.edge.next(baking("s=edge"), TestServer.edgePage(500), TestServer.edgePage(500));
            servers.origin.next(baking("t=own"));

            got(client, servers.get("/"));
            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");
            assertThat(servers.origin.last().getHeaders().get("Cookie")).isNull();

            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");
            assertThat(servers.origin.last().getHeaders().get("Cookie")).isEqualTo("t=own");
        }
    }

    private OkHttpClient caching(TestServers servers, Byroad byroad) {
        Cache cache = new Cache(cacheDirectory.toFile(), 1 << 20);
        return servers.built(byroad.installOn(servers.client()).cache(cache));
    }

    private static MockResponse cacheable(String body) {
        return new MockResponse.Builder()
                .setHeader("Cache-Control", "max-age=60")
                .setHeader("ETag", "\"1\"")
                .body(body)
                .build();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void whatTheEdgeSentIsServedFromTheCacheWhoeverIsChosen(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            Byroad byroad = servers.byroad(servers.assistant());
            OkHttpClient client = caching(servers, byroad);
            servers.edge.next(cacheable("cached"));
            got(client, servers.get("/"));
            byroad.avoid("cloudflare", Duration.ofMinutes(1), "test");

            Got got = got(client, servers.get("/"));

            assertThat(got.body()).isEqualTo("cached");
            assertThat(got.by()).isEqualTo("origin");
            assertThat(got.response().networkResponse()).isNull();
            assertThat(servers.origin.count()).isZero();
            assertThat(got(client, servers.get("/other")).body()).isEqualTo("origin /other");
        }
    }

    @Test
    void aHitIsNeitherASuccessNorAFailureOfAnEndpoint() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Byroad byroad = servers.byroad(Upstream.named("assistant").endpoint(servers.atEdge()));
            OkHttpClient client = servers.built(
                    byroad.installOn(servers.client()).cache(new Cache(cacheDirectory.toFile(), 1 << 20)));
            servers.edge.next(cacheable("cached"));
            got(client, servers.get("/"));
            servers.edge.answers(TestServer.answer(503, "busy"));
            got(client, servers.get("/other")); // takes from the budget
            String before = byroad.toString();

            for (int i = 0; i < 20; i++) {
                assertThat(got(client, servers.get("/")).body()).isEqualTo("cached");
            }

            assertThat(byroad.toString()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void whatTheEdgeSentIsRevalidatedAtTheOrigin(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = caching(servers, servers.byroad(servers.assistant()));
            servers.edge.next(new MockResponse.Builder()
                    .setHeader("ETag", "\"1\"")
                    .setHeader("Cache-Control", "no-cache")
                    .body("cached")
                    .build());
            got(client, servers.get("/"));
            servers.edge.answers(TestServer.edgePage(500));
            servers.origin.answers(new MockResponse.Builder().code(304).build());

            Got got = got(client, servers.get("/"));

            assertThat(got.body()).isEqualTo("cached");
            assertThat(got.by()).isEqualTo("origin");
            assertThat(servers.origin.last().getHeaders().get("If-None-Match")).isEqualTo("\"1\"");
        }
    }

    /** OkHttp's own answer for {@code only-if-cached} is nobody's failure. */
    @Test
    void aMissThatMustNotBeSentIsDeliveredAndMovesNothing() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            OkHttpClient client = caching(servers, servers.byroad(servers.assistant()));

            Got got = got(
                    client,
                    servers.get("/")
                            .newBuilder()
                            .header("Cache-Control", "only-if-cached")
                            .build());

            assertThat(got.code()).isEqualTo(504);
            assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(1);
            assertThat(servers.edge.count() + servers.origin.count()).isZero();
        }
    }

    /** What an upgrade came to: the endpoint that opened it, or the status that refused it. */
    private static String opened(OkHttpClient client, Request request, CompletableFuture<CallReport> report)
            throws Exception {
        CompletableFuture<String> opened = new CompletableFuture<>();
        WebSocket socket = client.newWebSocket(request, new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket, Response response) {
                report.complete(Byroad.reportOf(response));
                opened.complete("open");
            }

            @Override
            public void onFailure(WebSocket socket, Throwable why, @Nullable Response response) {
                report.complete(response == null ? Byroad.reportOf(why) : Byroad.reportOf(response));
                opened.complete(response == null ? why.toString() : String.valueOf(response.code()));
            }
        });
        try {
            return opened.get(5, TimeUnit.SECONDS);
        } finally {
            socket.cancel();
        }
    }

    private static MockResponse upgrade() {
        return new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {})
                .build();
    }

    @Test
    void aWebSocketIsASuccessWithItsUpgradeAndFailsOverBefore() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.edgePage(503));
            servers.origin.answers(upgrade());
            CompletableFuture<CallReport> report = new CompletableFuture<>();

            assertThat(opened(servers.with(servers.byroad(servers.assistant())), servers.get("/"), report))
                    .isEqualTo("open");

            assertThat(report.join().answeredBy()).isEqualTo("origin");
            assertThat(report.join().outcome()).isEqualTo("101");
            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }

    @Test
    void aRefusedUpgradeIsNotRepeatedBehindOurBack() throws Exception {
        assertThat(upgradesAtARefusingEdge("1")).isEqualTo(1);
    }

    /** Guards on the network do not see upgrades: this one retry is OkHttp's, of a GET. */
    @Test
    void aRefusedUpgradeIsRetriedAtOnceIfTheServerAskedForThat() throws Exception {
        assertThat(upgradesAtARefusingEdge("0")).isEqualTo(2);
    }

    private static int upgradesAtARefusingEdge(String retryAfter) throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.answers(new MockResponse.Builder()
                    .code(503)
                    .setHeader("Retry-After", retryAfter)
                    .build());
            servers.origin.answers(upgrade());
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));

            assertThat(opened(client, servers.get("/"), new CompletableFuture<>()))
                    .isEqualTo("open");
            return servers.edge.count();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anInterceptorAboveSeesACallOnceAndOneBelowEachOfItsRequests(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client().addInterceptor(adding("X-Above")))
                    .addInterceptor(adding("X-Below"))
                    .addNetworkInterceptor(adding("X-Network")));

            got(client, servers.get("/"));

            for (TestServer server : new TestServer[] {servers.edge, servers.origin}) {
                assertThat(server.last().getHeaders().values("X-Above")).hasSize(1);
                assertThat(server.last().getHeaders().values("X-Below")).hasSize(1);
                assertThat(server.last().getHeaders().values("X-Network")).hasSize(1);
            }
        }
    }

    private static Interceptor adding(String header) {
        return chain -> chain.proceed(
                chain.request().newBuilder().addHeader(header, "seen").build());
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anExceptionOfAnInterceptorBelowIsAFailureThatWasNeverSent(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client())
                    .addInterceptor(new FailingOnce()));

            Got got = got(client, servers.post("/"));

            assertThat(got.by()).isEqualTo("origin");
            assertThat(servers.edge.count()).isZero();
        }
    }

    private static final class FailingOnce implements Interceptor {
        private boolean failed;

        @Override
        public Response intercept(Chain chain) throws IOException {
            if (!failed) {
                failed = true;
                throw new IOException("not at the first time");
            }
            return chain.proceed(chain.request());
        }
    }

    /** Two of them would multiply attempts; the one above knows the call as its caller made it. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void ofTwoByroadsOnOneClientTheUpperActs(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            Byroad upper = servers.byroad(servers.assistant().deadline(Duration.ofSeconds(5)));
            Byroad lower = servers.closing(Byroad.create());
            OkHttpClient client = servers.built(lower.installOn(upper.installOn(servers.client())));

            Got got = got(client, servers.get("/"));

            assertThat(got.by()).isEqualTo("origin");
            assertThat(Byroad.reportOf(got.response()).upstream()).isEqualTo("assistant");
            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }
}
