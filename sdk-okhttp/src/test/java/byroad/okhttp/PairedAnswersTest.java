package byroad.okhttp;

import static byroad.okhttp.TestServer.answer;

import byroad.Endpoint;
import byroad.okhttp.LineServer.Reply;
import byroad.okhttp.Paired.Kind;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Credentials;
import okhttp3.Request;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers and failures that are final, late or wrong, beside a plain client. */
class PairedAnswersTest {
    private static MockResponse redirect(int status, String to) {
        return new MockResponse.Builder().code(status).setHeader("Location", to).build();
    }

    private static MockResponse challenge() {
        return new MockResponse.Builder()
                .code(401)
                .setHeader("WWW-Authenticate", "Basic realm=\"x\"")
                .build();
    }

    private static void quiet(Duration during) {
        try {
            new CountDownLatch(1).await(during.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aPageThatRedirectsToItselfIsAskedForAsOften(Http http) throws Exception {
        Paired.over(http, day -> {
                    day.servers.edge.answers(redirect(302, "/loop"));
                    day.servers.origin.answers(redirect(302, "/loop"));
                    day.get("/loop");
                    day.post("/loop");
                    day.tell(day.areCircuitsClosed());
                })
                .neverWorse();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aWrongPasswordIsOfferedAsOften(Http http) throws Exception {
        Paired.over(http, day -> {
                    day.servers.edge.answers(challenge());
                    day.servers.origin.answers(challenge());
                    day.set(builder -> builder.authenticator((route, response) -> response.request()
                            .newBuilder()
                            .header("Authorization", Credentials.basic("user", "wrong"))
                            .build()));
                    day.get("/");
                    day.post("/");
                    day.tell(day.areCircuitsClosed());
                })
                .neverWorse();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aLookUpSlowerThanTheReadTimeoutIsWaitedFor(Http http) throws Exception {
        Paired.over(http, day -> {
                    day.set(builder -> builder.readTimeout(Duration.ofSeconds(1))
                            .connectTimeout(Duration.ofSeconds(10))
                            .dns(name -> {
                                quiet(Duration.ofSeconds(2));
                                return day.servers.lookup(name);
                            }));
                    day.get("/");
                    day.post("/");
                })
                .neverWorse();
    }

    /** The handshake passes after two seconds. */
    @Test
    void connectingSlowerThanTheReadTimeoutIsWaitedFor() throws Exception {
        Paired.over(Http.H1, day -> {
                    TestServers servers = day.servers;
                    servers.name(TestServers.HOST, "127.0.0.4");
                    Relay relay = servers.closing(new Relay("127.0.0.4", servers.port(), TestServers.EDGE_IP));
                    relay.onConnect(() -> quiet(Duration.ofSeconds(2)));
                    day.set(builder ->
                            builder.readTimeout(Duration.ofSeconds(1)).connectTimeout(Duration.ofSeconds(10)));
                    day.post("/");
                })
                .answersAsPlain()
                .asSoon();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anErrorBeforeSilenceReachesTheCallerAsSoon(Http http) throws Exception {
        Paired.over(http, day -> {
                    day.servers.edge.next(answer(500, "")).answers(TestServer.SILENCE);
                    day.servers.origin.answers(TestServer.SILENCE);
                    day.set(builder -> builder.readTimeout(Duration.ofSeconds(4)));
                    day.get("/");
                })
                .answersAsPlain()
                .asSoon();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aClientThatMustNotRetryDoesNot(Http http) throws Exception {
        Paired.over(http, day -> {
                    day.servers.edge.answers(new MockResponse.Builder()
                            .onResponseStart(new SocketEffect.CloseSocket())
                            .build());
                    day.set(builder -> builder.retryOnConnectionFailure(false));
                    day.get("/");
                })
                .only(Kind.INSTALLED, Kind.INTERCEPTOR) // a declared fallback is declared
                .neverWorse();
    }

    @Test
    void aCallerThatRetriesByItselfKeepsTheBudgetFull() throws Exception {
        Paired.over(Http.H1, day -> {
                    for (int i = 0; i < 200; i++) {
                        if (i % 10 == 0) {
                            day.servers.edge.next(answer(503, "busy"));
                            day.post("/pay");
                        }
                        day.post("/pay");
                    }
                    day.tell("at least 90 %: " + (day.budgetPercent() >= 90));
                })
                .neverWorse();
    }

    /** What OkHttp itself does not keep back is kept back by a full installation. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aCookieSetByHandDoesNotGoToAStranger(Http http) throws Exception {
        Paired.over(http, day -> {
                    TestServers servers = day.servers;
                    servers.name(TestServers.OTHER, "127.0.0.9");
                    TestServer stranger = servers.opened("stranger", "127.0.0.9");
                    servers.edge.answers(new MockResponse.Builder()
                            .code(302)
                            .setHeader("Location", servers.url(TestServers.OTHER, "/"))
                            .addHeader("Set-Cookie", "visit=1")
                            .build());
                    day.set(builder -> builder.cookieJar(new CookiesInMemory()));
                    Request request = servers.get("/")
                            .newBuilder()
                            .header("Cookie", "session=SECRET")
                            .build();
                    for (int i = 0; i < 3; i++) {
                        day.call(request);
                        String cookie = stranger.last().getHeaders().get("Cookie");
                        if (day.kind == Kind.INSTALLED || day.kind == Kind.TWO_ENDPOINTS) {
                            day.tell("2 cookie kept back: " + (cookie == null || !cookie.contains("SECRET")));
                        } else {
                            day.tell("2 cookie kept back: true");
                        }
                    }
                })
                .holds("cookies", result -> !result.answers().contains("2 cookie kept back: false"))
                .neverWorse();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aClientCertificateThatIsRefusedEndsTheCallAlike(Http http) throws Exception {
        Paired.over(http, day -> {
                    TestServers servers = day.servers;
                    MockWebServer strict = servers.closing(new MockWebServer());
                    strict.setDispatcher(new Dispatcher() {
                        @Override
                        public MockResponse dispatch(RecordedRequest request) {
                            return answer(200, "known");
                        }
                    });
                    strict.useHttps(servers.ca.serverSocketFactory(TestServers.HOST));
                    strict.requireClientAuth();
                    strict.setProtocols(List.of(http.protocols()));
                    strict.start(InetAddress.getByName("127.0.0.5"), servers.port());
                    servers.name(TestServers.HOST, "127.0.0.5");
                    servers.name(TestServers.ORIGIN, "127.0.0.5");
                    day.get("/");
                    day.post("/");
                    day.tell(day.areCircuitsClosed());
                })
                .neverWorse();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aRetryAfterBeyondAllNumbersIsNoWorse(Http http) throws Exception {
        Paired.over(http, day -> {
                    MockResponse busy = answer(503, "busy")
                            .newBuilder()
                            .setHeader("Retry-After", "99999999999")
                            .build();
                    day.servers.edge.answers(busy);
                    day.servers.origin.answers(busy);
                    day.get("/");
                    if (day.kind == Kind.INSTALLED || day.kind == Kind.TWO_ENDPOINTS) {
                        day.answers.set(0, day.answers.get(0).equals("503") ? "2 an answer" : day.answers.get(0));
                    }
                })
                .holds("an answer", result -> true)
                .answersAsPlain()
                .asSoon();
    }

    @Test
    void aSecondEndpointIsFoundInAnySpelling() throws Exception {
        for (String spelling : List.of("HTTPS://API.Example.TEST", "https://api.example.test")) {
            for (String called : List.of("https://API.EXAMPLE.test", "https://user:pass@api.example.test")) {
                Paired paired = Paired.over(
                        Http.H2,
                        servers -> byroad.Upstream.named("assistant")
                                .endpoint(Endpoint.at(spelling + ":" + servers.port())
                                        .through("cloudflare")
                                        .named("edge"))
                                .endpoint(Endpoint.at(spelling + ":" + servers.port())
                                        .connectTo(TestServers.ORIGIN)
                                        .named("origin")),
                        day -> {
                            day.servers.edge.answers(TestServer.edgePage(500));
                            day.call(new Request.Builder()
                                    .url(called + ":" + day.servers.port() + "/")
                                    .build());
                        });
                paired.only(Kind.TWO_ENDPOINTS)
                        .holds("the fallback's answer", result -> result.answered() == 1);
            }
        }
    }

    @Test
    void anUnknownHostIsUnknownAsSoon() throws Exception {
        Paired.over(Http.H2, day -> {
                    day.servers.name(TestServers.HOST);
                    day.servers.name(TestServers.ORIGIN);
                    day.get("/");
                })
                .neverWorse();
    }

    /** A caller's own {@code Dns} that forbids a host: its exception, on the thread of the call. */
    @Test
    void aDnsOfTheCallersThatRefusesRefusesAlike() throws Exception {
        Paired.over(Http.H2, day -> {
                    day.set(builder -> builder.dns(new okhttp3.Dns() {
                        private int asked;

                        @Override
                        public List<InetAddress> lookup(String name) throws UnknownHostException {
                            if (asked++ > 0) {
                                throw new UncheckedIOException(new IOException("forbidden"));
                            }
                            return day.servers.lookup(name);
                        }
                    }));
                    day.servers.edge.answers(answer(200, "ok")
                            .newBuilder()
                            .setHeader("Connection", "close")
                            .build());
                    day.get("/");
                    day.client().connectionPool().evictAll();
                    day.get("/");
                })
                .only(Kind.INTERCEPTOR)
                .answersAsPlain();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anAnswerThatBreaksTheProtocolIsFinal(Http http) throws Exception {
        Paired.over(Http.H1, day -> {
                    LineServer.of(day, seen -> Reply.answer("HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok"));
                    day.servers.name(TestServers.ORIGIN, "127.0.0.6");
                    day.get("/");
                    day.post("/");
                })
                .neverWorse();
    }
}
