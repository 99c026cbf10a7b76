package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Seams;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
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
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.edgePage(500));

            Got got = got(doors.with(doors.byroad(doors.assistant())), doors.post("/v1/chat?key=secret"));

            assertThat(got.body()).isEqualTo("origin /v1/chat");
            assertThat(got.by()).isEqualTo("origin");
            assertThat(doors.edge.count()).isEqualTo(1);
            assertThat(doors.origin.count()).isEqualTo(1);
            assertThat(doors.origin.last().getTarget()).isEqualTo("/v1/chat?key=secret");
            assertThat(doors.origin.last().getHandshakeServerNames()).containsExactly(Doors.HOST);
            assertThat(doors.origin.last().getUrl().host()).isEqualTo(Doors.HOST);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void fiftyFailoversNeedOneConnectionToEachServer(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(request -> Door.answer(503, "busy"));
            OffsetTime time = new OffsetTime();
            Byroad byroad = doors.closing(Byroad.builder()
                    .seams(Seams.standard().time(time))
                    .upstream(doors.assistant())
                    .build());
            OkHttpClient client = doors.with(byroad);

            for (int i = 0; i < 50; i++) {
                Got got = got(client, doors.get("/" + i));
                assertThat(got.body()).as("%s", Byroad.reportOf(got.response())).isEqualTo("origin /" + i);
                assertThat(client.connectionPool().connectionCount()).isLessThanOrEqualTo(2);
                time.jump(Duration.ofMinutes(1)); // the circuit's time is over: the edge is asked again
            }

            assertThat(doors.edge.count()).isEqualTo(50);
            assertThat(doors.edge.connections()).isEqualTo(1);
            assertThat(doors.origin.count()).isEqualTo(50);
            assertThat(doors.origin.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theEdgesPooledConnectionSurvivesAFailover(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            OkHttpClient client = doors.with(doors.byroad(doors.assistant()));
            doors.edge.next(Door.answer(200, "warm"), Door.edgePage(500), Door.answer(200, "back"));

            assertThat(got(client, doors.get("/")).body()).isEqualTo("warm");
            assertThat(got(client, doors.get("/")).body()).isEqualTo("origin /");
            assertThat(got(client, doors.get("/")).body()).isEqualTo("back");

            assertThat(doors.edge.connections()).isEqualTo(1);
            assertThat(client.connectionPool().connectionCount()).isEqualTo(2);
            assertThat(client.connectionPool().idleConnectionCount()).isEqualTo(2);
        }
    }

    /** Where Byroad is called by another interceptor, a call has to let go of its connection: the old way. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aCallWhoseClientIsNotKnownFailsOverAsWell(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.edgePage(500));
            Byroad byroad = doors.byroad(doors.assistant());
            OkHttpClient client = doors.built(doors.client().addInterceptor(chain -> byroad.intercept(chain)));

            for (int i = 0; i < 3; i++) {
                assertThat(got(client, doors.post("/v1/chat")).body()).isEqualTo("origin /v1/chat");
            }
            assertThat(doors.origin.connections()).isEqualTo(1);
        }
    }

    /** As many do so that enqueued calls cannot crash an app. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void anInterceptorBelowMayMakeAnIOExceptionOfEverything(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.edgePage(500));
            Interceptor wrapping = chain -> {
                try {
                    return chain.proceed(chain.request());
                } catch (IOException e) {
                    throw e;
                } catch (Throwable thrown) {
                    throw new IOException(thrown);
                }
            };
            Byroad byroad = doors.byroad(doors.assistant());
            OkHttpClient own = doors.built(byroad.installOn(doors.client()).addInterceptor(wrapping));
            OkHttpClient inTheOldWay = doors.built(doors.client()
                    .addInterceptor(chain -> byroad.intercept(chain))
                    .addInterceptor(wrapping));

            assertThat(got(own, doors.get("/")).body()).isEqualTo("origin /");
            assertThat(got(inTheOldWay, doors.get("/")).body()).isEqualTo("origin /");
        }
    }

    /** If this fails, OkHttp lets a call change its Dns by itself, and {@link Detach} may go. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void withoutItTheSecondRequestGoesToTheEdgeAgain(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.answer(503, "busy"));
            Dns origin = host -> List.of(InetAddress.getByName(Doors.ORIGIN_IP));
            Interceptor naive = chain -> {
                Response first = chain.proceed(chain.request());
                first.close();
                return chain.withDns(origin).proceed(chain.request());
            };

            Got got = got(doors.built(doors.client().addInterceptor(naive)), doors.get("/"));

            assertThat(got.code()).isEqualTo(503);
            assertThat(doors.edge.count()).isEqualTo(2);
            assertThat(doors.origin.count()).isEqualTo(0);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theUsersInterceptorsAndListenerSeeTheHandover(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.edgePage(500));
            List<String> above = new CopyOnWriteArrayList<>();
            List<String> below = new CopyOnWriteArrayList<>();
            List<String> wire = new CopyOnWriteArrayList<>();
            Transcript events = new Transcript();
            OkHttpClient client = doors.built(doors.byroad(doors.assistant())
                    .installOn(doors.client().addInterceptor(noting(above)))
                    .addInterceptor(noting(below))
                    .addNetworkInterceptor(noting(wire))
                    .eventListener(events));

            assertThat(got(client, doors.get("/")).code()).isEqualTo(200);

            int port = doors.port();
            assertThat(above).containsExactly("GET " + port);
            assertThat(below).containsExactly("GET " + port, "GET " + port);
            assertThat(wire).containsExactly("GET " + port, "GET " + port);
            assertThat(events.lines)
                    .containsExactly(
                            "select " + port,
                            "acquired " + Doors.EDGE_IP,
                            "select " + port,
                            "acquired " + Doors.ORIGIN_IP,
                            "released " + Doors.EDGE_IP,
                            "released " + Doors.ORIGIN_IP,
                            "end");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aRepeatToTheSameEndpointKeepsItsConnection(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.next(Door.answer(503, "busy"));
            Transcript events = new Transcript();
            OkHttpClient client =
                    doors.built(Byroad.create().installOn(doors.client()).eventListener(events));

            assertThat(got(client, doors.get("/")).body()).isEqualTo("edge /");
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
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.edgePage(500));
            doors.origin.next(Door.answer(401, "token too old"));
            OkHttpClient client = doors.built(doors.byroad(doors.assistant())
                    .installOn(doors.client().addInterceptor(chain -> {
                        Response first = chain.proceed(chain.request());
                        first.close();
                        return chain.proceed(chain.request());
                    })));
            Call call = client.newCall(doors.get("/"));

            assertThat(Got.of(call).body()).isEqualTo("origin /");
            assertThat(doors.edge.count()).isEqualTo(2);
            assertThat(doors.origin.count()).isEqualTo(2);
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
