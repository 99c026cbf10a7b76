package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Mode;
import byroad.Upstream;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers who repeat by themselves are told, what hosts are told, and errors whose bodies never come. */
class LastWordTest {
    private static final String HEADER = "X-Should-Retry";

    @Test
    void anErrorAfterWhichNothingIsWorthTryingSaysSo() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.edge.answers(new MockResponse.Builder()
                    .code(503)
                    .setHeader(HEADER, "true")
                    .body("busy")
                    .build());
            doors.origin.answers(Door.answer(503, "busy"));
            Got got = got(doors.with(doors.byroad(doors.assistant())), doors.get("/"));

            assertThat(got.code()).isEqualTo(503);
            assertThat(got.response().headers(HEADER)).containsExactly("false");
        }
    }

    @Test
    void anErrorThatOnlyMayNotBeRepeatedByUsSaysNothing() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.edge.answers(Door.answer(503, "busy"));
            Upstream careful = Upstream.named("assistant").endpoint(doors.atEdge());
            Got got = got(doors.with(doors.byroad(careful)), doors.post("/"));

            assertThat(got.code()).isEqualTo(503);
            assertThat(got.response().header(HEADER)).isNull();
        }
    }

    @Test
    void whoOnlyWatchesSaysNothing() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.edge.answers(Door.answer(503, "busy"));
            Byroad byroad = doors.byroad(doors.assistant());
            byroad.mode(Mode.WATCH);

            assertThat(got(doors.with(byroad), doors.get("/")).response().header(HEADER))
                    .isNull();
        }
    }

    @Test
    void attemptsAreNumberedInTheHeaderThatTheUpstreamNames() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.edge.answers(Door.edgePage(500));
            Upstream numbered = doors.assistant().attemptHeader("X-Attempt");

            assertThat(got(doors.with(doors.byroad(numbered)), doors.get("/")).by())
                    .isEqualTo("origin");
            assertThat(doors.edge.last().getHeaders().get("X-Attempt")).isEqualTo("1");
            assertThat(doors.origin.last().getHeaders().get("X-Attempt")).isEqualTo("2");
        }
    }

    /** A single interceptor cannot keep OkHttp from repeating that GET, but it sees it, and the budget pays. */
    @Test
    void whatOkHttpRepeatsByItselfIsPaidFor() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.edge.next(new MockResponse.Builder()
                    .code(503)
                    .setHeader("Retry-After", "0")
                    .body("busy")
                    .build());
            Byroad byroad = doors.byroad(doors.assistant());
            OkHttpClient client = doors.built(doors.client().addInterceptor(byroad));

            Got got = got(client, doors.get("/"));

            assertThat(got.code()).isEqualTo(200);
            assertThat(doors.edge.count()).isEqualTo(2);
            assertThat(Byroad.reportOf(got.response()).notes())
                    .containsExactly("sent twice by the client below: OkHttp repeats by itself after a 503");
            assertThat(byroad.toString()).contains("budget 477/490 tokens"); // 14 taken, 1 for the success
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anErrorThatStallsInItsBodyDoesNotHoldUpTheNextEndpoint(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(new MockResponse.Builder()
                    .code(503)
                    .body("never to come")
                    .bodyDelay(60, TimeUnit.SECONDS)
                    .build());
            OkHttpClient client = doors.built(
                    doors.byroad(doors.assistant()).installOn(doors.client()).readTimeout(Duration.ofSeconds(30)));
            long started = System.nanoTime();

            assertThat(got(client, doors.get("/")).by()).isEqualTo("origin");
            assertThat(Doors.took(started)).isLessThan(Duration.ofSeconds(10));
        }
    }

    /** Its last part comes too late for a look into it, and still in time for its reader. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void anErrorThatIsHandedOverHasTheClientsOwnLimitAgain(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            String page = "x".repeat(20_000);
            doors.edge.answers(new MockResponse.Builder()
                    .code(404)
                    .body(page)
                    .throttleBody(18_000, 1_500, TimeUnit.MILLISECONDS)
                    .build());
            OkHttpClient client = doors.with(doors.byroad(doors.assistant()));

            assertThat(got(client, doors.get("/")).body()).isEqualTo(page);
        }
    }
}
