package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static byroad.okhttp.TestServers.took;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.CallReport;
import byroad.Mode;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import byroad.test.SilentHost;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a call ends that would rather wait. */
class DeadlineTest {
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final Duration ABOUT_THEN = Duration.ofSeconds(3);

    @ParameterizedTest
    @EnumSource(Http.class)
    void aSilentServerEndsTheCallAtTheDeadline(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.SILENCE);
            servers.origin.answers(TestServer.SILENCE);
            OkHttpClient client =
                    servers.with(servers.byroad(servers.assistant().deadline(DEADLINE)));

            long started = System.nanoTime();
            assertThatThrownBy(() -> got(client, servers.get("/"))).isInstanceOf(SocketTimeoutException.class);

            assertThat(took(started)).isBetween(DEADLINE.minusMillis(50), ABOUT_THEN);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anErrorAnswerBeforeASilenceIsDeliveredAtTheDeadline(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            OkHttpClient client =
                    servers.with(servers.byroad(servers.assistant().deadline(DEADLINE)));
            assertThat(got(client, servers.get("/warm")).body()).isEqualTo("origin /warm");
            servers.origin.answers(TestServer.SILENCE);

            long started = System.nanoTime();
            assertThat(got(client, servers.get("/")).body()).contains("Internal server error");
            assertThat(took(started)).isBetween(DEADLINE.minusMillis(50), ABOUT_THEN);
        }
    }

    @Test
    void itHoldsWhileANameIsLookedUp() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            CountDownLatch never = new CountDownLatch(1);
            Dns silent = host -> {
                try {
                    never.await(4, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return servers.lookup(host);
            };
            Byroad byroad = servers.byroad(servers.assistant().deadline(DEADLINE));
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client().dns(silent)));

            long started = System.nanoTime();
            assertThatThrownBy(() -> got(client, servers.get("/"))).isInstanceOf(SocketTimeoutException.class);

            assertThat(took(started)).isBetween(DEADLINE.minusMillis(50), ABOUT_THEN);
            never.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void itNeverRunsOverABody(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(new MockResponse.Builder()
                    .body("late")
                    .bodyDelay(1_500, TimeUnit.MILLISECONDS)
                    .build());
            OkHttpClient client =
                    servers.with(servers.byroad(servers.assistant().deadline(DEADLINE)));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("late");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aBodyHasTheClientsOwnLimitAndNotThatOfAnAttempt(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            Duration silence = Duration.ofMillis(1_500);
            servers.edge.answers(new MockResponse.Builder()
                    .body("too late")
                    .bodyDelay(5, TimeUnit.SECONDS)
                    .build());
            OkHttpClient client =
                    servers.built(servers.byroad(servers.assistant().attemptLimit(Duration.ofMillis(600)))
                            .installOn(servers.client())
                            .readTimeout(silence));
            try (Response response = client.newCall(servers.get("/")).execute()) {
                long started = System.nanoTime();
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(SocketTimeoutException.class);
                assertThat(took(started)).isBetween(silence.minusMillis(50), Duration.ofSeconds(4));
            }
        }
    }

    @Test
    void watchingOnlyItIsNotKept() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(new MockResponse.Builder()
                    .body("late")
                    .headersDelay(1_500, TimeUnit.MILLISECONDS)
                    .build());
            Byroad byroad = servers.byroad(servers.assistant().deadline(DEADLINE));
            byroad.mode(Mode.WATCH);

            assertThat(got(servers.with(byroad), servers.get("/")).body()).isEqualTo("late");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aCancelEndsAWaitForARetryAtOnce(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            CountDownLatch answered = new CountDownLatch(1);
            servers.edge.answers(request -> {
                answered.countDown();
                return new MockResponse.Builder()
                        .code(503)
                        .setHeader("Retry-After", "30")
                        .body("busy")
                        .build();
            });
            OkHttpClient client = servers.with(Byroad.create());
            Call call = client.newCall(servers.get("/"));
            CompletableFuture<Integer> code = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return TestServers.Got.of(call).code();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    },
                    client.dispatcher().executorService());
            assertThat(answered.await(5, TimeUnit.SECONDS)).isTrue();
            Eventually.holds(() -> assertThat(Byroad.reportOf(call).attempts())
                    .singleElement()
                    .returns(false, attempt -> attempt.outcome().equals("under way")));

            long started = System.nanoTime();
            call.cancel();

            assertThatThrownBy(() -> code.get(5, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .rootCause()
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Canceled");
            assertThat(took(started)).isLessThan(Duration.ofMillis(500));
            assertThat(servers.edge.count()).isEqualTo(1);
            Eventually.holds(() -> assertThat(client.connectionPool().connectionCount())
                    .isEqualTo(client.connectionPool().idleConnectionCount())); // nothing leaked
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aCallTimeoutIsOkHttpsOwn(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.SILENCE);
            OkHttpClient client =
                    servers.built(servers.byroad(Upstream.named("assistant").endpoint(servers.atEdge()))
                            .installOn(servers.client())
                            .callTimeout(DEADLINE));

            for (int i = 0; i < 3; i++) {
                long started = System.nanoTime();
                assertThatThrownBy(() -> got(client, servers.get("/")))
                        .isExactlyInstanceOf(InterruptedIOException.class)
                        .hasMessage("timeout")
                        .satisfies(
                                e -> assertThat(Byroad.reportOf(e).upstream()).isEqualTo("assistant"));
                assertThat(took(started)).isBetween(DEADLINE.minusMillis(50), ABOUT_THEN);
            }
        }
    }

    /** What the error takes to be read is part of the wait that its server asked for. */
    @Test
    void readingASlowErrorDoesNotMakeAWaitOutlastIt() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.answers(TestServer.answer(503, "x".repeat(100_000))
                    .newBuilder()
                    .setHeader("Retry-After", "2")
                    .throttleBody(20_000, 700, TimeUnit.MILLISECONDS)
                    .build());
            Upstream inTime =
                    Upstream.named("assistant").endpoint(servers.atEdge()).deadline(Duration.ofSeconds(3));
            OkHttpClient client = servers.with(servers.byroad(inTime));

            try (Response response = client.newCall(servers.get("/")).execute()) {
                assertThat(response.code()).isEqualTo(503);
            }
        }
    }

    @Test
    void theStoryOfACallThatItsDeadlineEndedTellsSo() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2);
                SilentHost one = SilentHost.start("127.0.0.5", servers.port());
                SilentHost other = SilentHost.start("127.0.0.6", servers.port())) {
            servers.edge.answers(TestServer.edgePage(500));
            servers.name(
                    TestServers.ORIGIN,
                    "127.0.0.5",
                    "127.0.0.6"); // each address has the limit of an attempt for itself
            Byroad byroad = servers.byroad(servers.assistant().deadline(DEADLINE));
            List<CallReport> reports = new CopyOnWriteArrayList<>();
            byroad.onReport(reports::add);

            assertThatThrownBy(() -> got(servers.with(byroad), servers.get("/")))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(reports)
                    .singleElement()
                    .satisfies(report -> assertThat(report.outcome()).isEqualTo("SocketTimeoutException"))
                    .satisfies(report -> assertThat(report.toString()).doesNotContain("cancelled"));
        }
    }
}
