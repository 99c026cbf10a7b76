package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.nio.file.Path;
import java.time.Duration;
import mockwebserver3.MockResponse;
import okhttp3.Cache;
import okhttp3.CacheControl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** OkHttp's cache of a client whose calls may end at a fallback. */
class FallbackCacheTest {
    @TempDir
    Path directory;

    private OkHttpClient.Builder caching(OkHttpClient.Builder client) {
        return client.cache(new Cache(directory.toFile(), 1 << 20));
    }

    private static MockResponse tagged(String etag, String control) {
        return new MockResponse.Builder()
                .setHeader("ETag", etag)
                .setHeader("Cache-Control", control)
                .body("cached " + etag)
                .build();
    }

    private static Request onlyIfCached(Request request) {
        return request.newBuilder().cacheControl(CacheControl.FORCE_CACHE).build();
    }

    /** An entry belongs to its URL: the edge's is the origin's, and not that of another authority. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void theEdgesEntityTagIsRevalidatedAtTheSameAuthorityOnly(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            OkHttpClient client = servers.built(
                    caching(servers.byroad(place.upstream(servers)).installOn(servers.client())));
            servers.edge.next(tagged("\"e\"", "no-cache"));
            got(client, servers.get("/"));
            boolean same = place == Fallback.SAME_AUTHORITY;
            servers.origin.answers(
                    same ? new MockResponse.Builder().code(304).build() : TestServer.answer(200, "fresh"));

            Got got = got(client, servers.get("/"));

            assertThat(got.body()).isEqualTo(same ? "cached \"e\"" : "fresh");
            assertThat(got.by()).isEqualTo("fallback");
            assertThat(servers.origin.last().getHeaders().get("If-None-Match")).isEqualTo(same ? "\"e\"" : null);
            assertThat(got.response().networkResponse()).isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void theFallbacksEntityTagIsRevalidatedAtTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            OkHttpClient client = servers.built(
                    caching(servers.byroad(place.upstream(servers)).installOn(servers.client())));
            servers.origin.next(
                    tagged("\"f\"", "no-cache"),
                    new MockResponse.Builder().code(304).build());
            got(client, servers.get("/"));

            Got got = got(client, servers.get("/"));

            assertThat(got.body()).isEqualTo("cached \"f\"");
            assertThat(servers.origin.last().getHeaders().get("If-None-Match")).isEqualTo("\"f\"");
            assertThat(got.response().cacheResponse()).isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCallThatMustNotLeaveTheCacheStartsNoRequest(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Heard heard = new Heard();
            OkHttpClient client = servers.built(
                    caching(servers.byroad(place.upstream(servers)).installOn(servers.client()))
                            .eventListener(heard));

            Got got = got(client, onlyIfCached(servers.get("/")));

            assertThat(got.code()).isEqualTo(504);
            assertThat(servers.edge.count() + servers.origin.count()).isZero();
            assertThat(heard.names()).doesNotContain("connectStart", "dnsStart", "requestHeadersStart");
            assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCallThatMustNotLeaveTheCacheStartsNoRequestWhileTheEdgeIsAvoided(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Byroad byroad = servers.byroad(place.upstream(servers));
            OkHttpClient client = servers.built(caching(byroad.installOn(servers.client())));
            byroad.avoid("cloudflare", Duration.ofMinutes(1), "test");

            assertThat(got(client, onlyIfCached(servers.get("/"))).code()).isEqualTo(504);
            assertThat(servers.edge.count() + servers.origin.count()).isZero();
        }
    }

    /** As plain OkHttp answers it. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCallThatMustNotLeaveTheCacheFindsTheEntryOfItsOwnUrlWhileTheEdgeIsAvoided(Http http, Fallback place)
            throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Byroad byroad = servers.byroad(place.upstream(servers));
            OkHttpClient client = servers.built(caching(byroad.installOn(servers.client())));
            servers.edge.next(tagged("\"e\"", "max-age=60"));
            got(client, servers.get("/"));
            byroad.avoid("cloudflare", Duration.ofMinutes(1), "test");

            Got got = got(client, onlyIfCached(servers.get("/")));

            assertThat(got.body()).isEqualTo("cached \"e\"");
            assertThat(servers.origin.count()).isZero();
            Got plain = got(servers.built(servers.client().cache(client.cache())), onlyIfCached(servers.get("/")));
            assertThat(plain.body()).isEqualTo("cached \"e\"");
        }
    }
}
