package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.EndpointStatus;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that OkHttp ends by its own timeout, the shortest of all limits, tells of its endpoint; a caller's cancel does not. */
class CallTimeoutTest {
    private static final Duration TIMEOUT = Duration.ofMillis(600);

    @ParameterizedTest
    @EnumSource(Http.class)
    void aBlackHoleOpensTheCircuitAndTheFallbackAnswers(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.SILENCE);
            Byroad byroad = servers.byroad(servers.assistant());
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client()).callTimeout(TIMEOUT));

            assertThat(lost(client, servers.get("/"), 8)).isLessThan(8);
            assertThat(servers.origin.count()).isPositive();
            assertThat(byroad.status().get(0).circuit()).isNotEqualTo(EndpointStatus.Circuit.CLOSED);
        }
    }

    @Test
    void aDeadConnectionIsLeft() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.name(TestServers.HOST, "127.0.0.4");
            Relay relay = servers.closing(new Relay("127.0.0.4", servers.port(), TestServers.EDGE_IP));
            Byroad byroad = servers.byroad(Upstream.named("assistant").endpoint(servers.atEdge()));
            OkHttpClient client =
                    servers.built(servers.client().addInterceptor(byroad).callTimeout(TIMEOUT)); // no pings
            got(client.newBuilder().callTimeout(Duration.ZERO).build(), servers.get("/warm"));
            relay.freeze();

            assertThat(lost(client, servers.get("/"), 6)).isLessThan(6);
            assertThat(relay.made()).isGreaterThan(1);
        }
    }

    /** A timeout that would end a wait ends the call with the answer there is. */
    @Test
    void theAnswerThereIsBeatsAWaitThatItWouldEnd() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.answer(503, "busy")
                    .newBuilder()
                    .setHeader("Retry-After", "5")
                    .build());
            Upstream patient =
                    Upstream.named("assistant").endpoint(servers.atEdge()).deadline(Duration.ofSeconds(30));
            OkHttpClient client = servers.built(
                    servers.byroad(patient).installOn(servers.client()).callTimeout(Duration.ofSeconds(3)));

            assertThat(got(client, servers.get("/")).code()).isEqualTo(503);
        }
    }

    /** OkHttp's clock began to run before ours. */
    @Test
    void nothingIsTriedAfterATimeoutThatCameBeforeOurs() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.SILENCE);
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client().addInterceptor(slow(50)))
                    .callTimeout(TIMEOUT));

            assertThatThrownBy(() -> got(client, servers.get("/")))
                    .isInstanceOf(InterruptedIOException.class)
                    .satisfies(thrown ->
                            assertThat(Byroad.reportOf(thrown).attempts()).hasSize(1));
        }
    }

    /** As one that fetches a token. This rests on the name of okio's thread. */
    @Test
    void aBlackHoleIsNoticedBehindAnInterceptorThatTakesItsTime() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.SILENCE);
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client().addInterceptor(slow(200)))
                    .callTimeout(TIMEOUT));

            assertThat(lost(client, servers.get("/"), 8)).isLessThan(8);
        }
    }

    private static Interceptor slow(int millis) {
        CompletableFuture<Void> never = new CompletableFuture<>();
        return chain -> {
            assertThatThrownBy(() -> never.get(millis, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            return chain.proceed(chain.request());
        };
    }

    @Test
    void aDeadlineThatIsSetOnTheCallIsATimeoutToo() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.SILENCE);
            Call call = servers.with(servers.byroad(servers.assistant())).newCall(servers.get("/"));
            call.timeout().deadline(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);

            assertThatThrownBy(call::execute)
                    .satisfies(thrown ->
                            assertThat(Byroad.reportOf(thrown)).asString().contains("call timeout"));
        }
    }

    @Test
    void aLookUpThatHangsIsNotTakenForACancel() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            CountDownLatch closing = new CountDownLatch(1);
            Dns silent = host -> {
                try {
                    closing.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return servers.lookup(host);
            };
            Byroad byroad = servers.byroad(servers.assistant());
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client().dns(silent)).callTimeout(TIMEOUT));

            assertThatThrownBy(() -> got(client, servers.get("/")))
                    .satisfies(thrown ->
                            assertThat(Byroad.reportOf(thrown)).asString().contains("call timeout"));
            closing.countDown();
        }
    }

    @Test
    void aCancelOfACallWithAShortTimeoutIsACancel() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Byroad byroad = servers.byroad(servers.assistant());
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client()).callTimeout(Duration.ofSeconds(20)));
            servers.edge.answers(TestServer.SILENCE);
            Call call = client.newCall(servers.get("/"));
            call.timeout().timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            CompletableFuture<IOException> thrown = new CompletableFuture<>();
            call.enqueue(new Callback() {
                @Override
                public void onFailure(Call failed, IOException why) {
                    thrown.complete(why);
                }

                @Override
                public void onResponse(Call answered, Response response) {
                    response.close();
                }
            });
            Eventually.holds(() -> assertThat(servers.edge.count()).isEqualTo(1));
            call.cancel();

            assertThat(Byroad.reportOf(thrown.get(20, TimeUnit.SECONDS)))
                    .asString()
                    .contains("cancelled");
        }
    }

    private static int lost(OkHttpClient client, Request request, int calls) throws IOException {
        int lost = 0;
        for (int i = 0; i < calls; i++) {
            try {
                got(client, request);
            } catch (InterruptedIOException timeout) {
                lost++;
            }
        }
        return lost;
    }
}
