package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import byroad.EndpointStatus;
import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.net.ProtocolException;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import okhttp3.Authenticator;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that OkHttp makes by itself after an answer: challenges and redirects, above all those of the fallback. */
class FallbackChallengesTest {
    private static final int MOST = 21; // a request and OkHttp's twenty follow-ups

    private static final Authenticator PERSISTENT = (route, response) -> response.request()
            .newBuilder()
            .header("Authorization", "Basic wrong")
            .build();

    private static final Authenticator ONCE =
            (route, response) -> response.request().header("Authorization") != null
                    ? null
                    : response.request()
                            .newBuilder()
                            .header("Authorization", "Basic right")
                            .build();

    /** What makes OkHttp follow up for ever. */
    enum Endless {
        WRONG_PASSWORD {
            @Override
            MockResponse answer() {
                return TestServer.answer(401, "who?");
            }
        },
        REDIRECT_TO_ITSELF {
            @Override
            MockResponse answer() {
                return redirect("/");
            }
        };

        abstract MockResponse answer();
    }

    static Stream<Arguments> endless() {
        return Stream.of(Http.values())
                .flatMap(http -> Stream.of(Endless.values()).map(endless -> Arguments.arguments(http, endless)));
    }

    static Stream<Arguments> endlessAtTheFallback() {
        return endless()
                .flatMap(one -> Stream.of(Fallback.values())
                        .map(place -> Arguments.arguments(one.get()[0], one.get()[1], place)));
    }

    private static MockResponse redirect(String to) {
        return new MockResponse.Builder().code(302).setHeader("Location", to).build();
    }

    private static OkHttpClient client(TestServers servers, Byroad byroad, Authenticator authenticator) {
        return servers.built(byroad.installOn(servers.client()).authenticator(authenticator));
    }

    private static OkHttpClient plain(TestServers servers, Authenticator authenticator) {
        return servers.built(Fallback.plain(servers).authenticator(authenticator));
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aChallengeOfTheFallbackIsAnsweredOnce(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(request -> request.getHeaders().get("Authorization") == null
                    ? TestServer.answer(401, "who?")
                    : TestServer.answer(200, "welcome"));

            Got got = got(client(servers, servers.byroad(place.sharing(servers)), ONCE), servers.get("/"));

            assertThat(got.body()).isEqualTo("welcome");
            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(servers.origin.count()).isEqualTo(2);
            assertThat(got(plain(servers, ONCE), place.get(servers, "/")).body())
                    .isEqualTo("welcome");
            assertThat(servers.origin.count()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aChallengeOfAnotherAuthorityThatSharesNothingIsDelivered(Http http) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.answer(401, "who?"));
            Upstream upstream = Fallback.OTHER_AUTHORITY.upstream(servers);

            got(client(servers, servers.byroad(upstream), PERSISTENT), servers.get("/"));

            assertThat(servers.origin.count()).isEqualTo(1);
            assertThat(servers.origin.last().getHeaders().get("Authorization")).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("endless")
    void anEndlessFollowUpCostsAsManyRequestsAsWithoutUsAndIsNobodysFault(Http http, Endless endless) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(endless.answer());
            OkHttpClient plain = servers.built(servers.client().authenticator(PERSISTENT));
            Throwable expected = catchThrowable(() -> got(plain, servers.get("/")));
            assertThat(expected).isInstanceOf(ProtocolException.class);
            assertThat(servers.edge.count()).isEqualTo(MOST);
            Byroad byroad = servers.byroad(Fallback.SAME_AUTHORITY.upstream(servers));

            Throwable thrown = catchThrowable(() -> got(client(servers, byroad, PERSISTENT), servers.get("/")));

            assertThat(thrown).isInstanceOf(ProtocolException.class).hasMessage(expected.getMessage());
            assertThat(servers.edge.count()).isEqualTo(2 * MOST);
            assertThat(servers.origin.count()).isZero();
            assertAllClosed(byroad);
        }
    }

    @ParameterizedTest
    @MethodSource("endlessAtTheFallback")
    void anEndlessFollowUpOfTheFallbackCostsNoMoreThanWithoutUs(Http http, Endless endless, Fallback place)
            throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(endless.answer());
            assertThat(catchThrowable(() -> got(plain(servers, PERSISTENT), place.get(servers, "/"))))
                    .isInstanceOf(ProtocolException.class);
            assertThat(servers.origin.count()).isEqualTo(MOST);
            Byroad byroad = servers.byroad(place.sharing(servers));

            // an answer in hand beats an exception: that of the edge
            assertThat(got(client(servers, byroad, PERSISTENT), servers.get("/"))
                            .code())
                    .isEqualTo(500);

            assertThat(servers.origin.count()).isBetween(MOST, 2 * MOST);
            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(byroad.status().get(1).circuit()).isEqualTo(EndpointStatus.Circuit.CLOSED);
        }
    }

    /** Twenty follow-ups for each call of the caller, not for each attempt. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void followUpsAtTheEdgeCountAtTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            int atEdge = 12;
            for (int i = 0; i < atEdge; i++) {
                servers.edge.next(redirect("/" + i));
            }
            servers.edge.answers(TestServer.edgePage(500));
            servers.origin.answers(redirect("/again"));
            OkHttpClient client = client(servers, servers.byroad(place.upstream(servers)), Authenticator.NONE);

            assertThat(got(client, servers.get("/")).code()).isEqualTo(500);

            assertThat(servers.edge.count() + servers.origin.count()).isLessThanOrEqualTo(MOST + 1);
        }
    }

    private static void assertAllClosed(Byroad byroad) {
        assertThat(byroad.status()).extracting(EndpointStatus::circuit).containsOnly(EndpointStatus.Circuit.CLOSED);
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aRedirectOfTheFallbackIsFollowedAtTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.next(redirect("/next"));

            Got got =
                    got(client(servers, servers.byroad(place.upstream(servers)), Authenticator.NONE), servers.get("/"));

            assertThat(got.body()).isEqualTo("origin /next");
            assertThat(got.response().priorResponse()).isNotNull();
            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(servers.origin.count()).isEqualTo(2);
            servers.origin.next(redirect("/next"));
            assertThat(got(plain(servers, Authenticator.NONE), place.get(servers, "/"))
                            .body())
                    .isEqualTo("origin /next");
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aRedirectOfTheFallbackKeepsMethodAndBody(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.next(redirect("/next").newBuilder().code(307).build());

            Got got = got(
                    client(servers, servers.byroad(place.upstream(servers)), Authenticator.NONE), servers.post("/"));

            assertThat(got.body()).isEqualTo("origin /next");
            assertThat(servers.origin.last().getMethod()).isEqualTo("POST");
            assertThat(String.valueOf(servers.origin.last().getBody())).contains("{}");
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aRedirectOfTheFallbackIsDeliveredWhereTheClientFollowsNone(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(redirect("/next"));
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .followRedirects(false));

            assertThat(got(client, servers.get("/")).code()).isEqualTo(302);
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }

    /** A 401 of the fallback after an answered challenge is the caller's to see: what was asked is not asked again. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aPasswordThatTheFallbackRefusesIsTriedAsOftenAsWithoutUs(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.answer(401, "who?"));
            Request direct = place.get(servers, "/");
            got(plain(servers, ONCE), direct);
            int withoutUs = servers.origin.count();

            got(client(servers, servers.byroad(place.sharing(servers)), ONCE), servers.get("/"));

            assertThat(servers.origin.count()).isEqualTo(2 * withoutUs);
        }
    }
}
