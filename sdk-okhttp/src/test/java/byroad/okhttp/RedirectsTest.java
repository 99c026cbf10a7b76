package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Mode;
import byroad.Upstream;
import byroad.okhttp.Doors.Http;
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

    /** The edge redirects to a door of another name. */
    private static Door redirected(Doors doors, int status) throws Exception {
        doors.name(Doors.OTHER, OTHER_IP);
        doors.edge.answers(request -> request.getUrl().encodedPath().equals("/")
                ? redirect(status, doors.url(Doors.OTHER, "/t"))
                : Door.answer(200, "edge"));
        return doors.opened("other", OTHER_IP);
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

    private static Upstream declared(Doors doors, UnaryOperator<Endpoint> other) {
        return Upstream.named("assistant")
                .endpoint(doors.atEdge())
                .endpoint(other.apply(Endpoint.at(doors.url(Doors.OTHER, "")).named("other")));
    }

    private static Headers arrived(Door door) {
        return door.last().getHeaders();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void ofADeclaredUpstreamToAStrangerOnlyWhatIsKnownToBeHarmless(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Door other = redirected(doors, 307);

            assertThat(got(doors.with(doors.byroad(doors.assistant())), secret(doors.post("/")))
                            .body())
                    .isEqualTo("other /t");

            assertThat(arrived(other).toString()).doesNotContain("secret");
            assertThat(arrived(other).get("Accept")).isEqualTo("application/json");
            assertThat(other.last().getMethod()).isEqualTo("POST");
            assertThat(String.valueOf(other.last().getBody())).contains("{}");
            assertThat(arrived(doors.edge).get("x-api-key")).isEqualTo("secret");
        }
    }

    /** What listens there may be somebody else's. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void toAnotherPortOfTheSameHostNoMoreThanToAStranger(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Door other = doors.closing(doors.door("other").open(Doors.EDGE_IP, 0));
            doors.edge.answers(redirect(307, "https://" + Doors.HOST + ":" + other.port() + "/t"));

            assertThat(got(doors.with(doors.byroad(doors.assistant())), secret(doors.get("/")))
                            .body())
                    .isEqualTo("other /t");

            assertThat(arrived(other).toString()).doesNotContain("secret");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void toADeclaredEndpointThatSharesCredentialsAllButWhatOkHttpDrops(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Door other = redirected(doors, 302);

            got(doors.with(doors.byroad(declared(doors, Endpoint::sharesCredentials))), secret(doors.get("/")));

            assertThat(SECRETS).allMatch(name -> arrived(other).get(name) != null);
            assertThat(arrived(other).get("Authorization")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void toADeclaredEndpointThatDoesNotShareThemWhatItForwards(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Door other = redirected(doors, 302);
            Upstream upstream = declared(doors, endpoint -> endpoint.forwards("X-Unknown"));

            got(doors.with(doors.byroad(upstream)), secret(doors.get("/")));

            assertThat(arrived(other).get("X-Unknown")).isEqualTo("maybe secret");
            assertThat(List.of("x-api-key", "Cookie", "Accept"))
                    .allMatch(name -> arrived(other).get(name) == null);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void onTheSameAuthorityAllOfIt(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.next(redirect(302, "/t"));

            got(doors.with(doors.byroad(doors.assistant())), secret(doors.get("/")));

            assertThat(SECRETS).allMatch(name -> arrived(doors.edge).get(name) != null);
            assertThat(arrived(doors.edge).get("Authorization")).isEqualTo("Bearer secret");
            assertThat(doors.edge.count()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void ofAHostThatNobodyDeclaredAllButKnownCredentials(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Door other = redirected(doors, 302);

            got(doors.with(doors.closing(Byroad.create())), secret(doors.get("/")));

            assertThat(List.of("Authorization", "x-api-key", "Cookie"))
                    .allMatch(name -> arrived(other).get(name) == null);
            assertThat(arrived(other).get("X-Unknown")).isEqualTo("maybe secret");
        }
    }

    /** An endpoint's own key is for that endpoint, also where the next one shares the caller's credentials. */
    @Test
    void anEndpointsOwnHeaderGoesNowhere() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Door other = redirected(doors, 302);
            Upstream upstream = Upstream.named("assistant")
                    .endpoint(doors.atEdge().header("api-key", "own"))
                    .endpoint(Endpoint.at(doors.url(Doors.OTHER, "")).sharesCredentials());

            got(doors.with(doors.byroad(upstream)), secret(doors.get("/")));

            assertThat(arrived(doors.edge).get("api-key")).isEqualTo("own");
            assertThat(arrived(other).get("api-key")).isNull();
            assertThat(arrived(other).get("x-api-key")).isEqualTo("secret");
        }
    }

    /** What a single interceptor cannot do: redirects happen below it. */
    @Test
    void installedAsAnInterceptorOnlyOkHttpAloneDecides() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Door other = redirected(doors, 302);
            OkHttpClient client = doors.built(doors.client().addInterceptor(doors.byroad(doors.assistant())));

            got(client, secret(doors.get("/")));

            assertThat(arrived(other).get("Authorization")).isNull();
            assertThat(SECRETS).allMatch(name -> arrived(other).get(name) != null);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"WATCH", "OFF"})
    void whereByroadDoesNotActOkHttpAloneDecides(Mode mode) throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Door other = redirected(doors, 302);
            Byroad byroad = doors.byroad(doors.assistant());
            byroad.mode(mode);

            got(doors.with(byroad), secret(doors.get("/")));

            assertThat(SECRETS).allMatch(name -> arrived(other).get(name) != null);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aCookieOfTheJarThatIsForBothGoesToBoth(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Door other = redirected(doors, 302);
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
            OkHttpClient client = doors.built(
                    doors.byroad(doors.assistant()).installOn(doors.client()).cookieJar(jar));

            got(client, doors.get("/"));

            assertThat(arrived(other).get("Cookie")).isEqualTo("s=shared");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void ofADeclaredUpstreamAChallengeOfAStrangerIsNotAnswered(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Door other = redirected(doors, 302).answers(Door.answer(401, "who?"));
            OkHttpClient client = doors.built(
                    doors.byroad(doors.assistant()).installOn(doors.client()).authenticator(naive("Authorization")));

            assertThat(got(client, doors.get("/")).code()).isEqualTo(401);
            assertThat(other.count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theChallengeOfAnEndpointThatSharesCredentialsIsAnswered(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Door other = redirected(doors, 302);
            other.next(Door.answer(401, "who?"));
            Byroad byroad = doors.byroad(declared(doors, Endpoint::sharesCredentials));
            OkHttpClient client = doors.built(byroad.installOn(doors.client()).authenticator(naive("Authorization")));

            assertThat(got(client, doors.get("/")).body()).isEqualTo("other /t");
            assertThat(arrived(other).get("Authorization")).isEqualTo("secret");
        }
    }

    /** That one is the user's own, and knows where it is asked from. */
    @Test
    void ofAHostThatNobodyDeclaredTheAuthenticatorDecidesAsEver() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Door other = redirected(doors, 302);
            other.next(Door.answer(401, "who?"));
            OkHttpClient client = doors.built(
                    doors.closing(Byroad.create()).installOn(doors.client()).authenticator(naive("Authorization")));

            assertThat(got(client, doors.get("/")).body()).isEqualTo("other /t");
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
        try (Doors doors = Doors.open(http)) {
            Door other = redirected(doors, 302);
            OkHttpClient client = doors.built(doors.byroad(doors.assistant())
                    .installOn(doors.client())
                    .addInterceptor(chain -> chain.proceed(chain.request()
                            .newBuilder()
                            .url(doors.url(Doors.OTHER, "/t"))
                            .header("X-For-Other", "own")
                            .build())));

            got(client, secret(doors.get("/")));

            assertThat(arrived(other).toString()).doesNotContain("secret");
            assertThat(arrived(other).get("X-For-Other")).isEqualTo("own");
        }
    }

    @Test
    void ofAHostThatNobodyDeclaredItTakesAlongWhatItTakesWithoutUs() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Door other = redirected(doors, 302);
            OkHttpClient client = doors.built(doors.closing(Byroad.create())
                    .installOn(doors.client())
                    .addInterceptor(chain -> chain.proceed(chain.request()
                            .newBuilder()
                            .url(doors.url(Doors.OTHER, "/t"))
                            .build())));

            got(client, secret(doors.get("/")));

            assertThat(arrived(other).get("Authorization")).isEqualTo("Bearer secret");
        }
    }

    @Test
    void whatAnInterceptorBelowAddedForTheFirstHostStaysThere() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Door other = redirected(doors, 302);
            OkHttpClient client = doors.built(doors.byroad(doors.assistant())
                    .installOn(doors.client())
                    .addInterceptor(chain -> chain.proceed(chain.request()
                            .newBuilder()
                            .header("x-api-key", "secret")
                            .build())));

            got(client, doors.get("/"));

            assertThat(arrived(doors.edge).get("x-api-key")).isEqualTo("secret");
            assertThat(arrived(other).get("x-api-key")).isNull();
        }
    }
}
