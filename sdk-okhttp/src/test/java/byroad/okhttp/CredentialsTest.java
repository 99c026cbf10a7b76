package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.Doors.Http;
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
    private static final String STAND_IN = "stand-in.example.test";

    private static Endpoint standIn(Doors doors) {
        return Endpoint.at(doors.url(STAND_IN, "")).hostedBy("gcp/europe-west1").named("stand-in");
    }

    /** An edge that fails, and another authority at the origin's address. */
    private static Upstream upstream(Doors doors, Endpoint standIn) {
        doors.name(STAND_IN, Doors.ORIGIN_IP);
        doors.edge.answers(Door.edgePage(500));
        return Upstream.named("assistant").endpoint(doors.atEdge()).endpoint(standIn);
    }

    private static Request secret(Doors doors) {
        return doors.get("/v1/models")
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
        try (Doors doors = Doors.open(http)) {
            OkHttpClient client = doors.with(doors.byroad(upstream(doors, standIn(doors))));

            assertThat(got(client, secret(doors)).by()).isEqualTo("stand-in");

            Headers arrived = doors.origin.last().getHeaders();
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
            assertThat(doors.edge.last().getHeaders().get("Authorization")).isEqualTo("Bearer secret");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theyGoToAnotherAuthorityThatSharesThem(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            OkHttpClient client =
                    doors.with(doors.byroad(upstream(doors, standIn(doors).sharesCredentials())));

            assertThat(got(client, secret(doors)).by()).isEqualTo("stand-in");

            Headers arrived = doors.origin.last().getHeaders();
            assertThat(arrived.get("Authorization")).isEqualTo("Bearer secret");
            assertThat(arrived.get("x-api-key")).isEqualTo("secret");
            assertThat(arrived.get("Cookie")).isEqualTo("session=secret");
            assertThat(doors.origin.last().getUrl().host()).isEqualTo(STAND_IN);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theSameAuthorityKeepsThem(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.edgePage(500));
            OkHttpClient client = doors.with(doors.byroad(doors.assistant()));

            assertThat(got(client, secret(doors)).by()).isEqualTo("origin");

            Headers arrived = doors.origin.last().getHeaders();
            assertThat(arrived.get("Authorization")).isEqualTo("Bearer secret");
            assertThat(arrived.get("x-api-key")).isEqualTo("secret");
            assertThat(arrived.get("Cookie")).isEqualTo("session=secret");
            assertThat(arrived.get("X-Unknown")).isEqualTo("maybe secret");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anEndpointsOwnHeaderReplacesTheCallersAndGoesNowhereElse(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Endpoint own = standIn(doors).header("Authorization", "Bearer own");
            OkHttpClient client = doors.with(doors.byroad(upstream(doors, own)));

            assertThat(got(client, secret(doors)).by()).isEqualTo("stand-in");

            assertThat(doors.origin.last().getHeaders().values("Authorization")).containsExactly("Bearer own");
            assertThat(doors.edge.last().getHeaders().values("Authorization")).containsExactly("Bearer secret");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anAuthenticatorDoesNotAnswerTheChallengeOfAnotherAuthority(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.origin.answers(Door.answer(401, "who?"));
            Byroad byroad = doors.byroad(upstream(doors, standIn(doors)));
            OkHttpClient client = doors.built(byroad.installOn(doors.client())
                    .authenticator((route, response) -> response.request()
                            .newBuilder()
                            .header("Authorization", "Bearer secret")
                            .build()));

            assertThat(got(client, doors.get("/")).code()).isEqualTo(401);
            assertThat(doors.origin.count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void whatAnInterceptorAboveAddedStaysBehindAsWell(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Byroad byroad = doors.byroad(upstream(doors, standIn(doors)));
            OkHttpClient client = doors.built(byroad.installOn(doors.client()
                    .addInterceptor(chain -> chain.proceed(chain.request()
                            .newBuilder()
                            .header("Authorization", "Bearer secret")
                            .build()))));

            assertThat(got(client, doors.get("/")).by()).isEqualTo("stand-in");
            assertThat(doors.origin.last().getHeaders().get("Authorization")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void cookiesOfTheEdgeGoToTheSameAuthorityOnly(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            CookieJar jar = new CookieJar() {
                @Override
                public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {}

                @Override
                public List<Cookie> loadForRequest(HttpUrl url) {
                    return url.host().equals(Doors.HOST)
                            ? List.of(new Cookie.Builder()
                                    .domain(Doors.HOST)
                                    .name("s")
                                    .value("secret")
                                    .build())
                            : List.of();
                }
            };
            Byroad byroad = doors.byroad(upstream(doors, standIn(doors)));
            OkHttpClient client = doors.built(byroad.installOn(doors.client()).cookieJar(jar));

            assertThat(got(client, doors.get("/")).by()).isEqualTo("stand-in");
            assertThat(doors.edge.last().getHeaders().get("Cookie")).isEqualTo("s=secret");
            assertThat(doors.origin.last().getHeaders().get("Cookie")).isNull();
        }
    }
}
