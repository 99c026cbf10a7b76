package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Provenance;
import byroad.Seams;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
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
    private final DnsZone zone = new DnsZone().put(Doors.HOST, Duration.ofSeconds(5), Doors.EDGE_IP);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static OkHttpClient client(Doors doors, Byroad.Builder builder) {
        return client(doors, builder.build());
    }

    private static OkHttpClient client(Doors doors, Byroad byroad) {
        return doors.built(doors.closing(byroad).installOn(doors.client().dns(host -> {
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
        try (Doors doors = Doors.open(http);
                DnsServer dns = DnsServer.start("127.0.0.1", zone, doors.ca)) {
            DohResolver resolver =
                    DohResolver.at(dns.dohUrl(), "ours", "ours", "127.0.0.1").trustingLike(doors.built(doors.client()));

            Got got = got(client(doors, Byroad.builder().resolver(resolver)), doors.get("/"));

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
        try (Doors doors = Doors.open(Http.H2);
                DnsServer first = DnsServer.start("127.0.0.1", zone);
                DnsServer second = DnsServer.start("127.0.0.1", zone)) {
            first.behave(behaviour);
            OkHttpClient client =
                    client(doors, Byroad.builder().resolver(udp(first)).resolver(udp(second)));

            assertThat(got(client, doors.get("/")).body()).isEqualTo("edge /");
            assertThat(first.questions(Doors.HOST)).isPositive();
            assertThat(second.transcript()).contains("udp A api.example.test -> 127.0.0.2 ttl 5");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void whatDoesNotFitComesOverTcp(Http http) throws Exception {
        try (Doors doors = Doors.open(http);
                DnsServer dns = DnsServer.start("127.0.0.1", zone)) {
            dns.behave(Behaviour.TRUNCATE);

            assertThat(got(client(doors, Byroad.builder().resolver(udp(dns))), doors.get("/"))
                            .code())
                    .isEqualTo(200);
            assertThat(dns.transcript()).contains("tcp A api.example.test -> 127.0.0.2 ttl 5");
        }
    }

    @Test
    void anInterruptEndsTheLookUpAndIsNotTakenForAnUnknownHost() throws Exception {
        try (Doors doors = Doors.open(Http.H2);
                DnsServer dns = DnsServer.start("127.0.0.1", zone)) {
            dns.behave(Behaviour.SILENT);
            OkHttpClient client = client(doors, Byroad.builder().resolver(udp(dns)));
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                try {
                    thrown.complete(
                            new AssertionError(got(client, doors.get("/")).code()));
                } catch (Throwable e) {
                    thrown.complete(e);
                }
            });
            caller.start();
            Eventually.holds(() -> assertThat(dns.questions(Doors.HOST)).isPositive());
            caller.interrupt();

            assertThat(thrown.get(5, TimeUnit.SECONDS))
                    .isInstanceOf(InterruptedIOException.class)
                    .hasMessage("interrupted while api.example.test was looked up");
        }
    }

    @Test
    void afterAnOutageOfNamesConnectionsToWhereItWasAreLeft() throws Exception {
        try (Doors doors = Doors.open(Http.H2);
                DnsServer dns = DnsServer.start("127.0.0.1", zone)) {
            OffsetTime time = new OffsetTime();
            Byroad byroad = Byroad.builder()
                    .seams(Seams.standard().time(time))
                    .resolver(udp(dns))
                    .upstream(doors.assistant())
                    .build();
            OkHttpClient client = client(doors, byroad);
            assertThat(got(client, doors.get("/")).body()).isEqualTo("edge /");

            zone.empty(Doors.HOST);
            time.jump(Duration.ofMinutes(6));
            assertThat(got(client, doors.get("/")).body()).isEqualTo("edge /");
            Eventually.holds(() -> assertThat(byroad.knownHosts())
                    .anySatisfy(known -> assertThat(known.from().source()).isEqualTo(Provenance.Source.HELD)));
            zone.put(Doors.HOST, Duration.ofSeconds(5), Doors.ORIGIN_IP);
            time.jump(Duration.ofMinutes(6));
            Eventually.holds(() -> assertThat(body(client, doors)).isEqualTo("origin /"));
        }
    }

    @Test
    void anAnswerThatLeadsNowhereIsCheckedWithAnotherResolverInsideTheCall() throws Exception {
        try (Doors doors = Doors.open(Http.H2);
                DnsServer wrong = DnsServer.start("127.0.0.1", new DnsZone().put(Doors.HOST, MINUTE, "127.0.0.9"));
                DnsServer right = DnsServer.start("127.0.0.1", zone)) {
            OkHttpClient client =
                    client(doors, Byroad.builder().resolver(udp(wrong)).resolver(udp(right)));

            Got got = got(client, doors.get("/"));

            assertThat(got.body()).isEqualTo("edge /");
            assertThat(Byroad.reportOf(got.response()).toString())
                    .contains("resolver fault, likely (answer never proven");
            assertThat(got(client, doors.get("/")).body()).isEqualTo("edge /");
        }
    }

    @Test
    void anAnswerThatLeadsToAStrangerIsCheckedToo() throws Exception {
        try (Doors doors = Doors.open(Http.H2);
                DnsServer wrong = DnsServer.start("127.0.0.1", new DnsZone().put(Doors.HOST, MINUTE, "127.0.0.8"));
                DnsServer right = DnsServer.start("127.0.0.1", zone)) {
            doors.closing(new Door("stranger")
                    .useHttps(doors.ca.serverSocketFactory("somebody-else.example.test"))
                    .open("127.0.0.8", doors.port()));
            OkHttpClient client =
                    client(doors, Byroad.builder().resolver(udp(wrong)).resolver(udp(right)));

            assertThat(got(client, doors.get("/")).body()).isEqualTo("edge /");
        }
    }

    private static String body(OkHttpClient client, Doors doors) {
        try {
            return got(client, doors.get("/")).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
