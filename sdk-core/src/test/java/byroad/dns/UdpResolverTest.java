package byroad.dns;

import static byroad.dns.ScriptedResolver.addresses;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.FakeTime;
import byroad.dns.WireFormat.Family;
import byroad.test.DnsServer;
import byroad.test.DnsServer.Behaviour;
import byroad.test.DnsZone;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

@Timeout(30)
class UdpResolverTest {
    private static final Duration WITHIN = Duration.ofSeconds(3);
    private static final Duration TTL = Duration.ofSeconds(60);

    private final DnsZone zone = new DnsZone().put("a.example.test", TTL, "192.0.2.1", "2001:db8::1");
    private final DnsServer server = DnsServer.start("127.0.0.1", zone);
    private final ClientRuntime runtime = ClientRuntime.standard();

    /** Time stands still, so that a busy machine does not lose the second family to the 50 ms it is given. */
    private final FakeTime standing = new FakeTime();

    private final ClientRuntime unhurried = runtime.time(standing);

    private final Resolver resolver =
            Resolvers.udp("local", "test/local", server.address()).on(unhurried);

    @AfterEach
    void close() {
        server.close();
        runtime.close();
    }

    private Answer ask(String host) {
        return resolver.resolve(new Question(host, WITHIN)).join();
    }

    @Test
    void asksForBothFamilies() {
        assertThat(ask("a.example.test")).isEqualTo(addresses(60, "192.0.2.1", "2001:db8::1"));
        assertThat(server.questions()).isEqualTo(2);
    }

    @Test
    void oneFamilyIsNormal() {
        zone.put("four.example.test", TTL, "192.0.2.1").put("six.example.test", TTL, "2001:db8::1");
        assertThat(ask("four.example.test")).isEqualTo(addresses(60, "192.0.2.1"));
        assertThat(ask("six.example.test")).isEqualTo(addresses(60, "2001:db8::1"));
    }

    @Test
    void followsAliasesAndTakesTheLeastTtl() {
        zone.alias("www.example.test", Duration.ofSeconds(20), "cdn.example.test")
                .alias("cdn.example.test", Duration.ofSeconds(7), "a.example.test");
        assertThat(ask("WWW.example.test.")).isEqualTo(addresses(7, "192.0.2.1", "2001:db8::1"));
    }

    @Test
    void tellsTheKindsOfNothingApart() {
        zone.empty("empty.example.test", Duration.ofSeconds(9)).blocked("blocked.example.test", 17);
        assertThat(ask("empty.example.test")).isEqualTo(new Answer.Empty(Duration.ofSeconds(9)));
        assertThat(ask("none.example.test")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(ask("blocked.example.test")).isInstanceOf(Answer.Blocked.class);
        server.behave(Behaviour.SERVFAIL);
        assertThat(ask("a.example.test")).isEqualTo(new Answer.Failed("SERVFAIL"));
        server.behave(Behaviour.REFUSED);
        assertThat(ask("a.example.test")).isEqualTo(new Answer.Failed("REFUSED"));
        server.behave(Behaviour.EMPTY);
        assertThat(ask("a.example.test")).isEqualTo(new Answer.Empty(Duration.ZERO));
    }

    @Test
    void theCodeBelongsToTheEndOfTheAliases() {
        zone.alias("www.example.test", Duration.ofSeconds(20), "gone.example.test");
        assertThat(ask("www.example.test")).isInstanceOf(Answer.NoSuchName.class);
    }

    @Test
    void sinkholeAddressesAreABlock() {
        zone.put("four.example.test", TTL, "0.0.0.0").put("six.example.test", TTL, "::");
        assertThat(ask("four.example.test")).isEqualTo(new Answer.Blocked("the address given is 0.0.0.0"));
        assertThat(ask("six.example.test")).isInstanceOf(Answer.Blocked.class);
    }

    @Test
    void goesToTcpForWhatDidNotFit() {
        server.behave(Behaviour.TRUNCATE);
        assertThat(ask("a.example.test")).isEqualTo(addresses(60, "192.0.2.1", "2001:db8::1"));
        assertThat(server.transcript()).anyMatch(line -> line.startsWith("tcp A "));
    }

    @Test
    void aServerThatRefusesEdnsIsAskedWithoutFromThenOn() {
        server.behave(Behaviour.REFUSES_EDNS);
        assertThat(ask("a.example.test")).isEqualTo(addresses(60, "192.0.2.1", "2001:db8::1"));
        assertThat(server.questions()).isEqualTo(4);
        assertThat(ask("a.example.test")).isEqualTo(addresses(60, "192.0.2.1", "2001:db8::1"));
        assertThat(server.questions()).as("no more with EDNS").isEqualTo(6);

        server.behave(Behaviour.ANSWER);
        standing.advance(Duration.ofMinutes(11));
        ask("a.example.test");
        server.behave(Behaviour.SILENT_TO_EDNS);
        CompletableFuture<Answer> known = resolver.resolve(new Question("a.example.test", WITHIN));
        standing.advance(WITHIN.dividedBy(2));
        assertThat(known).as("it is known to answer with EDNS").isNotDone();
        known.cancel(false);
    }

    /** Without EDNS a block has no reason any more, and looks like a name that does not exist. */
    @Test
    void oneErrorOfAServerThatKnowsEdnsHidesNoBlock() {
        zone.blocked("blocked.example.test", 17);
        ask("a.example.test");
        server.behave(Behaviour.REFUSES_EDNS);
        assertThat(ask("a.example.test")).isEqualTo(new Answer.Failed("FORMERR"));

        server.behave(Behaviour.ANSWER);
        assertThat(ask("blocked.example.test")).isInstanceOf(Answer.Blocked.class);
    }

    @Test
    void aServerOfAnotherNetworkMayNotKnowEdns() {
        ask("a.example.test");
        server.behave(Behaviour.REFUSES_EDNS);
        resolver.onNetworkChanged();

        assertThat(ask("a.example.test")).isEqualTo(addresses(60, "192.0.2.1", "2001:db8::1"));
    }

    @Test
    void aServerThatIsSilentToEdnsIsAskedWithoutAfterAThirdOfTheTime() {
        server.behave(Behaviour.SILENT_TO_EDNS);
        CompletableFuture<Answer> first = resolver.resolve(new Question("a.example.test", WITHIN));
        standing.advance(WITHIN.dividedBy(3).plusMillis(1));
        assertThat(first.join()).isEqualTo(addresses(60, "192.0.2.1", "2001:db8::1"));
        assertThat(ask("a.example.test")).isEqualTo(addresses(60, "192.0.2.1", "2001:db8::1"));
    }

    @Test
    void atMostSixtyFourAddressesOfAFamilyAreKept() {
        String[] many = new String[100];
        for (int i = 0; i < many.length; i++) {
            many[i] = "192.0.2." + (i + 1);
        }
        zone.put("many.example.test", TTL, many);
        assertThat(((Answer.Addresses) ask("many.example.test")).addresses()).hasSize(64);
    }

    /** A server whose answers do not fit, behind a firewall that closes TCP. */
    @Test
    void theAddressesOfATruncatedAnswerAreUsedIfTcpFails() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            Thread answering = new Thread(() -> answerTruncated(socket));
            answering.setDaemon(true);
            answering.start();
            Answer answer = Resolvers.udp(
                            "local", "test/local", new InetSocketAddress("127.0.0.1", socket.getLocalPort()))
                    .on(unhurried)
                    .resolve(new Question("a.example.test", WITHIN))
                    .join();
            assertThat(answer).isEqualTo(addresses(5, "192.0.2.9"));
        }
    }

    private static void answerTruncated(DatagramSocket socket) {
        byte[] buffer = new byte[4096];
        try {
            while (!socket.isClosed()) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
                Message message = new Message(query.getHeader().getID());
                message.getHeader().setFlag(Flags.QR);
                message.getHeader().setFlag(Flags.TC);
                message.addRecord(query.getQuestion(), Section.QUESTION);
                if (query.getQuestion().getType() == Type.A) {
                    message.addRecord(
                            new ARecord(
                                    query.getQuestion().getName(), DClass.IN, 300, InetAddress.getByName("192.0.2.9")),
                            Section.ANSWER);
                }
                byte[] wire = message.toWire();
                socket.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Test
    void ignoresWhatHasTheWrongId() {
        server.behave(Behaviour.WRONG_ID_FIRST);
        assertThat(ask("a.example.test")).isEqualTo(addresses(60, "192.0.2.1", "2001:db8::1"));
    }

    @Test
    void asksOnceMoreAndEndsWithItsTime() {
        server.behave(Behaviour.SILENT);
        Answer answer = Resolvers.udp("local", "test/local", server.address())
                .on(runtime)
                .resolve(new Question("a.example.test", Duration.ofMillis(1500)))
                .join();
        assertThat(answer).isInstanceOf(Answer.Failed.class);
        assertThat(server.questions()).as("with EDNS and without, twice each").isEqualTo(8);
    }

    @Test
    void aPortNobodyListensOnIsNotWaitedFor() throws Exception {
        int free;
        try (DatagramSocket socket = new DatagramSocket()) {
            free = socket.getLocalPort();
        }
        Answer answer = Resolvers.udp("nobody", "test/nobody", new InetSocketAddress("127.0.0.1", free))
                .on(runtime)
                .resolve(new Question("a.example.test", WITHIN))
                .join();
        assertThat(answer).isEqualTo(new Answer.Failed("no DNS server listens at 127.0.0.1 port " + free));
    }

    @Test
    void ignoresTheAnswerToAnotherQuestion() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            Resolver asking = Resolvers.udp("forged", "test/forged", (InetSocketAddress) socket.getLocalSocketAddress())
                    .on(unhurried);
            CompletableFuture<Answer> answer = asking.resolve(new Question("a.example.test", WITHIN));
            for (int i = 0; i < 2; i++) {
                DatagramPacket packet = received(socket);
                Message query = new Message(bytes(packet));
                int type = query.getQuestion().getType();
                answer(socket, packet, query, Name.fromString("b.example.test."), "192.0.2.66");
                if (type == Type.A) {
                    answer(socket, packet, query, query.getQuestion().getName(), "192.0.2.1");
                } else {
                    answer(socket, packet, query, query.getQuestion().getName());
                }
            }
            assertThat(answer.join()).isEqualTo(addresses(60, "192.0.2.1"));
        }
    }

    @Test
    void theQueriesOfALookupShareAPortThatNoOtherLookupHas() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            Resolver asking = Resolvers.udp("ports", "test/ports", (InetSocketAddress) socket.getLocalSocketAddress())
                    .on(unhurried);
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Answer> answer = asking.resolve(new Question("a.example.test", WITHIN));
                int port = received(socket).getPort();
                assertThat(received(socket).getPort()).isEqualTo(port);
                ports.add(port);
                answer.cancel(false);
            }
            assertThat(ports).hasSizeGreaterThan(15); // the machine may give one again
            asking.close();
        }
    }

    @Test
    void onlyQueriesWithoutAnAnswerAreSentAgain() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
                Transport udp = new UdpTransport(
                        (InetSocketAddress) socket.getLocalSocketAddress(), new WireResolverTest.Script(), unhurried)) {
            byte[] a = WireFormat.query("a.example.test", Family.IPV4, 0);
            byte[] aaaa = WireFormat.query("a.example.test", Family.IPV6, 0);
            List<CompletableFuture<byte[]>> responses = udp.exchange(List.of(a, aaaa), WITHIN);
            assertThat(bytes(received(socket))).isEqualTo(a);
            assertThat(bytes(received(socket))).isEqualTo(aaaa);
            responses.get(0).cancel(false);
            standing.advance(Duration.ofMillis(400));
            DatagramPacket again = received(socket);
            assertThat(bytes(again)).isEqualTo(aaaa);
            again.getData()[2] |= (byte) 0x80; // QR
            socket.send(again);
            assertThat(responses.get(1).join()).isEqualTo(bytes(again));
        }
    }

    private static DatagramPacket received(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        socket.receive(packet);
        return packet;
    }

    private static byte[] bytes(DatagramPacket packet) {
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static void answer(DatagramSocket socket, DatagramPacket to, Message query, Name name, String... ips)
            throws IOException {
        Message message = new Message(query.getHeader().getID());
        message.getHeader().setFlag(Flags.QR);
        message.addRecord(Record.newRecord(name, query.getQuestion().getType(), DClass.IN), Section.QUESTION);
        for (String ip : ips) {
            message.addRecord(new ARecord(name, DClass.IN, 60, ScriptedResolver.ip(ip)), Section.ANSWER);
        }
        byte[] wire = message.toWire();
        socket.send(new DatagramPacket(wire, wire.length, to.getSocketAddress()));
    }

    @Test
    void noLookupStartsAThreadOnceItIsWarm() {
        for (int i = 0; i < 200; i++) {
            ask("a.example.test");
        }
        long before = ManagementFactory.getThreadMXBean().getTotalStartedThreadCount();
        for (int i = 0; i < 200; i++) {
            ask("a.example.test");
        }
        assertThat(ManagementFactory.getThreadMXBean().getTotalStartedThreadCount() - before)
                .isLessThan(10);
    }

    @Test
    void oneLoopListensToAllThatIsUnderWayAndEndsASecondAfterTheLastQuestion() {
        AtomicInteger tasks = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        ClientRuntime counted = unhurried.blocking(task -> {
            tasks.incrementAndGet();
            running.incrementAndGet();
            runtime.blocking().execute(() -> {
                task.run();
                running.decrementAndGet();
            });
        });
        Resolver asking = Resolvers.udp("local", "test/local", server.address()).on(counted);
        server.behave(Behaviour.SILENT);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(asking.resolve(new Question("a.example.test", WITHIN)));
        }
        assertThat(tasks).hasValue(1);
        assertThat(running).hasValue(1);
        answers.forEach(answer -> answer.cancel(false));
        standing.advance(Duration.ofMillis(999));
        assertThat(running).hasValue(1);
        standing.advance(Duration.ofMillis(1));
        until(() -> running.get() == 0);
        server.behave(Behaviour.ANSWER);
        assertThat(asking.resolve(new Question("a.example.test", WITHIN)).join())
                .isEqualTo(addresses(60, "192.0.2.1", "2001:db8::1"));
        assertThat(tasks).hasValue(2);
        asking.close();
        until(() -> running.get() == 0);
    }

    @Test
    void closeFailsWhatIsUnderWay() {
        server.behave(Behaviour.SILENT);
        CompletableFuture<Answer> answer = resolver.resolve(new Question("a.example.test", WITHIN));
        resolver.close();
        String reason = "127.0.0.1 port " + server.address().getPort() + ": closed";
        assertThat(answer.join()).isEqualTo(new Answer.Failed(reason));
        assertThat(ask("a.example.test")).isEqualTo(new Answer.Failed(reason));
    }

    @Test
    void whatIsTruncatedAndNotToBeHadOverTcpIsAFailure() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Answer> answer = Resolvers.udp(
                            "udp only", "test/udp", (InetSocketAddress) socket.getLocalSocketAddress())
                    .on(unhurried)
                    .resolve(new Question("a.example.test", WITHIN));
            for (int i = 0; i < 2; i++) {
                DatagramPacket packet = received(socket);
                packet.getData()[2] |= (byte) 0x82; // QR and TC
                socket.send(packet);
            }
            assertThat(answer.join())
                    .isEqualTo(new Answer.Failed(
                            "truncated; over TCP 127.0.0.1 port " + socket.getLocalPort() + ": Connection refused"));
        }
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("still not so when the test was interrupted");
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsNoNameIsAFailure() {
        assertThat(ask("a..example")).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void worksBehindLastGoodAndChain() {
        LastGood good = LastGood.builder(
                        ResolverChain.of(Resolvers.udp("local", "test/local", server.address())), runtime)
                .build();
        CompletableFuture<Resolution> found = good.lookup("a.example.test", byroad.Scheme.HTTPS);
        assertThat(found.join().addresses()).contains(ScriptedResolver.ip("192.0.2.1"));
        good.close();
    }

    @Test
    void aServerOfAFamilyThatTheProcessDoesNotHaveIsAFailureAndLeavesNoSocketOpen() {
        // Stands for IPv6 with -Djava.net.preferIPv4Stack: connecting throws what is no IOException.
        InetSocketAddress unusable = InetSocketAddress.createUnresolved("nowhere.example.test", 53);
        try (UdpTransport transport =
                new UdpTransport(unusable, new StreamTransport(StreamServer.tcp(unusable), runtime), runtime)) {
            assertThat(transport.exchange(List.of(new byte[12]), WITHIN))
                    .allMatch(CompletableFuture::isCompletedExceptionally);
        }
    }

    @Test
    void anInterruptEndsTheLoopAlsoWhileItLingers() throws InterruptedException {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        ClientRuntime standing = runtime.time(new FakeTime()).blocking(task -> {
            Thread thread = new Thread(task);
            threads.add(thread);
            thread.start();
        });
        Resolver resolver =
                Resolvers.udp("local", "test/local", server.address()).on(standing);
        resolver.resolve(new Question("a.example.test", WITHIN)).join();
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join(5_000);
            assertThat(thread.isAlive()).isFalse();
        }
        resolver.close();
    }
}
