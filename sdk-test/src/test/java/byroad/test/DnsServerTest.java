package byroad.test;

import static byroad.test.Asker.answers;
import static byroad.test.Asker.authority;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

@Timeout(20)
class DnsServerTest {
    private final DnsZone zone = new DnsZone()
            .put("api.example.test", Duration.ofSeconds(5), "127.0.0.2", "::1", "127.0.0.3")
            .alias("www.example.test", Duration.ofSeconds(30), "web.example.test")
            .alias("web.example.test", Duration.ofSeconds(60), "api.example.test");
    private final DnsServer server = DnsServer.start("127.0.0.1", zone);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void answersWithTheIpv4Addresses() throws IOException {
        Message answer = Asker.udp(server, "api.example.test", Type.A);

        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answers(answer))
                .containsExactly("api.example.test. 5 IN A 127.0.0.2", "api.example.test. 5 IN A 127.0.0.3");
        assertThat(authority(answer)).isEmpty();
        assertThat(answer.getHeader().getFlag(Flags.RA)).isTrue();
        assertThat(answer.getOPT()).isNull();
    }

    @Test
    void answersWithTheIpv6Addresses() throws IOException {
        assertThat(answers(Asker.udp(server, "api.example.test", Type.AAAA)))
                .containsExactly("api.example.test. 5 IN AAAA 0:0:0:0:0:0:0:1");
    }

    @Test
    void keepsAnIpv4MappedAddressAnIpv6Address() throws IOException {
        zone.put("mapped.test", Duration.ZERO, "::ffff:10.0.0.1");

        assertThat(answers(Asker.udp(server, "mapped.test", Type.A))).isEmpty();
        assertThat(answers(Asker.udp(server, "mapped.test", Type.AAAA)))
                .containsExactly("mapped.test. 0 IN AAAA 0:0:0:0:0:ffff:10.0.0.1");
    }

    @Test
    void followsAChainOfAliases() throws IOException {
        assertThat(answers(Asker.udp(server, "www.example.test", Type.A)))
                .containsExactly(
                        "www.example.test. 30 IN CNAME web.example.test.",
                        "web.example.test. 60 IN CNAME api.example.test.",
                        "api.example.test. 5 IN A 127.0.0.2",
                        "api.example.test. 5 IN A 127.0.0.3");
        assertThat(answers(Asker.udp(server, "www.example.test", Type.CNAME)))
                .containsExactly("www.example.test. 30 IN CNAME web.example.test.");
    }

    @Test
    void saysThatTheTargetOfAnAliasDoesNotExist() throws IOException {
        zone.alias("dangling.test", Duration.ofSeconds(9), "gone.other.test");

        Message answer = Asker.udp(server, "dangling.test", Type.A);

        assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(answers(answer)).containsExactly("dangling.test. 9 IN CNAME gone.other.test.");
        assertThat(authority(answer)).singleElement().asString().startsWith("other.test. 5 IN SOA");
    }

    @Test
    void failsOnALoopOfAliases() throws IOException {
        zone.alias("a.test", Duration.ZERO, "b.test").alias("b.test", Duration.ZERO, "a.test");

        assertThat(Asker.udp(server, "a.test", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void answersAnEmptyNameWithNoErrorAndAnSoa() throws IOException {
        zone.empty("api.example.test").empty("slow.example.test", Duration.ofMinutes(1));

        Message answer = Asker.udp(server, "api.example.test", Type.A);

        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answers(answer)).isEmpty();
        assertThat(authority(answer))
                .containsExactly("example.test. 5 IN SOA ns.byroad.test. hostmaster.byroad.test. 1 3600 600 86400 5");
        assertThat(authority(Asker.udp(server, "slow.example.test", Type.A)))
                .singleElement()
                .asString()
                .startsWith("example.test. 60 IN SOA")
                .endsWith(" 60");
    }

    @Test
    void answersAnotherTypeOfAKnownNameWithNoErrorAndAnSoa() throws IOException {
        Message answer = Asker.udp(server, "api.example.test", Type.HTTPS);

        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answers(answer)).isEmpty();
        assertThat(authority(answer)).hasSize(1);
    }

    @Test
    void answersAnUnknownAndARemovedNameWithNxdomainAndAnSoa() throws IOException {
        zone.remove("api.example.test");

        for (String name : List.of("api.example.test", "unknown.example.test", "test")) {
            Message answer = Asker.udp(server, name, Type.A);
            assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(answers(answer)).isEmpty();
            assertThat(authority(answer)).singleElement().asString().contains("test. 5 IN SOA");
        }
    }

    @Test
    void saysThatANameIsBlockedToThoseWhoAskWithEdns() throws IOException {
        zone.blocked("ads.test", 15);

        Message answer = Asker.udp(server, Asker.withEdns(Asker.question("ads.test", Type.A), 1232));
        Message plain = Asker.udp(server, "ads.test", Type.A);

        assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(Asker.extendedErrors(answer)).containsExactly(15);
        assertThat(plain.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(Asker.extendedErrors(plain)).isEmpty();
    }

    @Test
    void answersEdnsWithEdns() throws IOException {
        Message answer = Asker.udp(server, Asker.withEdns(Asker.question("api.example.test", Type.A), 4096));

        OPTRecord opt = answer.getOPT();
        assertThat(opt).isNotNull();
        assertThat(opt.getPayloadSize()).isEqualTo(1232);
    }

    @Test
    void truncatesOverUdpWhatItSendsWholeOverTcp() throws IOException {
        zone.put("many.test", Duration.ofSeconds(5), manyIps());

        Message plain = Asker.udp(server, "many.test", Type.A);
        Message edns = Asker.udp(server, Asker.withEdns(Asker.question("many.test", Type.A), 1232));
        Message large = Asker.udp(server, Asker.withEdns(Asker.question("many.test", Type.A), 8192));
        Message whole = Asker.tcp(server, "many.test", Type.A);

        assertThat(plain.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(plain.numBytes()).isLessThanOrEqualTo(512);
        assertThat(edns.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(edns.numBytes()).isLessThanOrEqualTo(1232);
        assertThat(edns.getOPT()).isNotNull();
        assertThat(large.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(answers(large)).hasSize(200);
        assertThat(whole.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(answers(whole)).hasSize(200);
        assertThat(server.transcript())
                .first()
                .isEqualTo("udp A many.test -> 127.1.0.0, 127.1.0.1, 127.1.0.2, 127.1.0.3"
                        + " and 196 more ttl 5, truncated");
    }

    private static String[] manyIps() {
        return IntStream.range(0, 200).mapToObj(i -> "127.1.0." + i).toArray(String[]::new);
    }

    @Test
    void ignoresTheCaseOfANameAndAnswersInTheCaseAsked() throws IOException {
        assertThat(answers(Asker.udp(server, "API.exAMple.test", Type.AAAA)))
                .containsExactly("API.exAMple.test. 5 IN AAAA 0:0:0:0:0:0:0:1");
        zone.remove("Api.Example.Test.");
        assertThat(Asker.udp(server, "api.example.test", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(server.questions("api.EXAMPLE.test")).isEqualTo(2);
    }

    @Test
    void answersSeveralQuestionsOnOneConnection() throws IOException {
        try (Socket socket = Asker.tcpSocket(server.address())) {
            Asker.send(socket, Asker.question("api.example.test", Type.A).toWire());
            Asker.send(socket, Asker.question("www.example.test", Type.A).toWire());

            assertThat(answers(Asker.receive(socket))).hasSize(2);
            assertThat(answers(Asker.receive(socket))).hasSize(4);
        }
    }

    @Test
    void tellsWhatItWasAsked() throws IOException {
        Asker.udp(server, "api.example.test", Type.AAAA);
        Asker.tcp(server, "www.example.test", Type.A);
        Asker.udp(server, "unknown.example.test", Type.A);
        zone.empty("api.example.test").blocked("ads.test", 17);
        Asker.udp(server, "api.example.test", Type.A);
        Asker.udp(server, "ads.test", Type.A);

        assertThat(server.questions()).isEqualTo(5);
        assertThat(server.questions("api.example.test")).isEqualTo(2);
        assertThat(server.questions("never.asked.test")).isZero();
        assertThat(server.transcript())
                .containsExactly(
                        "udp AAAA api.example.test -> 0:0:0:0:0:0:0:1 ttl 5",
                        "tcp A www.example.test -> CNAME web.example.test, CNAME api.example.test,"
                                + " 127.0.0.2, 127.0.0.3 ttl 5",
                        "udp A unknown.example.test -> NXDOMAIN ttl 5",
                        "udp A api.example.test -> empty ttl 5",
                        "udp A ads.test -> NXDOMAIN ede 17 ttl 5");
    }

    @Test
    void twoServersOnOneZoneChangeTogether() throws IOException {
        try (DnsServer other = DnsServer.start("127.0.0.2", zone)) {
            zone.put("api.example.test", Duration.ofSeconds(1), "127.0.0.9");

            assertThat(answers(Asker.udp(server, "api.example.test", Type.A)))
                    .isEqualTo(answers(Asker.udp(other, "api.example.test", Type.A)))
                    .containsExactly("api.example.test. 1 IN A 127.0.0.9");
        }
    }

    @Test
    void ignoresNoiseOverUdp() throws IOException {
        Random random = new Random(1);
        try (DatagramSocket socket = Asker.udpSocket(server.address())) {
            for (int round = 0; round < 50; round++) {
                for (int i = 0; i < 40; i++) { // more at once than the socket buffers would be lost
                    byte[] noise = new byte[random.nextInt(60)];
                    random.nextBytes(noise);
                    Asker.send(socket, noise.length < 3 ? noise : asResponse(noise));
                }
                Message query = Asker.question("api.example.test", Type.A);
                Asker.send(socket, query.toWire());

                assertThat(Asker.receive(socket).getHeader().getID())
                        .isEqualTo(query.getHeader().getID());
            }
        }
        assertThat(server.questions()).isEqualTo(50);
    }

    /** What claims to be an answer is never to be answered, or two servers could be made to talk forever. */
    private static byte[] asResponse(byte[] noise) {
        noise[2] |= (byte) 0x80;
        return noise;
    }

    @Test
    void survivesDamagedQuestions() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 5_000; i++) {
            byte[] wire = Asker.withEdns(Asker.question("api.example.test", Type.A), 1232)
                    .toWire();
            wire[random.nextInt(wire.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(Responder.parse(wire).getQuestion()).isNotNull();
            } catch (IOException e) {
                assertThat(e).isNotNull(); // the only kind the transports expect
            }
        }
    }

    @Test
    void closesATcpConnectionOnNoise() throws IOException {
        try (Socket socket = Asker.tcpSocket(server.address())) {
            Asker.send(socket, new byte[] {1, 2, 3});

            Assertions.assertThatThrownBy(() -> Asker.receive(socket)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void listensOnLoopbackOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DnsServer.start("192.0.2.1", zone))
                .withMessage("ip: 192.0.2.1 (expected: a loopback address such as 127.0.0.2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DnsServer.start("localhost", zone))
                .withMessage("ip: localhost (expected: an IP address)");
    }

    @Test
    void hasNoDohUrlWithoutACa() {
        assertThatIllegalStateException()
                .isThrownBy(server::dohUrl)
                .withMessage("dohUrl: none, the server was started without a TestCa");
    }

    @Test
    void answersOverTls() throws IOException {
        TestCa ca = TestCa.create();
        DnsZone zone = new DnsZone().put("tls.example.test", Duration.ofSeconds(5), "127.0.0.2");
        try (DnsServer server = DnsServer.start("127.0.0.1", zone, ca);
                Socket socket = ca.clientContext()
                        .getSocketFactory()
                        .createSocket("127.0.0.1", server.dotAddress().getPort())) {
            Asker.send(socket, Asker.question("tls.example.test", Type.A).toWire());
            assertThat(Asker.answers(Asker.receive(socket))).containsExactly("tls.example.test. 5 IN A 127.0.0.2");
            assertThat(server.transcript()).containsExactly("dot A tls.example.test -> 127.0.0.2 ttl 5");
        }
    }

    @Test
    void withoutAnAuthorityThereIsNoTls() {
        try (DnsServer server = DnsServer.start("127.0.0.1", new DnsZone())) {
            assertThatThrownBy(server::dotAddress).hasMessageContaining("without a TestCa");
        }
    }
}
