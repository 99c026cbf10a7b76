package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Mode;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.util.List;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import okhttp3.Authenticator;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes along when a redirect, or an interceptor below, leads a request to another authority. */
class RedirectsTest {
    private static final String OTHER_IP = "127.0.0.6";
    private static final List<String> SECRETS = List.of("x-api-key", "Cookie", "X-Unknown");

    /** The edge redirects to a server of another name. */
    private static TestServer redirected(TestServers servers, int status) throws Exception {
        servers.name(TestServers.OTHER, OTHER_IP);
        servers.edge.answers(request -> request.getUrl().encodedPath().equals("/")
                ? redirect(status, servers.url(TestServers.OTHER, "/t"))
                : TestServer.answer(200, "edge"));
        return servers.opened("other", OTHER_IP);
    }

    private static MockResponse redirect(int status, String to) {
        return new MockResponse.Builder().code(status).setHeader("Location", to).build();
    }

    private static Request secret(Request request) {
        return request.newBuilder()
                .header("Authorization", "Bearer secret")
                .header("x-api-key", "secret")
                .header("Cookie", "session=secret")
                .header("X-Unknown", "maybe secret")
                .header("Accept", "application/json")
                .build();
    }

    private static Upstream declared(TestServers servers, UnaryOperator<Endpoint> other) {
        return Upstream.named("assistant")
                .endpoint(servers.atEdge())
                .endpoint(other.apply(
                        Endpoint.at(servers.url(TestServers.OTHER, "")).named("other")));
    }

    private static Headers arrived(TestServer server) {
        return server.last().getHeaders();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void ofADeclaredUpstreamToAStrangerOnlyWhatIsKnownToBeHarmless(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            TestServer other = redirected(servers, 307);

            assertThat(got(servers.with(servers.byroad(servers.assistant())), secret(servers.post("/")))
                            .body())
                    .isEqualTo("other /t");

            assertThat(arrived(other).toString()).doesNotContain("secret");
            assertThat(arrived(other).get("Accept")).isEqualTo("application/json");
            assertThat(other.last().getMethod()).isEqualTo("POST");
            assertThat(String.valueOf(other.last().getBody())).contains("{}");
            assertThat(arrived(servers.edge).get("x-api-key")).isEqualTo("secret");
        }
    }

    /** What listens there may be somebody else's. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void anotherPortOfTheSameHostGetsNoMoreThanAnyOtherHost(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            TestServer other = servers.closing(servers.server("other").open(TestServers.EDGE_IP, 0));
            servers.edge.answers(redirect(307, "https://" + TestServers.HOST + ":" + other.port() + "/t"));

            assertThat(got(servers.with(servers.byroad(servers.assistant())), secret(servers.get("/")))
                            .body())
                    .isEqualTo("other /t");

            assertThat(arrived(other).toString()).doesNotContain("secret");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aDeclaredEndpointThatSharesCredentialsGetsAllButWhatOkHttpDrops(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            TestServer other = redirected(servers, 302);

            got(servers.with(servers.byroad(declared(servers, Endpoint::sharesCredentials))), secret(servers.get("/")));

            assertThat(SECRETS).allMatch(name -> arrived(other).get(name) != null);
            assertThat(arrived(other).get("Authorization")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aDeclaredEndpointThatSharesNoCredentialsGetsWhatItForwards(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            TestServer other = redirected(servers, 302);
            Upstream upstream = declared(servers, endpoint -> endpoint.forwards("X-Unknown"));

            got(servers.with(servers.byroad(upstream)), secret(servers.get("/")));

            assertThat(arrived(other).get("X-Unknown")).isEqualTo("maybe secret");
            assertThat(List.of("x-api-key", "Cookie", "Accept"))
                    .allMatch(name -> arrived(other).get(name) == null);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void allHeadersStayOnTheSameAuthority(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.next(redirect(302, "/t"));

            got(servers.with(servers.byroad(servers.assistant())), secret(servers.get("/")));

            assertThat(SECRETS).allMatch(name -> arrived(servers.edge).get(name) != null);
            assertThat(arrived(servers.edge).get("Authorization")).isEqualTo("Bearer secret");
            assertThat(servers.edge.count()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void ofAHostThatNobodyDeclaredAllButKnownCredentials(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            TestServer other = redirected(servers, 302);

            got(servers.with(servers.closing(Byroad.create())), secret(servers.get("/")));

            assertThat(List.of("Authorization", "x-api-key", "Cookie"))
                    .allMatch(name -> arrived(other).get(name) == null);
            assertThat(arrived(other).get("X-Unknown")).isEqualTo("maybe secret");
        }
    }

    /** An endpoint's own key is for that endpoint, also where the next one shares the caller's credentials. */
    @Test
    void anEndpointsOwnHeaderGoesNowhere() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            TestServer other = redirected(servers, 302);
            Upstream upstream = Upstream.named("assistant")
                    .endpoint(servers.atEdge().header("api-key", "own"))
                    .endpoint(Endpoint.at(servers.url(TestServers.OTHER, "")).sharesCredentials());

            got(servers.with(servers.byroad(upstream)), secret(servers.get("/")));

            assertThat(arrived(servers.edge).get("api-key")).isEqualTo("own");
            assertThat(arrived(other).get("api-key")).isNull();
            assertThat(arrived(other).get("x-api-key")).isEqualTo("secret");
        }
    }

    /** What a single interceptor cannot do: redirects happen below it. */
    @Test
    void installedAsAnInterceptorOnlyOkHttpAloneDecides() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            TestServer other = redirected(servers, 302);
            OkHttpClient client = servers.built(servers.client().addInterceptor(servers.byroad(servers.assistant())));

            got(client, secret(servers.get("/")));

            assertThat(arrived(other).get("Authorization")).isNull();
            assertThat(SECRETS).allMatch(name -> arrived(other).get(name) != null);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"WATCH", "OFF"})
    void okHttpAloneDecidesIfByroadDoesNotAct(Mode mode) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            TestServer other = redirected(servers, 302);
            Byroad byroad = servers.byroad(servers.assistant());
            byroad.mode(mode);

            got(servers.with(byroad), secret(servers.get("/")));

            assertThat(SECRETS).allMatch(name -> arrived(other).get(name) != null);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aCookieOfTheJarThatIsForBothGoesToBoth(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            TestServer other = redirected(servers, 302);
            CookieJar jar = new CookieJar() {
                @Override
                public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {}

                @Override
                public List<Cookie> loadForRequest(HttpUrl url) {
                    return List.of(new Cookie.Builder()
                            .domain("example.test")
                            .name("s")
                            .value("shared")
                            .build());
                }
            };
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client())
                    .cookieJar(jar));

            got(client, servers.get("/"));

            assertThat(arrived(other).get("Cookie")).isEqualTo("s=shared");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void ofADeclaredUpstreamAChallengeOfAStrangerIsNotAnswered(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            TestServer other = redirected(servers, 302).answers(TestServer.answer(401, "who?"));
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client())
                    .authenticator(naive("Authorization")));

            assertThat(got(client, servers.get("/")).code()).isEqualTo(401);
            assertThat(other.count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theChallengeOfAnEndpointThatSharesCredentialsIsAnswered(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            TestServer other = redirected(servers, 302);
            other.next(TestServer.answer(401, "who?"));
            Byroad byroad = servers.byroad(declared(servers, Endpoint::sharesCredentials));
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client()).authenticator(naive("Authorization")));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("other /t");
            assertThat(arrived(other).get("Authorization")).isEqualTo("secret");
        }
    }

    /** That one is the user's own, and knows where it is asked from. */
    @Test
    void ofAHostThatNobodyDeclaredTheAuthenticatorDecidesAsEver() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            TestServer other = redirected(servers, 302);
            other.next(TestServer.answer(401, "who?"));
            OkHttpClient client = servers.built(
                    servers.closing(Byroad.create()).installOn(servers.client()).authenticator(naive("Authorization")));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("other /t");
        }
    }

    private static Authenticator naive(String header) {
        return (route, response) ->
                response.request().newBuilder().header(header, "secret").build();
    }

    /** Anything may be below, such as a switch to another server. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void ofADeclaredUpstreamAnInterceptorBelowThatChangesTheHostTakesNoCredentialsThere(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            TestServer other = redirected(servers, 302);
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client())
                    .addInterceptor(chain -> chain.proceed(chain.request()
                            .newBuilder()
                            .url(servers.url(TestServers.OTHER, "/t"))
                            .header("X-For-Other", "own")
                            .build())));

            got(client, secret(servers.get("/")));

            assertThat(arrived(other).toString()).doesNotContain("secret");
            assertThat(arrived(other).get("X-For-Other")).isEqualTo("own");
        }
    }

    @Test
    void ofAHostThatNobodyDeclaredItTakesAlongWhatItTakesWithoutUs() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            TestServer other = redirected(servers, 302);
            OkHttpClient client = servers.built(servers.closing(Byroad.create())
                    .installOn(servers.client())
                    .addInterceptor(chain -> chain.proceed(chain.request()
                            .newBuilder()
                            .url(servers.url(TestServers.OTHER, "/t"))
                            .build())));

            got(client, secret(servers.get("/")));

            assertThat(arrived(other).get("Authorization")).isEqualTo("Bearer secret");
        }
    }

    @Test
    void whatAnInterceptorBelowAddedForTheFirstHostStaysThere() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            TestServer other = redirected(servers, 302);
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client())
                    .addInterceptor(chain -> chain.proceed(chain.request()
                            .newBuilder()
                            .header("x-api-key", "secret")
                            .build())));

            got(client, servers.get("/"));

            assertThat(arrived(servers.edge).get("x-api-key")).isEqualTo("secret");
            assertThat(arrived(other).get("x-api-key")).isNull();
        }
    }
}
