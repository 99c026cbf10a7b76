package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import byroad.EndpointStatus;
import byroad.Upstream;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
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
                return Door.answer(401, "who?");
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

    private static OkHttpClient client(Doors doors, Byroad byroad, Authenticator authenticator) {
        return doors.built(byroad.installOn(doors.client()).authenticator(authenticator));
    }

    private static OkHttpClient plain(Doors doors, Authenticator authenticator) {
        return doors.built(Fallback.plain(doors).authenticator(authenticator));
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aChallengeOfTheFallbackIsAnsweredOnce(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            doors.origin.answers(request -> request.getHeaders().get("Authorization") == null
                    ? Door.answer(401, "who?")
                    : Door.answer(200, "welcome"));

            Got got = got(client(doors, doors.byroad(place.sharing(doors)), ONCE), doors.get("/"));

            assertThat(got.body()).isEqualTo("welcome");
            assertThat(doors.edge.count()).isEqualTo(1);
            assertThat(doors.origin.count()).isEqualTo(2);
            assertThat(got(plain(doors, ONCE), place.get(doors, "/")).body()).isEqualTo("welcome");
            assertThat(doors.origin.count()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aChallengeOfAnotherAuthorityThatSharesNothingIsDelivered(Http http) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            doors.origin.answers(Door.answer(401, "who?"));
            Upstream upstream = Fallback.OTHER_AUTHORITY.upstream(doors);

            got(client(doors, doors.byroad(upstream), PERSISTENT), doors.get("/"));

            assertThat(doors.origin.count()).isEqualTo(1);
            assertThat(doors.origin.last().getHeaders().get("Authorization")).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("endless")
    void anEndlessFollowUpCostsAsManyRequestsAsWithoutUsAndIsNobodysFault(Http http, Endless endless) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(endless.answer());
            OkHttpClient plain = doors.built(doors.client().authenticator(PERSISTENT));
            Throwable expected = catchThrowable(() -> got(plain, doors.get("/")));
            assertThat(expected).isInstanceOf(ProtocolException.class);
            assertThat(doors.edge.count()).isEqualTo(MOST);
            Byroad byroad = doors.byroad(Fallback.SAME_AUTHORITY.upstream(doors));

            Throwable thrown = catchThrowable(() -> got(client(doors, byroad, PERSISTENT), doors.get("/")));

            assertThat(thrown).isInstanceOf(ProtocolException.class).hasMessage(expected.getMessage());
            assertThat(doors.edge.count()).isEqualTo(2 * MOST);
            assertThat(doors.origin.count()).isZero();
            assertAllClosed(byroad);
        }
    }

    @ParameterizedTest
    @MethodSource("endlessAtTheFallback")
    void anEndlessFollowUpOfTheFallbackCostsNoMoreThanWithoutUs(Http http, Endless endless, Fallback place)
            throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            doors.origin.answers(endless.answer());
            catchThrowable(() -> got(plain(doors, PERSISTENT), place.get(doors, "/")));
            assertThat(doors.origin.count()).isEqualTo(MOST);
            Byroad byroad = doors.byroad(place.sharing(doors));

            catchThrowable(() -> got(client(doors, byroad, PERSISTENT), doors.get("/")));

            assertThat(doors.origin.count()).isBetween(MOST, 2 * MOST);
            assertThat(doors.edge.count()).isEqualTo(1);
            assertThat(byroad.status().get(1).circuit()).isEqualTo(EndpointStatus.Circuit.CLOSED);
        }
    }

    /** Twenty follow-ups for each call of the caller, not for each attempt. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void followUpsAtTheEdgeCountAtTheFallback(Http http, Fallback place) throws Exception {
        try (Doors doors = Doors.open(http)) {
            int atEdge = 12;
            for (int i = 0; i < atEdge; i++) {
                doors.edge.next(redirect("/" + i));
            }
            doors.edge.answers(Door.edgePage(500));
            doors.origin.answers(redirect("/again"));
            OkHttpClient client = client(doors, doors.byroad(place.upstream(doors)), Authenticator.NONE);

            catchThrowable(() -> got(client, doors.get("/")));

            assertThat(doors.edge.count() + doors.origin.count()).isLessThanOrEqualTo(MOST + 1);
        }
    }

    private static void assertAllClosed(Byroad byroad) {
        assertThat(byroad.status()).extracting(EndpointStatus::circuit).containsOnly(EndpointStatus.Circuit.CLOSED);
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aRedirectOfTheFallbackIsFollowedAtTheFallback(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            doors.origin.next(redirect("/next"));

            Got got = got(client(doors, doors.byroad(place.upstream(doors)), Authenticator.NONE), doors.get("/"));

            assertThat(got.body()).isEqualTo("origin /next");
            assertThat(got.response().priorResponse()).isNotNull();
            assertThat(doors.edge.count()).isEqualTo(1);
            assertThat(doors.origin.count()).isEqualTo(2);
            doors.origin.next(redirect("/next"));
            assertThat(got(plain(doors, Authenticator.NONE), place.get(doors, "/"))
                            .body())
                    .isEqualTo("origin /next");
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aRedirectOfTheFallbackKeepsMethodAndBody(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            doors.origin.next(redirect("/next").newBuilder().code(307).build());

            Got got = got(client(doors, doors.byroad(place.upstream(doors)), Authenticator.NONE), doors.post("/"));

            assertThat(got.body()).isEqualTo("origin /next");
            assertThat(doors.origin.last().getMethod()).isEqualTo("POST");
            assertThat(String.valueOf(doors.origin.last().getBody())).contains("{}");
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aRedirectOfTheFallbackIsDeliveredWhereTheClientFollowsNone(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            doors.origin.answers(redirect("/next"));
            OkHttpClient client = doors.built(doors.byroad(place.upstream(doors))
                    .installOn(doors.client())
                    .followRedirects(false));

            assertThat(got(client, doors.get("/")).code()).isEqualTo(302);
            assertThat(doors.origin.count()).isEqualTo(1);
        }
    }

    /** A 401 of the fallback after an answered challenge is the caller's to see: what was asked is not asked again. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aPasswordThatTheFallbackRefusesIsTriedAsOftenAsWithoutUs(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            doors.origin.answers(Door.answer(401, "who?"));
            Request direct = place.get(doors, "/");
            got(plain(doors, ONCE), direct);
            int withoutUs = doors.origin.count();

            got(client(doors, doors.byroad(place.sharing(doors)), ONCE), doors.get("/"));

            assertThat(doors.origin.count()).isEqualTo(2 * withoutUs);
        }
    }
}
