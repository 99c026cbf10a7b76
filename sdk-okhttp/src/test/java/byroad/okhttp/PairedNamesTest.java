package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.okhttp.Paired.Kind;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client's own {@code Dns} beside a plain client: as soon, as often, on the same thread, with the same exception. */
class PairedNamesTest {
    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    /** What a look-up of the caller's may throw, made anew for each look-up. */
    static List<Throwable> refusals() {
        return List.of(
                new UnknownHostException("api.example.test is not for you"),
                new UnknownHostException("api.example.test"),
                new UnknownHostException("api.example.test: Name or service not known"),
                new UnknownHostException("api.example.test: Temporary failure in name resolution"),
                new ForbiddenHostException("by policy", new IOException("rule 7")),
                new IOException("the registry is down"),
                new SecurityException("forbidden"),
                new IllegalStateException("bug"),
                new AssertionError("bug"));
    }

    private static final class ForbiddenHostException extends UnknownHostException {
        private static final long serialVersionUID = 1;

        ForbiddenHostException(String why, Throwable cause) {
            super(why);
            initCause(cause);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static Throwable thrownBy(OkHttpClient client, Request request) {
        try (Response response = client.newCall(request).execute()) {
            return new AssertionError("answered " + response.code());
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatTheCallersDnsThrowsReachesTheCallerAsThrown(Throwable thrown) throws Exception {
        Paired.over(Http.H2, day -> {
                    AtomicInteger asked = new AtomicInteger();
                    day.set(builder -> builder.dns(name -> {
                        asked.incrementAndGet();
                        throw PairedNamesTest.<RuntimeException>sneaky(thrown);
                    }));
                    for (int i = 0; i < 2; i++) {
                        Throwable met = thrownBy(day.client(), day.servers.get("/"));
                        day.tell("the same object: " + (met == thrown));
                        day.tell(met.getClass().getSimpleName() + ": " + met.getMessage() + " by " + met.getCause());
                    }
                    if (day.kind != Kind.TWO_ENDPOINTS) { // there the second endpoint has a name of its own
                        day.tell("asked: " + asked);
                    }
                })
                .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                .neverWorse();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aHostThatIsForbiddenAfterItWasAllowedIsForbidden(Throwable thrown) throws Exception {
        boolean isFailureOfPlatform =
                String.valueOf(thrown.getMessage()).endsWith("Temporary failure in name resolution");
        Paired paired = Paired.over(Http.H2, day -> {
            AtomicInteger asked = new AtomicInteger();
            day.set(builder -> builder.dns(name -> {
                if (asked.incrementAndGet() > 1) {
                    throw PairedNamesTest.<RuntimeException>sneaky(thrown);
                }
                return day.servers.lookup(name);
            }));
            day.get("/");
            for (int i = 0; i < 3; i++) {
                day.client().connectionPool().evictAll();
                day.tell(thrownBy(day.client(), day.servers.get("/")).getClass().getSimpleName());
            }
        });
        if (!isFailureOfPlatform) {
            paired.only(Kind.INSTALLED, Kind.INTERCEPTOR).neverWorse();
        } else {
            // The remembered address is better than the platform's "try again", which is not the caller's policy.
            assertThat(paired.of(Kind.INSTALLED).answers())
                    .containsExactly("200", "AssertionError", "AssertionError", "AssertionError");
        }
    }

    @Test
    void itRunsOnTheThreadOfTheCall() throws Exception {
        Paired.over(Http.H2, day -> {
                    TENANT.set("acme");
                    day.set(builder -> builder.dns(name -> {
                        if (!"acme".equals(TENANT.get())) {
                            throw new UnknownHostException("no tenant");
                        }
                        return day.servers.lookup(name);
                    }));
                    for (int i = 0; i < 3; i++) {
                        day.get("/");
                        day.client().connectionPool().evictAll();
                    }
                    TENANT.remove();
                })
                .neverWorse();
    }

    @Test
    void aDnsThatFailsOnceIsAskedAgainByTheNextCall() throws Exception {
        for (Throwable thrown : refusals()) {
            Paired.over(Http.H2, day -> {
                        AtomicInteger asked = new AtomicInteger();
                        day.set(builder -> builder.dns(name -> {
                            if (asked.getAndIncrement() == 0) {
                                throw PairedNamesTest.<RuntimeException>sneaky(thrown);
                            }
                            return day.servers.lookup(name);
                        }));
                        Throwable met = thrownBy(day.client(), day.servers.get("/"));
                        day.tell("the same object: " + (met == thrown) + ", " + met.getMessage());
                        day.get("/");
                        day.tell("asked: " + asked);
                    })
                    .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                    .neverWorse();
        }
    }

    @Test
    void anEmptyAnswerIsToldAsOkHttpTellsIt() throws Exception {
        Paired.over(Http.H2, day -> {
                    day.set(builder -> builder.dns(new Dns() {
                        @Override
                        public List<InetAddress> lookup(String hostname) {
                            return List.of();
                        }

                        @Override
                        public String toString() {
                            return "the registry";
                        }
                    }));
                    day.tell(String.valueOf(thrownBy(day.client(), day.servers.get("/"))));
                })
                .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                .neverWorse();
    }

    @Test
    void hostsThatHangHoldUpNoOther() throws Exception {
        Paired.over(Http.H2, day -> {
                    CountDownLatch over = new CountDownLatch(1);
                    CountDownLatch hanging = new CountDownLatch(100);
                    day.set(builder -> builder.dns(name -> {
                        if (name.startsWith("dead")) {
                            hanging.countDown();
                            await(over);
                            throw new UnknownHostException(name);
                        }
                        return day.servers.lookup(TestServers.HOST);
                    }));
                    OkHttpClient client = day.client();
                    ExecutorService callers = Executors.newCachedThreadPool();
                    List<Future<String>> dead = new ArrayList<>();
                    for (int i = 0; i < 100; i++) {
                        Request request = of(day, "dead" + i + ".example.test");
                        dead.add(callers.submit(() -> PairedDay.answerOf(client.newCall(request))));
                    }
                    day.tell("all hang: " + hanging.await(10, TimeUnit.SECONDS));
                    day.get("/");
                    day.get("/");
                    over.countDown();
                    for (Future<String> one : dead) {
                        day.tell(one.get());
                    }
                    callers.shutdown();
                })
                .neverWorse();
    }

    @Test
    void othersWaitForTheLookUpThatIsUnderWay() throws Exception {
        for (Throwable thrown : List.of(new UnknownHostException("gone"), new IOException("down"), new Exception())) {
            boolean isFound = thrown.getClass() == Exception.class;
            Paired.over(Http.H2, day -> {
                        CountDownLatch begun = new CountDownLatch(1);
                        CountDownLatch over = new CountDownLatch(1);
                        AtomicInteger asked = new AtomicInteger();
                        day.set(builder -> builder.dns(name -> {
                            asked.incrementAndGet();
                            begun.countDown();
                            await(over);
                            if (!isFound) {
                                throw PairedNamesTest.<RuntimeException>sneaky(thrown);
                            }
                            return day.servers.lookup(name);
                        }));
                        ExecutorService callers = Executors.newCachedThreadPool();
                        List<Future<String>> all = new ArrayList<>();
                        for (int i = 0; i < 10; i++) {
                            all.add(callers.submit(
                                    () -> PairedDay.answerOf(day.client().newCall(day.servers.get("/")))));
                        }
                        begun.await();
                        over.countDown();
                        for (Future<String> one : all) {
                            day.tell(one.get());
                        }
                        callers.shutdown();
                    })
                    .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                    .answersAsPlain()
                    .asSoon()
                    .nothingLeft();
        }
    }

    /** square/okhttp hands the name to the Dns as it is written: with the dot, no search domain applies. */
    @Test
    void aDotAtTheEndOfANameReachesTheDns() throws Exception {
        Paired.over(Http.H2, day -> {
                    List<String> asked = new CopyOnWriteArrayList<>();
                    day.set(builder -> builder.dns(name -> {
                        asked.add(name);
                        return name.endsWith(".") ? day.servers.lookup(TestServers.HOST) : sneakyList(name);
                    }));
                    for (String host : List.of(TestServers.HOST, TestServers.HOST + ".", TestServers.HOST)) {
                        Request request = new Request.Builder()
                                .url("http://" + host + ":1/")
                                .build();
                        day.tell(thrownBy(day.client(), request).getClass().getSimpleName());
                    }
                    day.tell(asked);
                })
                .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                .answersAsPlain();
    }

    private static List<InetAddress> sneakyList(String name) throws UnknownHostException {
        throw new UnknownHostException(name);
    }

    /** A call that is interrupted while it looks a name up must not end the others that wait for that name. */
    @Test
    void anInterruptOfOneCallEndsNoOther() throws Exception {
        for (boolean isRuntime : new boolean[] {true, false}) {
            Paired.over(Http.H2, day -> {
                        CountDownLatch begun = new CountDownLatch(1);
                        CountDownLatch never = new CountDownLatch(1);
                        AtomicInteger asked = new AtomicInteger();
                        day.set(builder -> builder.dns(name -> {
                            if (asked.getAndIncrement() > 0) {
                                return day.servers.lookup(name);
                            }
                            begun.countDown();
                            try {
                                never.await();
                                throw new AssertionError("not interrupted");
                            } catch (InterruptedException e) {
                                throw isRuntime
                                        ? new IllegalStateException(e)
                                        : PairedNamesTest.<RuntimeException>sneaky(
                                                new java.io.InterruptedIOException("interrupted"));
                            }
                        }));
                        OkHttpClient client = day.client();
                        Thread first = new Thread(() -> PairedDay.answerOf(client.newCall(day.servers.get("/"))));
                        first.start();
                        begun.await();
                        ExecutorService callers = Executors.newCachedThreadPool();
                        List<Future<String>> others = new ArrayList<>();
                        for (int i = 0; i < 5; i++) {
                            others.add(callers.submit(() -> PairedDay.answerOf(client.newCall(day.servers.get("/")))));
                        }
                        if (day.kind == Kind.PLAIN) {
                            others.get(0).get();
                        }
                        first.interrupt();
                        for (Future<String> one : others) {
                            day.tell(one.get(10, TimeUnit.SECONDS));
                        }
                        first.join();
                        callers.shutdown();
                    })
                    .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                    .answersAsPlain()
                    .nothingLeft();
        }
    }

    /** A Dns that throws one object again and again: each call has the report of its own. */
    @Test
    void anExceptionThatIsThrownAgainHasTheReportOfTheLatestCall() throws Exception {
        UnknownHostException always = new UnknownHostException("no");
        try (TestServers servers = TestServers.open(Http.H2)) {
            Byroad byroad = servers.closing(Byroad.create());
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client().dns(name -> {
                        throw always;
                    })));
            Throwable first = thrownBy(client, servers.get("/first"));
            Object itsReport = Byroad.reportOf(first);
            Throwable second = thrownBy(client, servers.get("/second"));
            assertThat(second).isSameAs(first);
            assertThat(Byroad.reportOf(second)).isNotSameAs(itsReport);
        }
    }

    /** A Dns that asks over the same client, as DNS over HTTPS may. */
    @Test
    void aDnsMayCallOverTheSameClient() throws Exception {
        Paired.over(Http.H2, day -> {
                    OkHttpClient[] client = new OkHttpClient[1];
                    day.set(builder -> builder.dns(name -> {
                        if (name.equals(TestServers.OTHER)) {
                            PairedDay.answerOf(client[0].newCall(day.servers.get("/dns-query")));
                        }
                        return day.servers.lookup(TestServers.HOST);
                    }));
                    client[0] = day.client();
                    day.call(of(day, TestServers.OTHER));
                })
                .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                .neverWorse();
    }

    /** A Dns that gives its addresses in another order each time, or others: each connection uses what it says then. */
    @Test
    void eachConnectionUsesWhatTheDnsSaysThen() throws Exception {
        Paired.over(Http.H2, day -> {
                    AtomicInteger asked = new AtomicInteger();
                    day.set(builder -> builder.dns(name -> List.of(InetAddress.getByName(
                            asked.getAndIncrement() % 2 == 0 ? TestServers.EDGE_IP : TestServers.ORIGIN_IP))));
                    for (int i = 0; i < 4; i++) {
                        try (Response response =
                                day.client().newCall(day.servers.get("/")).execute()) {
                            day.tell(response.body().string());
                        }
                        day.client().connectionPool().evictAll();
                    }
                })
                .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                .answersAsPlain();
    }

    @Test
    void anAddressListWithDuplicatesAndOneOfBothFamiliesIsUsedAsItIs() throws Exception {
        Paired.over(Http.H2, day -> {
                    day.set(builder -> builder.dns(name -> List.of(
                            InetAddress.getByName("::1"),
                            InetAddress.getByName(TestServers.EDGE_IP),
                            InetAddress.getByName(TestServers.EDGE_IP))));
                    day.get("/");
                })
                .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                .answersAsPlain();
    }

    @Test
    void aDnsThatAnswersWithNullFailsAsWithoutUs() throws Exception {
        Paired.over(Http.H2, day -> {
                    day.set(builder -> builder.dns(PairedNamesTest::nothing));
                    day.tell(thrownBy(day.client(), day.servers.get("/"))
                            .getClass()
                            .getSimpleName());
                })
                .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                .answersAsPlain();
    }

    @SuppressWarnings("NullAway") // code without that check may return null
    private static List<InetAddress> nothing(String name) {
        return null;
    }

    /** A sinkhole of the caller's own: OkHttp connects to 0.0.0.0, which is this machine. */
    @Test
    void anAddressOfZerosOfTheCallersDnsIsUsed() throws Exception {
        Paired.over(Http.H2, day -> {
                    day.set(builder -> builder.dns(name -> List.of(InetAddress.getByName("0.0.0.0"))));
                    Request request =
                            new Request.Builder().url("http://zero.example:1/").build();
                    day.tell(thrownBy(day.client(), request).getClass().getSimpleName());
                })
                .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                .answersAsPlain();
    }

    @Test
    void manyColdHostsAtOnceAreAnswered() throws Exception {
        Paired.over(Http.H2, day -> {
                    CompletableFuture<Void> all = new CompletableFuture<>();
                    AtomicInteger looking = new AtomicInteger();
                    day.set(builder -> builder.dns(name -> {
                        if (looking.incrementAndGet() == 300) {
                            all.complete(null); // each is looked up while all others are
                        }
                        all.orTimeout(20, TimeUnit.SECONDS).join();
                        return day.servers.lookup(TestServers.HOST);
                    }));
                    OkHttpClient client = day.client();
                    ExecutorService callers = Executors.newCachedThreadPool();
                    List<Future<String>> calls = new ArrayList<>();
                    for (int i = 0; i < 300; i++) {
                        Request request = new Request.Builder()
                                .url("http://cold" + i + ".example.test:" + day.servers.port() + "/")
                                .build();
                        calls.add(callers.submit(() -> PairedDay.answerOf(client.newCall(request))));
                    }
                    for (Future<String> one : calls) {
                        one.get();
                    }
                    day.tell("looked up: " + looking);
                    callers.shutdown();
                })
                .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                .answersAsPlain()
                .asSoon();
    }

    /** A {@code Dns} that gives HTTPS records and answers on another thread, as that of Android and DNS over HTTPS do. */
    private static final class WithRecords implements Dns {
        static final ByteString ECH = ByteString.decodeHex("00");

        final List<String> asked = new CopyOnWriteArrayList<>();
        final AtomicInteger cancelled = new AtomicInteger();
        private final LookUp addresses;
        private final ExecutorService threads;

        WithRecords(LookUp addresses, ExecutorService threads) {
            this.addresses = addresses;
            this.threads = threads;
        }

        @Override
        public List<InetAddress> lookup(String hostname) throws UnknownHostException {
            try {
                return addresses.of(hostname);
            } catch (IOException e) {
                throw PairedNamesTest.<UnknownHostException>sneaky(e);
            }
        }

        @Override
        public Dns.Call newCall(Dns.Request request) {
            asked.add(request.toString());
            return new Dns.Call() {
                @Override
                public Dns.Request getRequest() {
                    return request;
                }

                @Override
                public void enqueue(Dns.Callback callback) {
                    threads.execute(() -> answer(callback));
                }

                private void answer(Dns.Callback callback) {
                    try {
                        List<Dns.Record> records = new ArrayList<>();
                        for (InetAddress address : addresses.of(request.hostname())) {
                            records.add(new Dns.Record.IpAddress(request.hostname(), address));
                        }
                        callback.onRecords(this, false, records);
                        Dns.Record metadata = new Dns.Record.ServiceMetadata(
                                request.hostname(), null, request.port(), List.of(), ECH);
                        callback.onRecords(this, true, List.of(metadata));
                    } catch (IOException e) {
                        callback.onFailure(this, e);
                    }
                }

                @Override
                public void cancel() {
                    cancelled.incrementAndGet();
                }

                @Override
                public boolean isCanceled() {
                    return false;
                }
            };
        }
    }

    private interface LookUp {
        List<InetAddress> of(String host) throws IOException;
    }

    @Test
    void theRecordsOfADnsReachTheRouteAtEachConnection() throws Exception {
        Paired.over(Http.H2, day -> {
                    ExecutorService threads = Executors.newSingleThreadExecutor();
                    WithRecords dns = new WithRecords(day.servers::lookup, threads);
                    day.set(builder -> builder.dns(dns).addNetworkInterceptor(chain -> {
                        day.tell("ECH: "
                                + WithRecords.ECH.equals(
                                        chain.connection().route().echConfigList()));
                        return chain.proceed(chain.request());
                    }));
                    for (int i = 0; i < 3; i++) {
                        day.get("/");
                        day.client().connectionPool().evictAll();
                    }
                    day.tell("with the port: " + dns.asked.get(0).endsWith(":" + day.servers.port()));
                    threads.shutdown();
                })
                .neverWorse();
    }

    @Test
    void theFailureOfADnsWithRecordsReachesTheCallerAsItIs() throws Exception {
        for (IOException failure : List.of(
                new ForbiddenHostException("no", new IOException("rule 7")),
                new IOException("down"),
                new UnknownHostException("api.example.test: Temporary failure in name resolution"))) {
            Paired.over(Http.H2, day -> {
                        ExecutorService threads = Executors.newSingleThreadExecutor();
                        WithRecords dns = new WithRecords(
                                host -> {
                                    throw failure;
                                },
                                threads);
                        day.set(builder -> builder.dns(dns));
                        for (int i = 0; i < 2; i++) {
                            day.tell(thrownBy(day.client(), day.servers.get("/")) == failure);
                        }
                        day.tell("asked: " + dns.asked.size());
                        threads.shutdown();
                    })
                    .only(Kind.INSTALLED, Kind.INTERCEPTOR)
                    .neverWorse();
        }
    }

    @Test
    void addressesOfAFallbackEndpointHaveNoRecordsOfTheHost() throws Exception {
        Paired paired = Paired.over(Http.H2, day -> {
            ExecutorService threads = Executors.newSingleThreadExecutor();
            day.servers.edge.answers(TestServer.edgePage(500));
            day.set(builder -> builder.dns(new WithRecords(day.servers::lookup, threads))
                    .addNetworkInterceptor(chain -> {
                        day.tell(chain.connection()
                                        .route()
                                        .socketAddress()
                                        .getAddress()
                                        .getHostAddress() + " ECH: "
                                + WithRecords.ECH.equals(
                                        chain.connection().route().echConfigList()));
                        return chain.proceed(chain.request());
                    }));
            day.get("/");
            threads.shutdown();
        });
        assertThat(paired.of(Kind.TWO_ENDPOINTS).answers())
                .containsExactly("127.0.0.2 ECH: true", "127.0.0.3 ECH: false", "200");
    }

    @Test
    void aDnsWithRecordsThatHangsEndsWithTheCall() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            ExecutorService threads = Executors.newSingleThreadExecutor();
            CountDownLatch over = new CountDownLatch(1);
            WithRecords dns = new WithRecords(
                    host -> {
                        await(over);
                        return servers.lookup(host);
                    },
                    threads);
            Byroad byroad = servers.closing(Byroad.create());
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client().dns(dns)).callTimeout(Duration.ofMillis(300)));
            long started = System.nanoTime();
            assertThat(thrownBy(client, servers.get("/"))).isInstanceOf(IOException.class);
            assertThat(TestServers.took(started)).isLessThan(Duration.ofSeconds(5));
            assertThat(dns.cancelled).hasValue(1);
            over.countDown();
            threads.shutdown();
        }
    }

    private static Request of(PairedDay day, String host) {
        return new Request.Builder().url(day.servers.url(host, "/")).build();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
