package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.util.List;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What may carry a credential stays where the caller sent it, unless it was declared. */
class CredentialsTest {
    private static final String STAND_IN = "fallback.example.test";

    private static Endpoint fallback(TestServers servers) {
        return Endpoint.at(servers.url(STAND_IN, ""))
                .hostedBy("gcp/europe-west1")
                .named("fallback");
    }

    /** An edge that fails, and another authority at the origin's address. */
    private static Upstream upstream(TestServers servers, Endpoint fallback) {
        servers.name(STAND_IN, TestServers.ORIGIN_IP);
        servers.edge.answers(TestServer.edgePage(500));
        return Upstream.named("assistant").endpoint(servers.atEdge()).endpoint(fallback);
    }

    private static Request secret(TestServers servers) {
        return servers.get("/v1/models")
                .newBuilder()
                .header("Authorization", "Bearer secret")
                .header("x-api-key", "secret")
                .header("Cookie", "session=secret")
                .header("X-Unknown", "maybe secret")
                .header("Accept", "application/json")
                .build();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theyDoNotReachAnotherAuthority(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = servers.with(servers.byroad(upstream(servers, fallback(servers))));

            assertThat(got(client, secret(servers)).by()).isEqualTo("fallback");

            Headers arrived = servers.origin.last().getHeaders();
            assertThat(arrived.names())
                    .doesNotContain(
                            "Authorization",
                            "authorization",
                            "x-api-key",
                            "Cookie",
                            "cookie",
                            "X-Unknown",
                            "x-unknown");
            assertThat(arrived.toString()).doesNotContain("secret");
            assertThat(arrived.get("Accept")).isEqualTo("application/json");
            assertThat(servers.edge.last().getHeaders().get("Authorization")).isEqualTo("Bearer secret");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theyGoToAnotherAuthorityThatSharesThem(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = servers.with(
                    servers.byroad(upstream(servers, fallback(servers).sharesCredentials())));

            assertThat(got(client, secret(servers)).by()).isEqualTo("fallback");

            Headers arrived = servers.origin.last().getHeaders();
            assertThat(arrived.get("Authorization")).isEqualTo("Bearer secret");
            assertThat(arrived.get("x-api-key")).isEqualTo("secret");
            assertThat(arrived.get("Cookie")).isEqualTo("session=secret");
            assertThat(servers.origin.last().getUrl().host()).isEqualTo(STAND_IN);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theSameAuthorityKeepsThem(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));

            assertThat(got(client, secret(servers)).by()).isEqualTo("origin");

            Headers arrived = servers.origin.last().getHeaders();
            assertThat(arrived.get("Authorization")).isEqualTo("Bearer secret");
            assertThat(arrived.get("x-api-key")).isEqualTo("secret");
            assertThat(arrived.get("Cookie")).isEqualTo("session=secret");
            assertThat(arrived.get("X-Unknown")).isEqualTo("maybe secret");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anEndpointsOwnHeaderReplacesTheCallersAndGoesNowhereElse(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            Endpoint own = fallback(servers).header("Authorization", "Bearer own");
            OkHttpClient client = servers.with(servers.byroad(upstream(servers, own)));

            assertThat(got(client, secret(servers)).by()).isEqualTo("fallback");

            assertThat(servers.origin.last().getHeaders().values("Authorization"))
                    .containsExactly("Bearer own");
            assertThat(servers.edge.last().getHeaders().values("Authorization")).containsExactly("Bearer secret");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anAuthenticatorDoesNotAnswerTheChallengeOfAnotherAuthority(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.origin.answers(TestServer.answer(401, "who?"));
            Byroad byroad = servers.byroad(upstream(servers, fallback(servers)));
            OkHttpClient client = servers.built(byroad.installOn(servers.client())
                    .authenticator((route, response) -> response.request()
                            .newBuilder()
                            .header("Authorization", "Bearer secret")
                            .build()));

            // a fallback that never answered well does not hide the edge's answer
            assertThat(got(client, servers.get("/")).code()).isEqualTo(500);
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void whatAnInterceptorAboveAddedStaysBehindAsWell(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            Byroad byroad = servers.byroad(upstream(servers, fallback(servers)));
            OkHttpClient client = servers.built(byroad.installOn(servers.client()
                    .addInterceptor(chain -> chain.proceed(chain.request()
                            .newBuilder()
                            .header("Authorization", "Bearer secret")
                            .build()))));

            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");
            assertThat(servers.origin.last().getHeaders().get("Authorization")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void cookiesOfTheEdgeGoToTheSameAuthorityOnly(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            CookieJar jar = new CookieJar() {
                @Override
                public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {}

                @Override
                public List<Cookie> loadForRequest(HttpUrl url) {
                    return url.host().equals(TestServers.HOST)
                            ? List.of(new Cookie.Builder()
                                    .domain(TestServers.HOST)
                                    .name("s")
                                    .value("secret")
                                    .build())
                            : List.of();
                }
            };
            Byroad byroad = servers.byroad(upstream(servers, fallback(servers)));
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client()).cookieJar(jar));

            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");
            assertThat(servers.edge.last().getHeaders().get("Cookie")).isEqualTo("s=secret");
            assertThat(servers.origin.last().getHeaders().get("Cookie")).isNull();
        }
    }
}
