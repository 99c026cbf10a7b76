package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Provenance;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import byroad.test.DnsServer;
import byroad.test.DnsServer.Behaviour;
import byroad.test.DnsZone;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names looked up by our own resolvers, over real sockets. */
class LookUpTest {
    private final DnsZone zone = new DnsZone().put(TestServers.HOST, Duration.ofSeconds(5), TestServers.EDGE_IP);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static OkHttpClient client(TestServers servers, Byroad.Builder builder) {
        return client(servers, builder.build());
    }

    private static OkHttpClient client(TestServers servers, Byroad byroad) {
        return servers.built(servers.closing(byroad).installOn(servers.client().dns(host -> {
            throw new UnknownHostException("the client's own Dns was asked for " + host);
        })));
    }

    private static String udp(DnsServer server) {
        return "udp://" + server.address().getAddress().getHostAddress() + ":"
                + server.address().getPort();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aCallFindsItsServerOverHttps(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http);
                DnsServer dns = DnsServer.start("127.0.0.1", zone, servers.ca)) {
            DohResolver resolver = DohResolver.at(dns.dohUrl(), "ours", "ours", "127.0.0.1")
                    .trustingLike(servers.built(servers.client()));

            Got got = got(client(servers, Byroad.builder().resolver(resolver)), servers.get("/"));

            assertThat(got.body()).isEqualTo("edge /");
            assertThat(dns.transcript()) // AAAA is not waited for once A is there
                    .contains("doh A api.example.test -> 127.0.0.2 ttl 5")
                    .allMatch(line -> line.startsWith("doh "));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Behaviour.class,
            names = {"SERVFAIL", "REFUSED", "EMPTY", "SILENT"})
    void aFirstResolverThatDoesNotKnowIsPassedOver(Behaviour behaviour) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2);
                DnsServer first = DnsServer.start("127.0.0.1", zone);
                DnsServer second = DnsServer.start("127.0.0.1", zone)) {
            first.behave(behaviour);
            OkHttpClient client =
                    client(servers, Byroad.builder().resolver(udp(first)).resolver(udp(second)));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("edge /");
            assertThat(first.questions(TestServers.HOST)).isPositive();
            assertThat(second.transcript()).contains("udp A api.example.test -> 127.0.0.2 ttl 5");
        }
    }

    /** One question a second (RFC 9520, 3.2), while the call has time. */
    @Test
    void aNameWhoseResolverFailsOnceIsAskedAgainWithinTheDeadlineOfTheCall() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2);
                DnsServer dns = DnsServer.start("127.0.0.1", zone)) {
            dns.behave(Behaviour.SERVFAIL);
            Byroad byroad = Byroad.builder().resolver(udp(dns)).build();
            OkHttpClient client = client(servers, byroad)
                    .newBuilder()
                    .callTimeout(Duration.ofSeconds(20))
                    .build();
            CompletableFuture<Got> got = CompletableFuture.supplyAsync(() -> unchecked(client, servers));
            Eventually.holds(() -> assertThat(dns.questions(TestServers.HOST)).isPositive());
            dns.behave(Behaviour.ANSWER);

            assertThat(got.get(15, TimeUnit.SECONDS).code()).isEqualTo(200);
            assertThat(Byroad.reportOf(got.join().response()).toString()).contains("SERVFAIL");
            assertThat(dns.questions(TestServers.HOST)).isLessThanOrEqualTo(6); // A and AAAA, three times at most
        }
    }

    @Test
    void theReportSaysWhyANameIsNotAskedForAgain() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2);
                DnsServer dns = DnsServer.start("127.0.0.1", zone)) {
            dns.behave(Behaviour.SERVFAIL);
            OkHttpClient client = client(servers, Byroad.builder().resolver(udp(dns)));

            assertThatThrownBy(() -> got(client, servers.get("/")))
                    .isInstanceOf(UnknownHostException.class)
                    .satisfies(thrown -> assertThat(Byroad.reportOf(thrown).toString())
                            .contains("its resolvers failed, and the call has no deadline"));
        }
    }

    private static Got unchecked(OkHttpClient client, TestServers servers) {
        try {
            return got(client, servers.get("/"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void whatDoesNotFitComesOverTcp(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http);
                DnsServer dns = DnsServer.start("127.0.0.1", zone)) {
            dns.behave(Behaviour.TRUNCATE);

            assertThat(got(client(servers, Byroad.builder().resolver(udp(dns))), servers.get("/"))
                            .code())
                    .isEqualTo(200);
            assertThat(dns.transcript()).contains("tcp A api.example.test -> 127.0.0.2 ttl 5");
        }
    }

    @Test
    void anInterruptEndsTheLookUpAndIsNotTakenForAnUnknownHost() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2);
                DnsServer dns = DnsServer.start("127.0.0.1", zone)) {
            dns.behave(Behaviour.SILENT);
            OkHttpClient client = client(servers, Byroad.builder().resolver(udp(dns)));
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                try {
                    thrown.complete(
                            new AssertionError(got(client, servers.get("/")).code()));
                } catch (Throwable e) {
                    thrown.complete(e);
                }
            });
            caller.start();
            Eventually.holds(() -> assertThat(dns.questions(TestServers.HOST)).isPositive());
            caller.interrupt();

            assertThat(thrown.get(5, TimeUnit.SECONDS))
                    .isInstanceOf(InterruptedIOException.class)
                    .hasMessage("interrupted while api.example.test was looked up");
        }
    }

    @Test
    void oldConnectionsAreLeftAfterAnOutageOfNames() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2);
                DnsServer dns = DnsServer.start("127.0.0.1", zone)) {
            OffsetTime time = new OffsetTime();
            Byroad byroad = Byroad.builder()
                    .runtime(ClientRuntime.standard().time(time))
                    .resolver(udp(dns))
                    .upstream(servers.assistant())
                    .build();
            OkHttpClient client = client(servers, byroad);
            assertThat(got(client, servers.get("/")).body()).isEqualTo("edge /");

            zone.empty(TestServers.HOST);
            time.jump(Duration.ofMinutes(6));
            assertThat(got(client, servers.get("/")).body()).isEqualTo("edge /");
            Eventually.holds(() -> assertThat(byroad.knownHosts())
                    .anySatisfy(known -> assertThat(known.from().source()).isEqualTo(Provenance.Source.RETAINED)));
            zone.put(TestServers.HOST, Duration.ofSeconds(5), TestServers.ORIGIN_IP);
            time.jump(Duration.ofMinutes(6));
            Eventually.holds(() -> assertThat(body(client, servers)).isEqualTo("origin /"));
        }
    }

    @Test
    void anAnswerThatLeadsNowhereIsCheckedWithAnotherResolverInsideTheCall() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2);
                DnsServer wrong =
                        DnsServer.start("127.0.0.1", new DnsZone().put(TestServers.HOST, MINUTE, "127.0.0.9"));
                DnsServer right = DnsServer.start("127.0.0.1", zone)) {
            OkHttpClient client =
                    client(servers, Byroad.builder().resolver(udp(wrong)).resolver(udp(right)));

            Got got = got(client, servers.get("/"));

            assertThat(got.body()).isEqualTo("edge /");
            assertThat(Byroad.reportOf(got.response()).toString())
                    .contains("resolver fault, likely (answer never proven");
            assertThat(got(client, servers.get("/")).body()).isEqualTo("edge /");
        }
    }

    @Test
    void anAnswerThatLeadsToAStrangerIsCheckedToo() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2);
                DnsServer wrong =
                        DnsServer.start("127.0.0.1", new DnsZone().put(TestServers.HOST, MINUTE, "127.0.0.8"));
                DnsServer right = DnsServer.start("127.0.0.1", zone)) {
            servers.closing(new TestServer("stranger")
                    .useHttps(servers.ca.serverSocketFactory("somebody-else.example.test"))
                    .open("127.0.0.8", servers.port()));
            OkHttpClient client =
                    client(servers, Byroad.builder().resolver(udp(wrong)).resolver(udp(right)));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("edge /");
        }
    }

    private static String body(OkHttpClient client, TestServers servers) {
        try {
            return got(client, servers.get("/")).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
