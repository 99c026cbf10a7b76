package byroad.okhttp;

import static byroad.okhttp.TestServer.answer;

import byroad.okhttp.Paired.Kind;
import byroad.okhttp.TestServers.Http;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.Credentials;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers and failures that are final, late or wrong, beside a plain client. */
class PairedAnswersTest {
    private static MockResponse redirect(String to) {
        return new MockResponse.Builder().code(302).setHeader("Location", to).build();
    }

    private static MockResponse challenge() {
        return new MockResponse.Builder()
                .code(401)
                .setHeader("WWW-Authenticate", "Basic realm=\"x\"")
                .build();
    }

    static void quiet(Duration during) {
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
                    day.servers.edge.answers(redirect("/loop"));
                    day.servers.origin.answers(redirect("/loop"));
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

    @ParameterizedTest
    @CsvSource({"H1, GET", "H2, GET", "H1, POST", "H2, POST"})
    void aServerThatIsSilentCostsOneReadTimeoutAndAboutASecond(Http http, String method) throws Exception {
        Paired paired = Paired.over(http, day -> {
            day.servers.edge.answers(TestServer.SILENCE);
            day.set(builder -> builder.readTimeout(Duration.ofSeconds(3)));
            day.call(method.equals("GET") ? day.servers.get("/") : day.servers.post("/"));
        });
        paired.only(Kind.INSTALLED, Kind.INTERCEPTOR)
                .answersAsPlain()
                .holds(
                        "time",
                        result -> result.took().compareTo(paired.plain().took().plusMillis(2500)) < 0);
    }

    /** Another endpoint has the whole limit of an attempt, because it may be slow and well. */
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
                .only(Kind.INSTALLED, Kind.INTERCEPTOR)
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
        Paired.over(Http.H2, day -> {
                    for (int i = 0; i < 100; i++) {
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
                    }
                    boolean arrived = stranger.requests.stream()
                            .map(one -> String.valueOf(one.getHeaders().get("Cookie")))
                            .anyMatch(cookie -> cookie.contains("SECRET"));
                    day.tell(arrived ? "it arrived" : "2 kept back");
                })
                .neverWorse()
                .only(Kind.INSTALLED, Kind.TWO_ENDPOINTS)
                .holds("cookies", result -> result.answers().contains("2 kept back"));
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aClientCertificateThatIsRefusedEndsTheCallAlike(Http http) throws Exception {
        Paired.over(http, day -> {
                    TestServers servers = day.servers;
                    MockWebServer strict = servers.closing(new MockWebServer());
                    strict.useHttps(servers.ca.serverSocketFactory(TestServers.HOST));
                    strict.requireClientAuth();
                    strict.setProtocols(List.of(http.protocols()));
                    strict.start(InetAddress.getByName("127.0.0.5"), servers.port());
                    servers.name(TestServers.HOST, "127.0.0.5");
                    servers.name(TestServers.ORIGIN, "127.0.0.5");
                    for (Request request : List.of(servers.get("/"), servers.post("/"))) {
                        String answer = PairedDay.answerOf(day.client().newCall(request));
                        day.tell(
                                answer.matches("SSLHandshakeException|SocketException") ? "refused" : answer); // a race
                    }
                })
                .answersAsPlain()
                .asSoon()
                .nothingLeft();
    }

    private static Paired retryAfterBeyondAllNumbers(Http http) throws Exception {
        return Paired.over(http, day -> {
            MockResponse busy = answer(503, "busy")
                    .newBuilder()
                    .setHeader("Retry-After", "99999999999")
                    .build();
            day.servers.edge.answers(busy);
            day.servers.origin.answers(busy);
            String answer = PairedDay.answerOf(day.client().newCall(day.servers.post("/")));
            day.tell(answer.equals("503") ? "2 the answer" : answer);
        });
    }

    /** OkHttp itself throws a NumberFormatException. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aRetryAfterBeyondAllNumbersIsNoWorse(Http http) throws Exception {
        retryAfterBeyondAllNumbers(http).neverWorse();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aRetryAfterBeyondAllNumbersIsAnAnswer(Http http) throws Exception {
        retryAfterBeyondAllNumbers(http)
                .only(Kind.INSTALLED, Kind.TWO_ENDPOINTS)
                .holds("an answer", result -> result.answered() == 1);
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

    /** A caller's own {@code Dns} that forbids a host after it was allowed: its exception reaches the caller. */
    @Test
    void aDnsOfTheCallersThatRefusesRefusesAlike() throws Exception {
        Paired.over(Http.H2, day -> {
                    AtomicBoolean forbidden = new AtomicBoolean();
                    List<String> threads = new CopyOnWriteArrayList<>();
                    day.set(builder -> builder.dns(name -> {
                        threads.add(Thread.currentThread().getName());
                        if (forbidden.get()) {
                            throw new IllegalStateException("forbidden: " + name);
                        }
                        return day.servers.lookup(name);
                    }));
                    day.get("/");
                    forbidden.set(true);
                    day.client().connectionPool().evictAll();
                    String refused = PairedDay.answerOf(day.client().newCall(day.servers.get("/")));
                    day.tell("refused: " + !refused.equals("200"));
                    day.tell("on the thread of the call: "
                            + threads.stream().allMatch(Thread.currentThread().getName()::equals));
                })
                .answersAsPlain();
    }
}
