package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Failover to another address of the same authority: what an OkHttp upgrade could break. */
class OwnCallsTest {
    @ParameterizedTest
    @EnumSource(Http.class)
    void aCallThatTheEdgeFailsIsAnsweredByTheOrigin(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));

            Got got = got(servers.with(servers.byroad(servers.assistant())), servers.post("/v1/chat?key=secret"));

            assertThat(got.body()).isEqualTo("origin /v1/chat");
            assertThat(got.by()).isEqualTo("origin");
            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(servers.origin.count()).isEqualTo(1);
            assertThat(servers.origin.last().getTarget()).isEqualTo("/v1/chat?key=secret");
            assertThat(servers.origin.last().getHandshakeServerNames()).containsExactly(TestServers.HOST);
            assertThat(servers.origin.last().getUrl().host()).isEqualTo(TestServers.HOST);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void fiftyFailoversNeedOneConnectionToEachServer(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(request -> TestServer.answer(503, "busy"));
            OffsetTime time = new OffsetTime();
            Byroad byroad = servers.closing(Byroad.builder()
                    .runtime(ClientRuntime.standard().time(time))
                    .upstream(servers.assistant())
                    .build());
            OkHttpClient client = servers.with(byroad);

            for (int i = 0; i < 50; i++) {
                Got got = got(client, servers.get("/" + i));
                assertThat(got.body()).as("%s", Byroad.reportOf(got.response())).isEqualTo("origin /" + i);
                assertThat(client.connectionPool().connectionCount()).isLessThanOrEqualTo(2);
                time.jump(Duration.ofMinutes(1)); // the circuit's time is over: the edge is asked again
            }

            assertThat(servers.edge.count()).isEqualTo(50);
            assertThat(servers.edge.connections()).isEqualTo(1);
            assertThat(servers.origin.count()).isEqualTo(50);
            assertThat(servers.origin.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theEdgesPooledConnectionSurvivesAFailover(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));
            servers.edge.next(TestServer.answer(200, "warm"), TestServer.edgePage(500), TestServer.answer(200, "back"));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("warm");
            assertThat(got(client, servers.get("/")).body()).isEqualTo("origin /");
            assertThat(got(client, servers.get("/")).body()).isEqualTo("back");

            assertThat(servers.edge.connections()).isEqualTo(1);
            assertThat(client.connectionPool().connectionCount()).isEqualTo(2);
            assertThat(client.connectionPool().idleConnectionCount()).isEqualTo(2);
        }
    }

    /** Where Byroad is called by another interceptor, a call has to let go of its connection: the old way. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aCallWhoseClientIsNotKnownFailsOverAsWell(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            Byroad byroad = servers.byroad(servers.assistant());
            OkHttpClient client = servers.built(servers.client().addInterceptor(chain -> byroad.intercept(chain)));

            for (int i = 0; i < 3; i++) {
                assertThat(got(client, servers.post("/v1/chat")).body()).isEqualTo("origin /v1/chat");
            }
            assertThat(servers.origin.connections()).isEqualTo(1);
        }
    }

    /** As many do so that enqueued calls cannot crash an app. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void anInterceptorBelowMayMakeAnIOExceptionOfEverything(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            Interceptor wrapping = chain -> {
                try {
                    return chain.proceed(chain.request());
                } catch (IOException e) {
                    throw e;
                } catch (Throwable thrown) {
                    throw new IOException(thrown);
                }
            };
            Byroad byroad = servers.byroad(servers.assistant());
            OkHttpClient own = servers.built(byroad.installOn(servers.client()).addInterceptor(wrapping));
            OkHttpClient inTheOldWay = servers.built(servers.client()
                    .addInterceptor(chain -> byroad.intercept(chain))
                    .addInterceptor(wrapping));

            assertThat(got(own, servers.get("/")).body()).isEqualTo("origin /");
            assertThat(got(inTheOldWay, servers.get("/")).body()).isEqualTo("origin /");
        }
    }

    /** If this fails, OkHttp lets a call change its Dns by itself, and {@link Detach} may go. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void theSecondRequestGoesToTheEdgeAgainWithoutASeparateCall(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.answer(503, "busy"));
            Dns origin = host -> List.of(InetAddress.getByName(TestServers.ORIGIN_IP));
            Interceptor naive = chain -> {
                Response first = chain.proceed(chain.request());
                first.close();
                return chain.withDns(origin).proceed(chain.request());
            };

            Got got = got(servers.built(servers.client().addInterceptor(naive)), servers.get("/"));

            assertThat(got.code()).isEqualTo(503);
            assertThat(servers.edge.count()).isEqualTo(2);
            assertThat(servers.origin.count()).isEqualTo(0);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theUsersInterceptorsAndListenerSeeTheHandover(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            List<String> above = new CopyOnWriteArrayList<>();
            List<String> below = new CopyOnWriteArrayList<>();
            List<String> wire = new CopyOnWriteArrayList<>();
            Transcript events = new Transcript();
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client().addInterceptor(noting(above)))
                    .addInterceptor(noting(below))
                    .addNetworkInterceptor(noting(wire))
                    .eventListener(events));

            assertThat(got(client, servers.get("/")).code()).isEqualTo(200);

            int port = servers.port();
            assertThat(above).containsExactly("GET " + port);
            assertThat(below).containsExactly("GET " + port, "GET " + port);
            assertThat(wire).containsExactly("GET " + port, "GET " + port);
            assertThat(events.lines)
                    .containsExactly(
                            "select " + port,
                            "acquired " + TestServers.EDGE_IP,
                            "select " + port,
                            "acquired " + TestServers.ORIGIN_IP,
                            "released " + TestServers.EDGE_IP,
                            "released " + TestServers.ORIGIN_IP,
                            "end");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aRetryToTheSameEndpointKeepsItsConnection(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.next(TestServer.answer(503, "busy"));
            Transcript events = new Transcript();
            OkHttpClient client =
                    servers.built(Byroad.create().installOn(servers.client()).eventListener(events));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("edge /");
            assertThat(events.lines)
                    .filteredOn(line -> line.startsWith("acquired"))
                    .hasSize(1);
            assertThat(events.lines).doesNotContain("select elsewhere");
        }
    }

    /** As interceptors that refresh a token do: the call keeps its connection, and with it the endpoint. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aCallThatAnInterceptorAboveSendsOnTwiceFailsOverTwice(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client().addInterceptor(chain -> {
                        Response first = chain.proceed(chain.request());
                        first.close();
                        return chain.proceed(chain.request());
                    })));
            servers.origin.next(TestServer.answer(200, "proven"), TestServer.answer(200, "proven"));
            assertThat(got(client, servers.get("/")).body()).isEqualTo("proven");
            servers.origin.next(TestServer.answer(401, "token too old"));
            Call call = client.newCall(servers.get("/"));

            assertThat(Got.of(call).body()).isEqualTo("origin /");
            assertThat(servers.edge.count()).isEqualTo(4);
            assertThat(servers.origin.count()).isEqualTo(4);
            assertThat(Byroad.reportOf(call).outcome()).isEqualTo("200");
        }
    }

    private static Interceptor noting(List<String> notes) {
        return chain -> {
            notes.add(
                    chain.request().method() + " " + portInWords(chain.request().url(), chain));
            return chain.proceed(chain.request());
        };
    }

    private static String portInWords(HttpUrl url, Interceptor.Chain chain) {
        int called = chain.call().request().url().port();
        return url.port() == called ? String.valueOf(called) : "elsewhere";
    }

    /** What a user's listener hears about connections. */
    private static final class Transcript extends EventListener {
        final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void proxySelectStart(Call call, HttpUrl url) {
            lines.add("select " + (url.port() == call.request().url().port() ? url.port() : "elsewhere"));
        }

        @Override
        public void proxySelectEnd(Call call, HttpUrl url, List<Proxy> proxies) {}

        @Override
        public void connectionAcquired(Call call, Connection connection) {
            lines.add("acquired " + ip(connection));
        }

        @Override
        public void connectionReleased(Call call, Connection connection) {
            lines.add("released " + ip(connection));
        }

        @Override
        public void callEnd(Call call) {
            lines.add("end");
        }

        @Override
        public void callFailed(Call call, IOException why) {
            lines.add("failed");
        }

        private static String ip(Connection connection) {
            return connection.route().socketAddress().getAddress().getHostAddress();
        }
    }
}
