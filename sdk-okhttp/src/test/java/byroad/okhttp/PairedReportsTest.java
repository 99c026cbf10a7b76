package byroad.okhttp;

import static byroad.okhttp.LineServer.OK;
import static byroad.okhttp.TestServer.answer;

import byroad.okhttp.LineServer.Reply;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Credentials;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Situations out of public reports of OkHttp's users, beside a plain client; the numbers are those of OkHttp's issues. */
class PairedReportsTest {
    private static final String LINES_IP = "127.0.0.6";

    /** The second endpoint is the same server. */
    private static void onlyThere(PairedDay day) {
        day.servers.name(TestServers.ORIGIN, LINES_IP);
    }

    /** 1001, 1822: the answer to an upload comes early, with {@code Connection: close}. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 200_000})
    void anAnswerBeforeTheEndOfAnUploadReachesTheCaller(int size) throws Exception {
        Paired.over(Http.H1, day -> {
                    LineServer.of(
                            day,
                            seen -> Reply.answerAndClose(
                                    "HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                    for (int i = 0; i < 5; i++) {
                        day.call(day.servers
                                .post("/")
                                .newBuilder()
                                .post(RequestBody.create(new byte[size], MediaType.get("image/png")))
                                .build());
                    }
                })
                .neverWorse();
    }

    /** 6836, 1664. */
    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "205 Reset Content"})
    void anAnswerThatMustHaveNoBodyAndHasOneIsFinal(String status) throws Exception {
        Paired.over(Http.H1, day -> {
                    LineServer.of(day, seen -> Reply.answer("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nok"));
                    onlyThere(day);
                    day.get("/");
                    day.post("/");
                    day.tell(day.areCircuitsClosed());
                })
                .neverWorse();
    }

    /** 1873: a caller that must not retry, and a server that closes its connections. */
    @Test
    void withoutRetriesAConnectionThatWasClosedIsNoMoreHarmful() throws Exception {
        Paired.over(Http.H1, day -> {
                    LineServer.of(day, seen -> seen.number() == 2 ? Reply.close() : Reply.answer(OK));
                    onlyThere(day);
                    day.set(builder -> builder.retryOnConnectionFailure(false));
                    for (int i = 0; i < 5; i++) {
                        day.post("/");
                    }
                })
                .answersAsPlain()
                .asSoon()
                .nothingLeft();
    }

    /** 506, 5186, 6796: the first address swallows what is sent to it. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void anAddressThatDoesNotAnswerCostsLittleTime(String method) throws Exception {
        Paired.over(Http.H2, day -> {
                    TestServers servers = day.servers;
                    ServerSocket full =
                            servers.closing(new ServerSocket(servers.port(), 1, InetAddress.getByName("127.0.0.10")));
                    fill(full, servers);
                    servers.name(TestServers.HOST, "127.0.0.10", TestServers.EDGE_IP);
                    day.set(builder -> builder.connectTimeout(Duration.ofSeconds(6)));
                    day.call(method.equals("GET") ? servers.get("/") : servers.post("/"));
                    day.call(method.equals("GET") ? servers.get("/") : servers.post("/"));
                })
                .answersAsPlain()
                .requestsAsPlain()
                .asSoon();
    }

    private static void fill(ServerSocket full, TestServers servers) throws IOException {
        InetSocketAddress address = new InetSocketAddress(full.getInetAddress(), full.getLocalPort());
        for (int i = 0; i < 20; i++) {
            Socket socket = servers.closing(new Socket());
            try {
                socket.connect(address, 200);
            } catch (SocketTimeoutException itIsFull) {
                return;
            }
        }
        throw new IOException("still room");
    }

    /** 4583, 4022: calls that are cancelled at any moment leave no connection in use. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void callsThatAreCancelledLeaveNothing(Http http) throws Exception {
        Paired.over(http, day -> {
                    CountDownLatch over = new CountDownLatch(40);
                    List<Call> calls = new ArrayList<>();
                    for (int i = 0; i < 40; i++) {
                        Call call = day.client().newCall(i % 2 == 0 ? day.servers.get("/") : day.servers.post("/"));
                        calls.add(call);
                        call.enqueue(closing(over));
                        if (i > 3) {
                            calls.get(i - 3).cancel();
                        }
                    }
                    day.tell("ended: " + over.await(20, TimeUnit.SECONDS));
                    Eventually.holds(() -> {
                        if (Fallback.inUse(day.client()) > (http == Http.H2 ? 1 : 0)) { // OkHttp leaks one now and then
                            throw new AssertionError("in use: " + Fallback.inUse(day.client()));
                        }
                    });
                    day.get("/");
                })
                .answersAsPlain()
                .asSoon();
    }

    private static Callback closing(CountDownLatch over) {
        return new Callback() {
            @Override
            public void onFailure(Call call, IOException why) {
                over.countDown();
            }

            @Override
            public void onResponse(Call call, Response response) {
                response.close();
                over.countDown();
            }
        };
    }

    /** 2675 of Retrofit. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP", "5\r\nab"})
    void aBodyThatBreaksIsTheCallersToSee(String chunks) throws Exception {
        Paired.over(Http.H1, day -> {
                    LineServer.of(
                            day,
                            seen -> Reply.answerAndClose(
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "\r\n"));
                    onlyThere(day);
                    day.get("/");
                    day.post("/");
                })
                .neverWorse();
    }

    /** 3429, 2426, 2900: a proxy that wants to know who asks. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aProxyThatChallengesIsAnsweredAsOften(Http http) throws Exception {
        Paired.over(http, day -> {
                    ProxyServer proxy = ProxyServer.challenging(day.servers);
                    day.set(builder -> builder.proxy(proxy.proxy())
                            .proxyAuthenticator(
                                    (route, response) -> response.request().header("Proxy-Authorization") != null
                                            ? null
                                            : response.request()
                                                    .newBuilder()
                                                    .header("Proxy-Authorization", Credentials.basic("user", "right"))
                                                    .build()));
                    day.get("/");
                    day.post("/");
                    day.tell("credentials: " + proxy.authorizations.size());
                })
                .neverWorse();
    }

    /** A proxy that is not there. */
    @Test
    void aProxyThatIsNotThereFailsAlike() throws Exception {
        Paired.over(Http.H1, day -> {
                    day.set(builder ->
                            builder.proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.7", 9))));
                    day.get("/");
                    day.post("/");
                })
                .answersAsPlain()
                .asSoon();
    }

    /** 4986: an interceptor below that proceeds again without closing what it has. */
    @Test
    void anInterceptorThatForgetsAnAnswerIsTold() throws Exception {
        Paired.over(Http.H1, day -> {
                    day.below(chain -> {
                        chain.proceed(chain.request());
                        return chain.proceed(chain.request());
                    });
                    day.get("/");
                    day.post("/");
                })
                .answersAsPlain()
                .requestsAsPlain()
                .asSoon();
    }

    /** An interceptor below that tries again, and closes what it has, as many do. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void anInterceptorBelowThatRetriesIsEnough(Http http) throws Exception {
        Paired.over(http, day -> {
                    day.servers.edge.next(answer(503, "busy"), answer(503, "busy"));
                    day.below(chain -> {
                        Response response = chain.proceed(chain.request());
                        for (int i = 0; i < 2 && response.code() == 503; i++) {
                            response.close();
                            response = chain.proceed(chain.request());
                        }
                        return response;
                    });
                    day.post("/");
                })
                .neverWorse();
    }

    /** 1385 of conjure-java-runtime. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aCallWhoseThreadIsInterruptedEndsAlike(Http http) throws Exception {
        Paired.over(http, day -> {
                    CountDownLatch arrived = new CountDownLatch(1);
                    day.servers.edge.answers(request -> {
                        arrived.countDown();
                        return TestServer.SILENCE;
                    });
                    day.servers.origin.answers(TestServer.SILENCE);
                    day.set(builder -> builder.readTimeout(Duration.ofSeconds(2))); // OkHttp reads on over HTTP/1.1
                    Thread caller = new Thread(() -> {
                        String answer = PairedDay.answerOf(day.client().newCall(day.servers.post("/")));
                        day.tell(answer.matches("InterruptedIOException|SocketTimeoutException") ? "ended" : answer);
                    });
                    caller.start();
                    arrived.await();
                    caller.interrupt();
                    caller.join();
                })
                .neverWorse();
    }

    /** 4012, 3113: a web socket whose connection ends. */
    @Test
    void aWebSocketThatBreaksFailsOnce() throws Exception {
        Paired.over(Http.H1, day -> {
                    day.servers.edge.answers(new MockResponse.Builder()
                            .webSocketUpgrade(new WebSocketListener() {
                                @Override
                                public void onOpen(WebSocket socket, Response response) {
                                    socket.cancel();
                                }
                            })
                            .build());
                    CompletableFuture<String> ended = new CompletableFuture<>();
                    day.client().newWebSocket(day.servers.get("/socket"), new WebSocketListener() {
                        @Override
                        public void onFailure(WebSocket socket, Throwable why, @Nullable Response response) {
                            ended.complete((response == null ? 0 : response.code()) + " ended");
                        }
                    });
                    day.tell(ended.get(20, TimeUnit.SECONDS));
                })
                .neverWorse();
    }

    /** A web socket that the server refuses. */
    @Test
    void aWebSocketThatIsRefusedFailsWithTheAnswer() throws Exception {
        Paired.over(Http.H1, day -> {
                    day.servers.edge.answers(answer(403, "no"));
                    CompletableFuture<String> ended = new CompletableFuture<>();
                    day.client().newWebSocket(day.servers.get("/socket"), new WebSocketListener() {
                        @Override
                        public void onFailure(WebSocket socket, Throwable why, @Nullable Response response) {
                            ended.complete(
                                    why.getClass().getSimpleName() + " " + (response == null ? 0 : response.code()));
                        }
                    });
                    day.tell(ended.get(20, TimeUnit.SECONDS));
                })
                .answersAsPlain()
                .requestsAsPlain()
                .asSoon();
    }

    /** 296: a POST that is answered by a redirect to a GET. */
    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aPostThatIsRedirectedArrivesAsWithOkHttp(int status) throws Exception {
        Paired.over(Http.H2, day -> {
                    day.servers.edge.answers(request -> request.getMethod().equals("POST")
                                    && request.getTarget().equals("/old")
                            ? new MockResponse.Builder()
                                    .code(status)
                                    .setHeader("Location", "/new")
                                    .build()
                            : answer(200, request.getMethod()));
                    day.post("/old");
                    day.tell(day.servers.edge.last().getMethod() + " "
                            + day.servers.edge.last().getBodySize());
                })
                .neverWorse();
    }

    /** 2486: the server closes the connection while the authenticator fetches a token. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void aSlowAuthenticatorIsFollowedOnAnotherConnection(String method) throws Exception {
        Paired.over(Http.H1, day -> {
                    LineServer.of(
                            day,
                            seen -> seen.head().contains("Authorization: Bearer")
                                    ? Reply.answer(OK)
                                    : Reply.answerAndClose("HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n"));
                    onlyThere(day);
                    day.set(builder -> builder.authenticator((route, response) -> {
                        if (response.request().header("Authorization") != null) {
                            return null;
                        }
                        try {
                            new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS);
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        return response.request()
                                .newBuilder()
                                .header("Authorization", "Bearer new")
                                .build();
                    }));
                    for (int i = 0; i < 3; i++) {
                        day.call(method.equals("GET") ? day.servers.get("/") : day.servers.post("/"));
                    }
                })
                .neverWorse();
    }

    /** The same with a redirect, whose connection ends behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void aRedirectIsFollowedOnAnotherConnection(String method) throws Exception {
        Paired.over(Http.H1, day -> {
                    LineServer.of(
                            day,
                            seen -> seen.line().endsWith("/new")
                                    ? seen.number() == 2 ? Reply.close() : Reply.answer(OK)
                                    : Reply.answer(
                                            "HTTP/1.1 307 There\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n"));
                    onlyThere(day);
                    day.call(method.equals("GET") ? day.servers.get("/") : day.servers.post("/"));
                })
                .neverWorse();
    }

    /** 1517: a server that closes without saying so, and a caller that sends {@code Connection: close}. */
    @Test
    void aCallerThatWantsNoReuseGetsNone() throws Exception {
        Paired.over(Http.H1, day -> {
                    for (int i = 0; i < 3; i++) {
                        Request post = day.servers
                                .post("/")
                                .newBuilder()
                                .header("Connection", "close")
                                .build();
                        day.call(post);
                    }
                })
                .neverWorse();
    }

    /** Many asynchronous calls at one host: five at a time, one connection each over HTTP/1.1. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void manyAsynchronousCallsUseAsManyConnections(Http http) throws Exception {
        Paired.over(http, day -> {
                    CountDownLatch over = new CountDownLatch(60);
                    day.get("/");
                    for (int i = 0; i < 60; i++) {
                        day.client().newCall(day.servers.get("/")).enqueue(closing(over));
                    }
                    day.tell("ended: " + over.await(20, TimeUnit.SECONDS));
                })
                .neverWorse();
    }
}
