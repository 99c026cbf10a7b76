package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A user's event listener hears one call, with the requests to each endpoint in it, in the order that OkHttp has. */
class FallbackEventsTest {
    private static OkHttpClient client(TestServers servers, Fallback place, Heard heard) {
        return servers.built(servers.byroad(place.upstream(servers))
                .installOn(servers.client())
                .eventListener(heard));
    }

    private static void assertOneCall(Heard heard, String end) {
        assertThat(heard.count("callStart")).isEqualTo(1);
        assertThat(heard.count("callEnd") + heard.count("callFailed")).isEqualTo(1);
        assertThat(heard.count(end)).isEqualTo(1);
        assertThat(heard.count("canceled")).isZero();
        assertThat(heard.calls).hasSize(1);
        assertThat(heard.names()).startsWith("callStart");
    }

    private static void assertNothingIsHeld(Heard heard) {
        assertThat(heard.count("connectionReleased")).isEqualTo(heard.count("connectionAcquired"));
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsOneCallThatTheFallbackAnswered(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Heard heard = new Heard();
            Call call = client(servers, place, heard).newCall(servers.get("/"));

            assertThat(Got.of(call).body()).isEqualTo("origin /");

            assertOneCall(heard, "callEnd");
            assertThat(heard.calls).containsExactly(call);
            assertNothingIsHeld(heard);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsTheEndOfTheCallLast(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Heard heard = new Heard();

            got(client(servers, place, heard), servers.get("/"));

            assertThat(heard.names()).endsWith("callEnd");
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsTheRequestToTheFallbackAsAPlainClientThatCallsIt(Http http, Fallback place) throws Exception {
        assertSameAsPlain(http, place, request -> request);
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsTheBodyThatGoesToTheFallbackAsAPlainClientThatCallsIt(Http http, Fallback place) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            Request post = servers.post("/");
            assertSameAsPlain(
                    http,
                    place,
                    request -> request.newBuilder().post(post.body()).build());
        }
    }

    private static void assertSameAsPlain(Http http, Fallback place, UnaryOperator<Request> change) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Heard heard = new Heard();
            Heard plain = new Heard();

            got(client(servers, place, heard), change.apply(servers.get("/")));
            got(servers.built(Fallback.plain(servers).eventListener(plain)), change.apply(place.get(servers, "/")));

            assertThat(heard.lastRequest(TestServers.EDGE_IP)).isEqualTo(plain.lastRequest(TestServers.EDGE_IP));
            assertThat(heard.names()).filteredOn("requestHeadersEnd"::equals).hasSize(2);
            assertThat(heard.lines)
                    .filteredOn(line -> line.startsWith("connectionAcquired"))
                    .containsExactly(
                            "connectionAcquired " + TestServers.EDGE_IP, "connectionAcquired " + TestServers.ORIGIN_IP);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsTheRequestToTheEdgeBeforeThatToTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Heard heard = new Heard();

            got(client(servers, place, heard), servers.get("/"));

            assertThat(heard.lines)
                    .filteredOn(line -> line.startsWith("responseHeadersEnd"))
                    .containsExactly("responseHeadersEnd 500", "responseHeadersEnd 200");
        }
    }

    /** Where the edge is avoided, the first request of all goes to the fallback. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsOneCallWhoseFirstRequestGoesToTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Heard heard = new Heard();
            Byroad byroad = servers.byroad(place.upstream(servers));
            byroad.avoid("cloudflare", Duration.ofMinutes(1), "test");
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client()).eventListener(heard));
            Call call = client.newCall(servers.get("/"));

            assertThat(Got.of(call).body()).isEqualTo("origin /");

            assertOneCall(heard, "callEnd");
            assertThat(heard.calls).containsExactly(call);
            assertThat(heard.count("requestHeadersStart")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsOneCallThatNobodyAnswered(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.edge.close();
            servers.origin.close();
            Heard heard = new Heard();
            OkHttpClient client = client(servers, place, heard);

            assertThatThrownBy(() -> got(client, servers.get("/"))).isInstanceOf(IOException.class);

            assertOneCall(heard, "callFailed");
            assertThat(heard.names()).endsWith("callFailed");
            assertThat(heard.lines)
                    .contains("connectFailed " + TestServers.EDGE_IP, "connectFailed " + TestServers.ORIGIN_IP);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsOneFailureWhereTheBodyOfTheFallbackBreaks(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.answer(200, "x".repeat(5_000_000))
                    .newBuilder()
                    .onResponseBody(new SocketEffect.CloseSocket())
                    .build());
            Heard heard = new Heard();
            OkHttpClient client = client(servers, place, heard);

            assertThatThrownBy(() -> got(client, servers.get("/"))).isInstanceOf(IOException.class);

            assertThat(heard.count("callStart")).isEqualTo(1);
            assertThat(heard.count("callEnd") + heard.count("callFailed")).isEqualTo(1);
            assertThat(heard.count("responseFailed")).isEqualTo(1);
            assertThat(heard.calls).hasSize(1);
            assertNothingIsHeld(heard);
        }
    }

    /** As plain OkHttp does: the call has failed, for its body was part of it. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsThatTheCallFailedWhereTheBodyOfTheFallbackBreaks(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.answer(200, "x".repeat(5_000_000))
                    .newBuilder()
                    .onResponseBody(new SocketEffect.CloseSocket())
                    .build());
            Heard heard = new Heard();
            OkHttpClient client = client(servers, place, heard);

            assertThatThrownBy(() -> got(client, servers.get("/"))).isInstanceOf(IOException.class);

            assertThat(heard.names()).endsWith("callFailed");
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itsFactoryIsAskedOnceForEachCall(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            AtomicInteger made = new AtomicInteger();
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .eventListenerFactory(call -> {
                        made.incrementAndGet();
                        return new Heard();
                    }));

            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");

            assertThat(made).hasValue(1);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aListenerThatAnInterceptorAboveAddedHearsTheFallbackToo(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Heard heard = new Heard();
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client().addInterceptor(chain -> {
                        chain.call().addEventListener(heard);
                        return chain.proceed(chain.request());
                    })));

            got(client, servers.get("/"));

            assertThat(heard.lines)
                    .filteredOn(line -> line.startsWith("responseHeadersEnd"))
                    .containsExactly("responseHeadersEnd 500", "responseHeadersEnd 200");
            assertThat(heard.calls).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsOneCallThatIsNotWaitedFor(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Heard heard = new Heard();
            Call call = client(servers, place, heard).newCall(servers.get("/"));

            assertThat(enqueued(call)).isEqualTo("origin /");

            assertOneCall(heard, "callEnd");
            assertThat(heard.calls).containsExactly(call);
        }
    }

    private static String enqueued(Call call) throws Exception {
        CompletableFuture<String> body = new CompletableFuture<>();
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call failed, IOException why) {
                body.completeExceptionally(why);
            }

            @Override
            public void onResponse(Call answered, Response response) throws IOException {
                try (response) {
                    body.complete(response.body().string());
                }
            }
        });
        return body.get(10, TimeUnit.SECONDS);
    }

    /** What a connection pool or a log of a user's makes of it: each connection is given back once. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsEachConnectionComeAndGo(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Heard heard = new Heard();

            got(client(servers, place, heard), servers.get("/"));

            for (String ip : List.of(TestServers.EDGE_IP, TestServers.ORIGIN_IP)) {
                assertThat(heard.lines)
                        .filteredOn(line -> line.matches("connection(Acquired|Released) .*") && line.endsWith(ip))
                        .containsExactly("connectionAcquired " + ip, "connectionReleased " + ip);
            }
        }
    }

    /** Such an answer is over before the caller has it. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsOneCallWhoseAnswerHasNoBody(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(new MockResponse.Builder().code(204).build());
            Heard heard = new Heard();

            assertThat(got(client(servers, place, heard), servers.get("/")).code())
                    .isEqualTo(204);

            assertOneCall(heard, "callEnd");
            assertThat(heard.names()).endsWith("callEnd");
            assertNothingIsHeld(heard);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsTheEndOfACallWhoseBodyAnInterceptorAboveReads(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Heard heard = new Heard();
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client().addInterceptor(chain -> {
                        Response response = chain.proceed(chain.request());
                        String read = response.body().string();
                        return response.newBuilder()
                                .body(ResponseBody.create(read, null))
                                .build();
                    }))
                    .eventListener(heard));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("origin /");

            assertOneCall(heard, "callEnd");
            assertThat(heard.names()).endsWith("callEnd");
        }
    }

    /** The first answer of the fallback ends before the call does. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsOneCallThatAnInterceptorAboveSendsOnTwice(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Heard heard = new Heard();
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client().addInterceptor(chain -> {
                        chain.proceed(chain.request()).close();
                        return chain.proceed(chain.request());
                    }))
                    .eventListener(heard));

            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");

            assertOneCall(heard, "callEnd");
            assertThat(heard.names()).endsWith("callEnd");
            assertThat(heard.count("requestHeadersStart")).isEqualTo(4);
            assertNothingIsHeld(heard);
        }
    }

    /** As plain OkHttp tells it, on a thread of its own. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void itHearsOnceThatTheTimeoutOfTheCallCancelledItInTheBodyOfTheFallback(Http http, Fallback place)
            throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.answer(200, "late")
                    .newBuilder()
                    .bodyDelay(20, TimeUnit.SECONDS)
                    .build());
            Heard heard = new Heard();
            Call call = servers.built(servers.byroad(place.upstream(servers))
                            .installOn(servers.client())
                            .callTimeout(Duration.ofSeconds(1))
                            .eventListener(heard))
                    .newCall(servers.get("/"));

            assertThatThrownBy(() -> Got.of(call)).isInstanceOf(InterruptedIOException.class);

            Eventually.holds(() -> assertThat(heard.count("canceled")).isEqualTo(1));
            assertThat(heard.count("callFailed")).isEqualTo(1);
            assertThat(heard.count("callEnd")).isZero();
            assertThat(call.isCanceled()).isTrue();
        }
    }
}
