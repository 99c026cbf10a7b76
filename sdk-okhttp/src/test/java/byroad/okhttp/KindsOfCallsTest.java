package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallReport;
import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
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
    private static final String STAND_IN = "stand-in.example.test";

    @TempDir
    Path cacheDirectory;

    private static Upstream withAnotherAuthority(Doors doors) {
        doors.name(STAND_IN, Doors.ORIGIN_IP);
        return Upstream.named("assistant")
                .endpoint(doors.atEdge())
                .endpoint(Endpoint.at(doors.url(STAND_IN, "")).named("stand-in"));
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
        try (Doors doors = Doors.open(http)) {
            OkHttpClient client = doors.built(
                    doors.byroad(doors.assistant()).installOn(doors.client()).cookieJar(new CookiesInMemory()));
            doors.edge.next(baking("s=edge; Secure"), Door.edgePage(500));

            got(client, doors.get("/"));
            assertThat(got(client, doors.get("/")).by()).isEqualTo("origin");

            assertThat(doors.origin.last().getHeaders().get("Cookie")).isEqualTo("s=edge");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anotherAuthorityGetsItsOwnCookiesOnly(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            OkHttpClient client = doors.built(doors.byroad(withAnotherAuthority(doors))
                    .installOn(doors.client())
                    .cookieJar(new CookiesInMemory()));
            doors.edge.next(baking("s=edge"), Door.edgePage(500), Door.edgePage(500));
            doors.origin.next(baking("t=own"));

            got(client, doors.get("/"));
            assertThat(got(client, doors.get("/")).by()).isEqualTo("stand-in");
            assertThat(doors.origin.last().getHeaders().get("Cookie")).isNull();

            assertThat(got(client, doors.get("/")).by()).isEqualTo("stand-in");
            assertThat(doors.origin.last().getHeaders().get("Cookie")).isEqualTo("t=own");
        }
    }

    private OkHttpClient caching(Doors doors, Byroad byroad) {
        Cache cache = new Cache(cacheDirectory.toFile(), 1 << 20);
        return doors.built(byroad.installOn(doors.client()).cache(cache));
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
        try (Doors doors = Doors.open(http)) {
            Byroad byroad = doors.byroad(doors.assistant());
            OkHttpClient client = caching(doors, byroad);
            doors.edge.next(cacheable("cached"));
            got(client, doors.get("/"));
            byroad.avoid("cloudflare", Duration.ofMinutes(1), "test");

            Got got = got(client, doors.get("/"));

            assertThat(got.body()).isEqualTo("cached");
            assertThat(got.by()).isEqualTo("origin");
            assertThat(got.response().networkResponse()).isNull();
            assertThat(doors.origin.count()).isZero();
            assertThat(got(client, doors.get("/other")).body()).isEqualTo("origin /other");
        }
    }

    @Test
    void aHitIsNeitherASuccessNorAFailureOfAnEndpoint() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Byroad byroad = doors.byroad(Upstream.named("assistant").endpoint(doors.atEdge()));
            OkHttpClient client =
                    doors.built(byroad.installOn(doors.client()).cache(new Cache(cacheDirectory.toFile(), 1 << 20)));
            doors.edge.next(cacheable("cached"));
            got(client, doors.get("/"));
            doors.edge.answers(Door.answer(503, "busy"));
            got(client, doors.get("/other")); // takes from the budget
            String before = byroad.toString();

            for (int i = 0; i < 20; i++) {
                assertThat(got(client, doors.get("/")).body()).isEqualTo("cached");
            }

            assertThat(byroad.toString()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void whatTheEdgeSentIsRevalidatedAtTheOrigin(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            OkHttpClient client = caching(doors, doors.byroad(doors.assistant()));
            doors.edge.next(new MockResponse.Builder()
                    .setHeader("ETag", "\"1\"")
                    .setHeader("Cache-Control", "no-cache")
                    .body("cached")
                    .build());
            got(client, doors.get("/"));
            doors.edge.answers(Door.edgePage(500));
            doors.origin.answers(new MockResponse.Builder().code(304).build());

            Got got = got(client, doors.get("/"));

            assertThat(got.body()).isEqualTo("cached");
            assertThat(got.by()).isEqualTo("origin");
            assertThat(doors.origin.last().getHeaders().get("If-None-Match")).isEqualTo("\"1\"");
        }
    }

    /** OkHttp's own answer for {@code only-if-cached} is nobody's failure. */
    @Test
    void aMissThatMustNotBeSentIsDeliveredAndMovesNothing() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            OkHttpClient client = caching(doors, doors.byroad(doors.assistant()));

            Got got = got(
                    client,
                    doors.get("/")
                            .newBuilder()
                            .header("Cache-Control", "only-if-cached")
                            .build());

            assertThat(got.code()).isEqualTo(504);
            assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(1);
            assertThat(doors.edge.count() + doors.origin.count()).isZero();
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
        try (Doors doors = Doors.open(Http.H2)) {
            doors.edge.answers(Door.edgePage(503));
            doors.origin.answers(upgrade());
            CompletableFuture<CallReport> report = new CompletableFuture<>();

            assertThat(opened(doors.with(doors.byroad(doors.assistant())), doors.get("/"), report))
                    .isEqualTo("open");

            assertThat(report.join().answeredBy()).isEqualTo("origin");
            assertThat(report.join().outcome()).isEqualTo("101");
            assertThat(doors.edge.count()).isEqualTo(1);
            assertThat(doors.origin.count()).isEqualTo(1);
        }
    }

    @Test
    void aRefusedUpgradeIsNotRepeatedBehindOurBack() throws Exception {
        assertThat(upgradesAtARefusingEdge("1")).isEqualTo(1);
    }

    /** Guards on the network do not see upgrades: this one repeat is OkHttp's, of a GET. */
    @Test
    void unlessTheServerAskedForThatAtOnce() throws Exception {
        assertThat(upgradesAtARefusingEdge("0")).isEqualTo(2);
    }

    private static int upgradesAtARefusingEdge(String retryAfter) throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            doors.edge.answers(new MockResponse.Builder()
                    .code(503)
                    .setHeader("Retry-After", retryAfter)
                    .build());
            doors.origin.answers(upgrade());
            OkHttpClient client = doors.with(doors.byroad(doors.assistant()));

            assertThat(opened(client, doors.get("/"), new CompletableFuture<>()))
                    .isEqualTo("open");
            return doors.edge.count();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anInterceptorAboveSeesACallOnceAndOneBelowEachOfItsRequests(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.edgePage(500));
            OkHttpClient client = doors.built(doors.byroad(doors.assistant())
                    .installOn(doors.client().addInterceptor(adding("X-Above")))
                    .addInterceptor(adding("X-Below"))
                    .addNetworkInterceptor(adding("X-Network")));

            got(client, doors.get("/"));

            for (Door door : new Door[] {doors.edge, doors.origin}) {
                assertThat(door.last().getHeaders().values("X-Above")).hasSize(1);
                assertThat(door.last().getHeaders().values("X-Below")).hasSize(1);
                assertThat(door.last().getHeaders().values("X-Network")).hasSize(1);
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
        try (Doors doors = Doors.open(http)) {
            OkHttpClient client = doors.built(
                    doors.byroad(doors.assistant()).installOn(doors.client()).addInterceptor(new FailingOnce()));

            Got got = got(client, doors.post("/"));

            assertThat(got.by()).isEqualTo("origin");
            assertThat(doors.edge.count()).isZero();
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
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.edgePage(500));
            Byroad upper = doors.byroad(doors.assistant().deadline(Duration.ofSeconds(5)));
            Byroad lower = doors.closing(Byroad.create());
            OkHttpClient client = doors.built(lower.installOn(upper.installOn(doors.client())));

            Got got = got(client, doors.get("/"));

            assertThat(got.by()).isEqualTo("origin");
            assertThat(Byroad.reportOf(got.response()).upstream()).isEqualTo("assistant");
            assertThat(doors.edge.count()).isEqualTo(1);
            assertThat(doors.origin.count()).isEqualTo(1);
        }
    }
}
