package byroad.okhttp;

import static byroad.okhttp.LineServer.OK;

import byroad.okhttp.FrameServer.Act;
import byroad.okhttp.LineServer.Reply;
import byroad.okhttp.Paired.Kind;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that end, beside a plain client: no call is lost, and none costs a connection more. */
class PairedConnectionsTest {
    private static final String FRAMES_IP = "127.0.0.8";

    private static FrameServer frames(PairedDay day, Act... acts) throws IOException {
        TestServers servers = day.servers;
        FrameServer frames = servers.closing(
                new FrameServer(servers.ca.serverSocketFactory(TestServers.HOST), FRAMES_IP, servers.port(), acts));
        servers.name(TestServers.HOST, FRAMES_IP);
        day.counted(frames.done::size);
        return frames;
    }

    private static Request request(PairedDay day, String method) {
        return method.equals("GET") ? day.servers.get("/") : day.servers.post("/pay");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void theServerClosesTheKeptConnectionAsTheRequestArrives(String method) throws Exception {
        Paired.over(Http.H1, day -> {
                    LineServer.of(day, seen -> seen.number() == 2 ? Reply.close() : Reply.answer(OK));
                    for (int i = 0; i < 10; i++) {
                        day.get("/warm");
                        day.call(request(day, method));
                    }
                })
                .neverWorse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void theServerResetsTheKeptConnectionAsTheRequestArrives(String method) throws Exception {
        Paired.over(Http.H1, day -> {
                    LineServer.of(day, seen -> seen.number() == 2 ? Reply.reset() : Reply.answer(OK));
                    for (int i = 0; i < 10; i++) {
                        day.get("/warm");
                        day.call(request(day, method));
                    }
                })
                .neverWorse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void theServerClosesTheKeptConnectionJustBeforeTheRequest(String method) throws Exception {
        Paired.over(Http.H1, day -> {
                    TestServers servers = day.servers;
                    servers.name(TestServers.HOST, "127.0.0.4");
                    Relay relay = servers.closing(new Relay("127.0.0.4", servers.port(), TestServers.EDGE_IP));
                    for (int i = 0; i < 10; i++) {
                        day.get("/warm");
                        relay.cut();
                        day.call(request(day, method));
                    }
                })
                .neverWorse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void theServerClosesEveryConnectionAtOnceAfterItsAnswer(String method) throws Exception {
        MockResponse thenClosed = new MockResponse.Builder()
                .body("ok")
                .onResponseEnd(new SocketEffect.CloseSocket())
                .build();
        Paired.over(Http.H1, day -> {
                    day.servers.edge.answers(thenClosed);
                    for (int i = 0; i < 10; i++) {
                        day.call(request(day, method));
                    }
                })
                .neverWorse();
    }

    /** Nothing on the connection tells that the next request will not be answered. */
    @Test
    void theServerAnswersEachConnectionThreeTimesUnderLoad() throws Exception {
        Paired.over(Http.H1, day -> {
                    LineServer.of(day, seen -> seen.number() == 3 ? Reply.answerAndClose(OK) : Reply.answer(OK));
                    day.load(8, 200, i -> i % 2 == 0 ? day.servers.get("/") : day.servers.post("/pay"));
                })
                .asManyAnswered()
                .asSoon()
                .nothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"7, 12, 200, GET", "7, 12, 200, POST", "20, 32, 400, POST"})
    void theServerLeavesEveryFewRequestsUnderLoad(int requests, int threads, int calls, String method)
            throws Exception {
        Paired.over(Http.H2, day -> {
                    frames(day).leavesAfter(requests);
                    day.load(threads, calls, i -> request(day, method));
                })
                .asManyAnswered()
                .asSoon()
                .nothingLeft();
    }

    /** As httpd does at a graceful restart; OkHttp reports a stream that was cancelled. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void theServerClosesTheKeptHttp2ConnectionUnderARequest(String method) throws Exception {
        Paired.over(Http.H2, day -> {
                    frames(day, Act.ANSWER, Act.CUT, Act.ANSWER, Act.ANSWER, Act.CUT, Act.ANSWER);
                    for (int i = 0; i < 4; i++) {
                        day.call(request(day, method));
                    }
                })
                .neverWorse()
                .holds("all answered", result -> result.answered() == 4);
    }

    /** As a call meets it that is unlucky under load: each connection that it gets is about to end. */
    @ParameterizedTest
    @CsvSource({"GO_AWAY, GET", "GO_AWAY, POST", "REFUSE, GET", "REFUSE, POST"})
    void theServerTurnsTheRequestAwayTenTimes(Act act, String method) throws Exception {
        Paired.over(Http.H2, day -> {
                    frames(day, Collections.nCopies(10, act).toArray(Act[]::new));
                    day.call(request(day, method));
                })
                .answersAsPlain()
                .asSoon();
    }

    /** Whatever is on its way to the server is answered by a reset. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void theServerLeavesAndCutsEveryFewRequestsUnderLoad(String method) throws Exception {
        Paired.over(Http.H2, day -> {
                    frames(day).leavesAfter(7).andCuts();
                    day.load(4, 100, i -> request(day, method));
                })
                .asManyAnswered()
                .asSoon()
                .nothingLeft();
    }

    private static Paired sickFirstAddress(Act act, String method) throws Exception {
        return Paired.over(Http.H2, day -> {
            frames(day).usual(act);
            day.servers.name(TestServers.HOST, FRAMES_IP, TestServers.EDGE_IP);
            for (int i = 0; i < 4; i++) {
                day.call(request(day, method));
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REFUSE, GET", "REFUSE, POST", "RESET, GET", "CANCEL, GET", "GO_AWAY, GET", "GO_AWAY, POST"})
    void theFirstOfTwoAddressesEndsEveryStream(Act act, String method) throws Exception {
        sickFirstAddress(act, method)
                .answersAsPlain()
                .asSoon()
                .nothingLeft()
                .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                .requestsAsPlain();
    }

    /** OkHttp sends a reset POST to the other address; we need not, but the next call should begin there. */
    @ParameterizedTest
    @ValueSource(strings = {"RESET", "CANCEL"})
    void postsAfterAResetStreamGoToTheOtherAddress(Act act) throws Exception {
        sickFirstAddress(act, "POST").holds("answers after the first", result -> result.answered() >= 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RESET", "CANCEL"})
    void withTwoEndpointsTheSickAddressIsAskedOnce(Act act) throws Exception {
        sickFirstAddress(act, "GET").only(Kind.TWO_ENDPOINTS).requestsAsPlain();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sixHostsOfOneWildcardCertificateShareAConnection(boolean atTheSameTime) throws Exception {
        Paired.over(Http.H2, day -> {
                    TestServers servers = day.servers;
                    TestServer wild = servers.closing(new TestServer("wild")
                            .useHttps(servers.ca.serverSocketFactory("*.wild.test"))
                            .speaking(Protocol.HTTP_2, Protocol.HTTP_1_1)
                            .open("127.0.0.5", servers.port()));
                    day.counted(wild::count);
                    List<Request> requests = new ArrayList<>();
                    for (int i = 0; i < 6; i++) {
                        servers.name("h" + i + ".wild.test", "127.0.0.5");
                        requests.add(new Request.Builder()
                                .url(servers.url("h" + i + ".wild.test", "/"))
                                .build());
                    }
                    day.call(requests.get(0));
                    day.load(atTheSameTime ? 6 : 1, 6, requests::get);
                })
                .neverWorse();
    }

    @Test
    void fortyClientsWithTrustOfTheirOwnReuseTheirConnections() throws Exception {
        Paired.over(Http.H1, day -> {
                    List<OkHttpClient> clients = new ArrayList<>();
                    for (int i = 0; i < 40; i++) {
                        clients.add(day.another(builder -> builder.hostnameVerifier((host, session) -> true)));
                    }
                    for (int round = 0; round < 2; round++) {
                        clients.forEach(client -> day.call(client, day.servers.get("/")));
                    }
                })
                .neverWorse();
    }

    /** gRPC servers end connections with three pings in fifteen minutes. */
    @Test
    @Tag("slow")
    void aQuietStreamIsNotPinged() throws Exception {
        Paired.over(Http.H2, day -> {
                    FrameServer frames = frames(day).usual(Act.BEGIN);
                    day.set(builder -> builder.readTimeout(Duration.ZERO));
                    CountDownLatch over = new CountDownLatch(1);
                    Thread caller = new Thread(() -> {
                        day.get("/stream");
                        over.countDown();
                    });
                    caller.start();
                    over.await(12, TimeUnit.SECONDS);
                    frames.goOn();
                    caller.join();
                    day.tell("pings: " + frames.pings);
                })
                .neverWorse();
    }

    @Test
    void noPingIsSetThatTheUserDidNotSet() throws Exception {
        Paired.over(Http.H2, day -> day.tell(day.client().pingIntervalMillis())).neverWorse();
    }
}
