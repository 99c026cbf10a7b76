package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallReport;
import byroad.okhttp.TestServers.Http;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A web socket whose upgrade the edge refuses and the fallback accepts. */
class FallbackWebSocketTest {
    /** The client's end of a socket: what it heard, in order. */
    private static final class Client extends WebSocketListener {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        final AtomicReference<Response> opened = new AtomicReference<>();

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
        }

        @Override
        public void onOpen(WebSocket socket, Response response) {
            opened.set(response);
            heard.add("open");
        }

        @Override
        public void onMessage(WebSocket socket, String text) {
            heard.add(text);
        }

        @Override
        public void onClosed(WebSocket socket, int code, String reason) {
            heard.add("closed " + code + " " + reason);
        }

        @Override
        public void onFailure(WebSocket socket, Throwable why, @Nullable Response response) {
            heard.add("failed " + why);
        }
    }

    /** The server's end: answers each text with it, says something by itself first, and closes when it is closed. */
    private static MockResponse echo(BlockingQueue<String> server) {
        return new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket socket, Response response) {
                        socket.send("hello of the server");
                    }

                    @Override
                    public void onMessage(WebSocket socket, String text) {
                        server.add(text);
                        socket.send("echo of " + text);
                    }

                    @Override
                    public void onClosing(WebSocket socket, int code, String reason) {
                        server.add("closing " + code);
                        socket.close(code, reason);
                    }
                })
                .build();
    }

    private static TestServers servers(Http http, BlockingQueue<String> server) {
        TestServers servers = TestServers.open(http);
        servers.edge.answers(TestServer.edgePage(503));
        servers.origin.answers(request -> echo(server));
        return servers;
    }

    private static void assertTalks(OkHttpClient client, Request request, Client end, BlockingQueue<String> server)
            throws Exception {
        WebSocket socket = client.newWebSocket(request, end);
        assertThat(end.next()).isEqualTo("open");
        assertThat(end.next()).isEqualTo("hello of the server");
        assertThat(socket.send("one")).isTrue();
        assertThat(end.next()).isEqualTo("echo of one");
        assertThat(server.poll(10, TimeUnit.SECONDS)).isEqualTo("one");
        assertThat(client.dispatcher().runningCallsCount()).isEqualTo(1);
        assertThat(socket.close(1000, "done")).isTrue();
        assertThat(end.next()).isEqualTo("closed 1000 done");
        assertThat(server.poll(10, TimeUnit.SECONDS)).isEqualTo("closing 1000");
    }

    private static void assertNothingInUse(OkHttpClient client) {
        Eventually.holds(() -> {
            assertThat(Fallback.inUse(client)).isZero();
            assertThat(client.dispatcher().runningCallsCount()).isZero();
        });
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itTalksToTheFallbackAsAPlainClientsDoes(Http http, Fallback place) throws Exception {
        BlockingQueue<String> server = new LinkedBlockingQueue<>();
        try (TestServers servers = servers(http, server)) {
            OkHttpClient client = servers.with(servers.byroad(place.upstream(servers)));
            Client end = new Client();

            assertTalks(client, servers.get("/socket"), end, server);

            CallReport report = Byroad.reportOf(Objects.requireNonNull(end.opened.get()));
            assertThat(report.answeredBy()).isEqualTo("fallback");
            assertThat(report.outcome()).isEqualTo("101");
            assertThat(Objects.requireNonNull(end.opened.get()).request().url())
                    .isEqualTo(place.url(servers, "/socket"));
            assertThat(Objects.requireNonNull(end.opened.get()).handshake()).isNotNull();
            assertNothingInUse(client);
            OkHttpClient plain = servers.built(Fallback.plain(servers));
            assertTalks(plain, place.get(servers, "/socket"), new Client(), server);
            assertNothingInUse(plain);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itOutlivesTheTimeoutOfItsCallAndOfItsReads(Http http, Fallback place) throws Exception {
        BlockingQueue<String> server = new LinkedBlockingQueue<>();
        try (TestServers servers = servers(http, server)) {
            Duration timeout = Duration.ofMillis(1500);
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .callTimeout(timeout)
                    .readTimeout(Duration.ofMillis(700)));
            Client end = new Client();
            WebSocket socket = client.newWebSocket(servers.get("/socket"), end);
            assertThat(end.next()).isEqualTo("open");
            assertThat(end.next()).isEqualTo("hello of the server");

            assertThat(end.heard.poll(timeout.toMillis() + 500, TimeUnit.MILLISECONDS))
                    .isNull();

            assertThat(socket.send("still there")).isTrue();
            assertThat(end.next()).isEqualTo("echo of still there");
            socket.cancel();
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itsPingsReachTheFallback(Http http, Fallback place) throws Exception {
        BlockingQueue<String> server = new LinkedBlockingQueue<>();
        try (TestServers servers = servers(http, server)) {
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .pingInterval(Duration.ofMillis(100)));
            Client end = new Client();
            WebSocket socket = client.newWebSocket(servers.get("/socket"), end);
            assertThat(end.next()).isEqualTo("open");
            assertThat(end.next()).isEqualTo("hello of the server");

            assertThat(end.heard.poll(1, TimeUnit.SECONDS))
                    .as("a ping without a pong fails it")
                    .isNull();

            socket.send("alive");
            assertThat(end.next()).isEqualTo("echo of alive");
            socket.cancel();
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCancelEndsItWithinASecond(Http http, Fallback place) throws Exception {
        BlockingQueue<String> server = new LinkedBlockingQueue<>();
        try (TestServers servers = servers(http, server)) {
            OkHttpClient client = servers.with(servers.byroad(place.upstream(servers)));
            Client end = new Client();
            WebSocket socket = client.newWebSocket(servers.get("/socket"), end);
            assertThat(end.next()).isEqualTo("open");
            assertThat(end.next()).isEqualTo("hello of the server");

            long started = System.nanoTime();
            socket.cancel();

            assertThat(end.next()).startsWith("failed");
            assertThat(TestServers.took(started)).isLessThan(Duration.ofSeconds(1));
            assertNothingInUse(client);
        }
    }

    /** OkHttp leaves them out of upgrades. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itsUpgradePassesNoNetworkInterceptors(Http http, Fallback place) throws Exception {
        BlockingQueue<String> server = new LinkedBlockingQueue<>();
        try (TestServers servers = servers(http, server)) {
            AtomicInteger passed = new AtomicInteger();
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .addNetworkInterceptor(chain -> {
                        passed.incrementAndGet();
                        return chain.proceed(chain.request());
                    }));

            assertTalks(client, servers.get("/socket"), new Client(), server);

            assertThat(passed).hasValue(0);
        }
    }

    /** There is no guard on the network of an upgrade. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void credentialsOfTheUpgradeReachTheSameAuthorityOnly(Http http, Fallback place) throws Exception {
        BlockingQueue<String> server = new LinkedBlockingQueue<>();
        try (TestServers servers = servers(http, server)) {
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .addInterceptor(chain -> chain.proceed(chain.request()
                            .newBuilder()
                            .header("X-Tenant-Token", "secret below")
                            .build())));
            Request request = servers.get("/socket")
                    .newBuilder()
                    .header("Authorization", "Bearer secret")
                    .build();

            assertTalks(client, request, new Client(), server);

            boolean same = place == Fallback.SAME_AUTHORITY;
            assertThat(servers.origin.last().getHeaders().get("Authorization"))
                    .isEqualTo(same ? "Bearer secret" : null);
            assertThat(servers.origin.last().getHeaders().get("X-Tenant-Token"))
                    .isEqualTo(same ? "secret below" : null);
        }
    }
}
