package byroad.dns;

import static byroad.dns.ScriptedResolver.addresses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.FakeTime;
import byroad.test.DnsServer;
import byroad.test.DnsServer.Behaviour;
import byroad.test.DnsZone;
import byroad.test.SilentHost;
import byroad.test.TestCa;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** DNS over TCP and TLS, which share all but the handshake. */
@Timeout(60)
class StreamResolverTest {
    private static final Duration WITHIN = Duration.ofSeconds(3);
    private static final Answer RIGHT = addresses(60, "192.0.2.1", "2001:db8::1");
    private static final TestCa CA = TestCa.create();

    /** Stands still, so that nothing but a step of the test ends a wait. */
    private final FakeTime time = new FakeTime();

    private final ClientRuntime runtime = ClientRuntime.standard().time(time);
    private final DnsZone zone =
            new DnsZone().put("a.example.test", Duration.ofSeconds(60), "192.0.2.1", "2001:db8::1");
    private final DnsServer server = DnsServer.start("127.0.0.1", zone, CA);
    private final List<Resolver> made = new ArrayList<>();

    private enum Stream {
        TCP,
        TLS
    }

    @AfterEach
    void close() {
        made.forEach(Resolver::close);
        server.close();
        runtime.close();
    }

    private Resolver resolver(Stream stream) {
        return stream == Stream.TCP
                ? started(Resolvers.tcp("local", "test/local", server.address()))
                : tls("dns.test", CA, server.dotAddress());
    }

    private Resolver tls(String host, TestCa trusted, InetSocketAddress... servers) {
        return started(Resolvers.tls(
                "local",
                "test/local",
                host,
                List.of(servers),
                trusted.clientContext().getSocketFactory()));
    }

    private Resolver started(Resolver resolver) {
        Resolver started = resolver.on(runtime);
        made.add(started);
        return started;
    }

    private static CompletableFuture<Answer> ask(Resolver resolver) {
        return resolver.resolve(new Question("a.example.test", WITHIN));
    }

    @ParameterizedTest
    @EnumSource(Stream.class)
    void oneConnectionCarriesAllQuestions(Stream stream) {
        Resolver resolver = resolver(stream);
        for (int i = 0; i < 5; i++) {
            assertThat(ask(resolver).join()).isEqualTo(RIGHT);
        }
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.transcript())
                .allMatch(line -> line.startsWith(stream == Stream.TCP ? "tcp " : "dot "))
                .hasSize(10);
    }

    @ParameterizedTest
    @EnumSource(Stream.class)
    void manyQuestionsAreUnderWayAtOnceAndAnswersComeInAnyOrder(Stream stream) {
        server.behave(Behaviour.OUT_OF_ORDER);
        Resolver resolver = resolver(stream);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            zone.put(i + ".example.test", Duration.ofSeconds(60), "192.0.2." + i);
            answers.add(resolver.resolve(new Question(i + ".example.test", WITHIN)));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(answers.get(i).join()).isEqualTo(addresses(60, "192.0.2." + i));
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Stream.class)
    void aConnectionClosedWhileIdleIsReplacedWithoutAWord(Stream stream) {
        Resolver resolver = resolver(stream);
        for (int i = 1; i <= 3; i++) {
            assertThat(ask(resolver).join()).isEqualTo(RIGHT);
            assertThat(server.connections()).isEqualTo(i);
            server.closeConnections();
        }
    }

    @ParameterizedTest
    @EnumSource(Stream.class)
    void anIdleConnectionIsClosedAfterTenSeconds(Stream stream) {
        Resolver resolver = resolver(stream);
        ask(resolver).join();
        time.advance(Duration.ofSeconds(9));
        ask(resolver).join();
        assertThat(server.connections()).isEqualTo(1);
        assertThat(time.scheduled()).isEqualTo(1);
        time.advance(Duration.ofSeconds(10));
        assertThat(time.scheduled()).isZero();
        until(() -> server.openConnections() == 0);
        assertThat(ask(resolver).join()).isEqualTo(RIGHT);
        assertThat(server.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Stream.class)
    void aFrozenConnectionIsLeftForANewOne(Stream stream) {
        Resolver resolver = resolver(stream);
        ask(resolver).join();
        server.behave(Behaviour.SILENT);
        CompletableFuture<Answer> unheard = ask(resolver);
        until(() -> server.questions() == 4);
        time.advance(WITHIN);
        assertThat(unheard.join()).isEqualTo(new Answer.Failed("no answer within 3000ms"));
        server.behave(Behaviour.ANSWER);
        assertThat(ask(resolver).join()).isEqualTo(RIGHT);
        assertThat(server.connections()).isEqualTo(2);
        until(() -> server.openConnections() == 1);
    }

    @Test
    void whoStillWaitsOnAFrozenConnectionMovesToTheNewOne() {
        Resolver resolver = resolver(Stream.TCP);
        server.behave(Behaviour.SILENT);
        CompletableFuture<Answer> first = ask(resolver);
        until(() -> server.questions() == 2);
        server.behave(Behaviour.ANSWER);
        time.advance(Duration.ofMillis(1_001));
        assertThat(ask(resolver).join()).isEqualTo(RIGHT);
        assertThat(first.join()).isEqualTo(RIGHT);
    }

    @Test
    void aServerThatClosesOnEveryQuestionIsAskedTwice() {
        server.behave(Behaviour.SILENT);
        CompletableFuture<Answer> answer = ask(resolver(Stream.TCP));
        until(() -> server.questions() == 2);
        server.closeConnections();
        until(() -> server.questions() == 4);
        server.closeConnections();
        assertThat(answer.join())
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.reason())
                                .startsWith("127.0.0.1 port " + server.address().getPort() + ": "));
        assertThat(server.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Stream.class)
    void aThousandHostsAtOnceAreAnsweredOnOneConnection(Stream stream) {
        Resolver resolver = resolver(stream);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(ask(resolver));
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(RIGHT));
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void aQuestionNobodyWaitsForDoesNotDisturbTheNext() {
        Resolver resolver = resolver(Stream.TCP);
        for (int i = 0; i < 20; i++) {
            ask(resolver).cancel(false);
        }
        assertThat(ask(resolver).join()).isEqualTo(RIGHT);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void nobodyListensIsSaidAtOnce() throws Exception {
        InetSocketAddress free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = new InetSocketAddress("127.0.0.1", socket.getLocalPort());
        }
        assertThat(ask(started(Resolvers.tcp("nobody", "test/nobody", free))).join())
                .isEqualTo(new Answer.Failed("127.0.0.1 port " + free.getPort() + ": Connection refused"));
    }

    @Test
    void theCertificateMustBeForTheName() {
        assertThat(ask(tls("other.test", CA, server.dotAddress())).join())
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.reason()).contains("other.test"));
        assertThat(server.questions()).isZero();
    }

    @Test
    void anErrorOfASocketFactoryIsAFailedLookUpAtOnceAndAnEvent() {
        List<Event> events = new CopyOnWriteArrayList<>();
        Resolver resolver = Resolvers.tls("own", "test/own", "dns.test", List.of(server.dotAddress()), new Broken())
                .on(runtime.events(events::add));
        made.add(resolver);
        for (int i = 1; i <= 20; i++) { // more often than it has threads
            assertThat(ask(resolver).join()).asString().contains("its socket threw an exception");
        }
        assertThat(events).isNotEmpty().hasOnlyElementsOfType(Event.UserCodeFailed.class);
    }

    private static final class Broken extends SSLSocketFactory {
        @Override
        public Socket createSocket(Socket plain, String host, int port, boolean closes) {
            throw new AssertionError("bug");
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new AssertionError("bug");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new AssertionError("bug");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
            throw new AssertionError("bug");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
            throw new AssertionError("bug");
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return new String[0];
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return new String[0];
        }
    }

    @Test
    void theCertificateMayBeForAnAddress() {
        assertThat(ask(tls("127.0.0.1", CA, server.dotAddress())).join()).isEqualTo(RIGHT);
        assertThat(ask(tls("127.0.0.9", CA, server.dotAddress())).join()).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void theAuthorityMustBeTrusted() {
        assertThat(ask(tls("dns.test", TestCa.create(), server.dotAddress())).join())
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.reason()).contains("PKIX"));
        assertThat(server.questions()).isZero();
    }

    @Test
    void whatIsNotTlsIsNotSpokenTo() {
        assertThat(ask(tls("dns.test", CA, server.address())).join()).isInstanceOf(Answer.Failed.class);
        assertThat(server.questions()).isZero();
    }

    @Test
    void aDeadAddressIsPassedOverAndRemembered() {
        try (SilentHost dead = SilentHost.start("127.0.0.4")) {
            Resolver resolver = tls("dns.test", CA, dead.address(), server.dotAddress());
            assertThat(ask(resolver).join()).isEqualTo(RIGHT);
            server.closeConnections();
            assertThat(ask(resolver).join()).isEqualTo(RIGHT);
            assertThat(dead.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Stream.class)
    void closeEndsEverything(Stream stream) {
        Resolver resolver = resolver(stream);
        ask(resolver).join();
        server.behave(Behaviour.SILENT);
        CompletableFuture<Answer> unheard = ask(resolver);
        until(() -> server.questions() == 4);
        resolver.close();
        assertThat(unheard.join()).isEqualTo(new Answer.Failed("closed"));
        assertThat(ask(resolver).join()).isEqualTo(new Answer.Failed("closed"));
        until(() -> server.openConnections() == 0);
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void closeEndsAHandshakeThatHangs() {
        try (SilentHost dead = SilentHost.start("127.0.0.4")) {
            Resolver resolver = tls("dns.test", CA, dead.address());
            CompletableFuture<Answer> unheard = ask(resolver);
            until(() -> dead.connections() == 1);
            resolver.close();
            assertThat(unheard.join()).isEqualTo(new Answer.Failed("closed"));
        }
    }

    @Test
    void refusesServersThatAreNoAddresses() {
        InetSocketAddress name = InetSocketAddress.createUnresolved("dns.example", 853);
        assertThatThrownBy(() -> tls("dns.example", CA, name)).hasMessageContaining("expected: an IP address");
        assertThatThrownBy(() -> tls("dns.example", CA)).hasMessageContaining("at least one address of dns.example");
        assertThatThrownBy(() -> Resolvers.tcp("local", "test/local", name))
                .hasMessageContaining("expected: an IP address");
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("still not so when the test was interrupted");
            }
            Thread.onSpinWait();
        }
    }
}
