package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The user's dispatcher and pool, where calls end at a fallback. */
class FallbackDispatcherTest {
    private static CompletableFuture<String> enqueued(OkHttpClient client, Request request) {
        CompletableFuture<String> body = new CompletableFuture<>();
        client.newCall(request).enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException why) {
                body.completeExceptionally(why);
            }

            @Override
            public void onResponse(Call call, Response response) throws IOException {
                try (response) {
                    body.complete(response.body().string());
                }
            }
        });
        return body;
    }

    private static Dispatcher dispatcher(int most, Runnable whenIdle) {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(most);
        dispatcher.setIdleCallback(whenIdle);
        return dispatcher;
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void callsThatAreNotWaitedForReachTheFallbackThroughADispatcherOfOnePlace(Http http, Fallback place)
            throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .dispatcher(dispatcher(1, () -> {})));

            List<CompletableFuture<String>> bodies = List.of(
                    enqueued(client, servers.get("/0")),
                    enqueued(client, servers.get("/1")),
                    enqueued(client, servers.get("/2")));

            for (int i = 0; i < bodies.size(); i++) {
                assertThat(bodies.get(i).get(10, TimeUnit.SECONDS)).isEqualTo("origin /" + i);
            }
        }
    }

    /** What the user's dispatcher says while the fallback is asked. */
    private static List<String> counts(TestServers servers, OkHttpClient client) {
        List<String> counts = new CopyOnWriteArrayList<>();
        servers.origin.answers(request -> {
            counts.add(client.dispatcher().runningCallsCount() + " running, "
                    + client.dispatcher().queuedCallsCount() + " queued");
            return TestServer.answer(200, "counted");
        });
        return counts;
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCallIsOneRunningCallWhileTheFallbackIsAsked(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            AtomicInteger idle = new AtomicInteger();
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .dispatcher(dispatcher(64, idle::incrementAndGet)));
            List<String> counts = counts(servers, client);

            got(client, servers.get("/"));
            assertThat(idle).hasValue(1);
            enqueued(client, servers.get("/")).get(10, TimeUnit.SECONDS);

            assertThat(counts).containsExactly("1 running, 0 queued", "1 running, 0 queued");
            Eventually.holds(() -> assertThat(idle).hasValue(2));
            assertThat(client.dispatcher().runningCalls()).isEmpty();
        }
    }

    /** As an application does that stops; calls that are waited for go on with a plain client as well. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aDispatcherThatWasShutDownDoesNotHinderACallThatIsWaitedFor(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            OkHttpClient client = servers.with(servers.byroad(place.upstream(servers)));
            client.dispatcher().executorService().shutdown();

            assertThat(got(client, servers.get("/")).body()).isEqualTo("origin /");
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void fiftyFailoversNeedOneConnectionToEachServer(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            OffsetTime time = new OffsetTime();
            Byroad byroad = servers.closing(Byroad.builder()
                    .runtime(ClientRuntime.standard().time(time))
                    .upstream(place.upstream(servers))
                    .build());
            OkHttpClient client = servers.with(byroad);

            for (int i = 0; i < 50; i++) {
                assertThat(got(client, servers.get("/" + i)).body()).isEqualTo("origin /" + i);
                time.jump(Duration.ofMinutes(1)); // the circuit's time is over: the edge is asked again
            }

            assertThat(servers.edge.count()).isEqualTo(50);
            assertThat(servers.edge.connections()).isEqualTo(1);
            assertThat(servers.origin.count()).isEqualTo(50);
            assertThat(servers.origin.connections()).isEqualTo(1);
            assertThat(client.connectionPool().connectionCount()).isEqualTo(2);
            assertThat(Fallback.inUse(client)).isZero();
        }
    }

    /** As openai-java does for each timeout, and OkHttp for each web socket: the client is derived anew, the pool stays. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void clientsThatAreDerivedForEachCallShareTheConnectionToTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            OkHttpClient client = servers.with(servers.byroad(place.upstream(servers)));

            for (int i = 0; i < 20; i++) {
                OkHttpClient derived = client.newBuilder()
                        .readTimeout(Duration.ofSeconds(3 + i))
                        .build();
                assertThat(got(derived, servers.get("/" + i)).body()).isEqualTo("origin /" + i);
            }

            assertThat(servers.origin.connections()).isEqualTo(1);
            assertThat(client.connectionPool().connectionCount()).isLessThanOrEqualTo(2);
            assertThat(Fallback.inUse(client)).isZero();
        }
    }

    /** On HTTP/2 many calls share a connection, also those that came to it on different ways. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void callsAtTheSameTimeAreAllAnsweredAndGiveTheirConnectionsBack(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .dispatcher(new Dispatcher()));
            client.dispatcher().setMaxRequestsPerHost(16);
            List<CompletableFuture<String>> bodies = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 40; i++) {
                bodies.add(enqueued(client, servers.get("/" + i)));
            }

            for (int i = 0; i < bodies.size(); i++) {
                assertThat(bodies.get(i).get(20, TimeUnit.SECONDS)).isEqualTo("origin /" + i);
            }

            Eventually.holds(() -> assertThat(Fallback.inUse(client)).isZero());
            assertThat(servers.origin.count()).isEqualTo(40);
        }
    }
}
