package byroad.okhttp;

import byroad.okhttp.Paired.Kind;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Request;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Ordinary days over a long path: 20 or 80 ms each way, and one piece in a hundred is lost. */
@Tag("distance")
class PairedDistanceTest {
    private static final String FAR_IP = "127.0.0.4";

    private static FarPath far(PairedDay day, int eachWayMillis, double lost) throws IOException {
        TestServers servers = day.servers;
        servers.name(TestServers.HOST, FAR_IP);
        return servers.closing(
                new FarPath(FAR_IP, servers.port(), TestServers.EDGE_IP, Duration.ofMillis(eachWayMillis), lost));
    }

    private static Request request(PairedDay day, int i) {
        return i % 2 == 0 ? day.servers.get("/" + i) : day.servers.post("/" + i);
    }

    @ParameterizedTest
    @CsvSource({"H1, 20", "H1, 80", "H2, 20", "H2, 80"})
    void aLoadOverAPathThatLosesOneInAHundredIsAnsweredAlike(Http http, int eachWay) throws Exception {
        Paired.over(http, day -> {
                    far(day, eachWay, 0.01);
                    day.load(4, 40, i -> request(day, i));
                })
                .asManyAnswered()
                .requestsAsPlain()
                .asSoon()
                .nothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"20", "80"})
    void aKeptConnectionEndsWhileAPostIsOnItsWay(int eachWay) throws Exception {
        Paired.over(Http.H1, day -> {
                    far(day, eachWay, 0);
                    for (int i = 0; i < 5; i++) {
                        day.servers.edge.next(new MockResponse.Builder()
                                .body("warm")
                                .onResponseEnd(new SocketEffect.CloseSocket())
                                .build());
                        day.get("/warm"); // its end is one way behind the answer
                        day.post("/pay");
                    }
                })
                .answersAsPlain()
                .requestsAsPlain()
                .asSoon()
                .nothingLeft();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aMiddleboxForgetsTheIdleConnection(Http http) throws Exception {
        Paired.over(http, day -> {
                    far(day, 20, 0).forgetsAfter(Duration.ofMillis(600));
                    day.set(builder -> builder.readTimeout(Duration.ofSeconds(1)));
                    for (int i = 0; i < 2; i++) {
                        day.get("/warm");
                        new CountDownLatch(1).await(900, TimeUnit.MILLISECONDS);
                        day.get("/again");
                        day.post("/pay");
                    }
                })
                .answersAsPlain()
                .asSoon()
                .nothingLeft();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void thePathSwallowsTheRestOfABody(Http http) throws Exception {
        Paired.over(http, day -> {
                    FarPath path = far(day, 20, 0);
                    day.set(builder -> builder.readTimeout(Duration.ofSeconds(1)));
                    day.get("/warm");
                    day.servers.edge.next(new MockResponse.Builder()
                            .body("x".repeat(60_000))
                            .throttleBody(20_000, 500, TimeUnit.MILLISECONDS)
                            .build());
                    Thread freezing = new Thread(() -> {
                        try {
                            new CountDownLatch(1).await(700, TimeUnit.MILLISECONDS);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        path.freeze();
                    });
                    freezing.start();
                    day.get("/stream");
                    freezing.join();
                    day.get("/after");
                    day.post("/after");
                })
                .answersAsPlain()
                .asSoon()
                .nothingLeft();
    }

    /** The edge answers 500 as on 18 November 2025; the origin is as far away and well. */
    @ParameterizedTest
    @CsvSource({"H1, 20", "H1, 80", "H2, 20", "H2, 80"})
    void theEdgeFailsAndTheOriginIsFarAway(Http http, int eachWay) throws Exception {
        Paired.over(http, day -> {
                    TestServers servers = day.servers;
                    far(day, eachWay, 0.01);
                    servers.name(TestServers.ORIGIN, "127.0.0.8");
                    servers.closing(new FarPath(
                            "127.0.0.8", servers.port(), TestServers.ORIGIN_IP, Duration.ofMillis(eachWay), 0.01));
                    servers.edge.answers(TestServer.edgePage(500));
                    for (int i = 0; i < 10; i++) {
                        day.get("/" + i);
                    }
                })
                .answersAsPlain()
                .nothingLeft()
                .only(Kind.TWO_ENDPOINTS)
                .holds("all answered", result -> result.answered() == 10);
    }

    /** The records are empty, as on 20 October 2025; the addresses were proven before. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void theNameHasNoAddressAnyMore(Http http) throws Exception {
        Paired.over(http, day -> {
                    far(day, 20, 0.01);
                    day.get("/before");
                    day.servers.name(TestServers.HOST);
                    day.client().connectionPool().evictAll();
                    for (int i = 0; i < 5; i++) {
                        day.get("/" + i);
                    }
                })
                .answersAsPlain()
                .asSoon()
                .nothingLeft();
    }
}
