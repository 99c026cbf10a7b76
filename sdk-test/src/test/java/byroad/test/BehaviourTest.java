package byroad.test;

import static byroad.test.Asker.answers;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.test.DnsServer.Behaviour;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

@Timeout(20)
class BehaviourTest {
    private static final String NAME = "api.example.test";
    private static final String RIGHT = NAME + ". 5 IN A 127.0.0.2";

    private final DnsZone zone = new DnsZone().put(NAME, Duration.ofSeconds(5), "127.0.0.2");
    private final DnsServer server = DnsServer.start("127.0.0.2", zone);

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"SERVFAIL, 2, SERVFAIL", "REFUSED, 5, REFUSED", "EMPTY, 0, empty"})
    void answersWithoutRecordsOverUdpAndTcp(Behaviour behaviour, int rcode, String said) throws IOException {
        server.behave(behaviour);

        for (Message answer : new Message[] {Asker.udp(server, NAME, Type.A), Asker.tcp(server, NAME, Type.A)}) {
            assertThat(answer.getRcode()).isEqualTo(rcode);
            assertThat(answers(answer)).isEmpty();
            assertThat(answer.getSection(Section.AUTHORITY)).isEmpty();
            assertThat(answer.getQuestion().getName()).isEqualTo(Asker.name(NAME));
        }
        assertThat(server.transcript())
                .containsExactly("udp A " + NAME + " -> " + said, "tcp A " + NAME + " -> " + said);
    }

    @Test
    void silentSaysNothingOverUdpUntilItAnswersAgain() throws IOException {
        server.behave(Behaviour.SILENT);
        Message unheard = Asker.question(NAME, Type.A);
        Message heard = Asker.question(NAME, Type.A);
        heard.getHeader().setID(unheard.getHeader().getID() ^ 1);

        try (DatagramSocket socket = Asker.udpSocket(server.address())) {
            Asker.send(socket, unheard.toWire());
            Asker.until(() -> server.questions() == 1);
            server.behave(Behaviour.ANSWER);
            Asker.send(socket, heard.toWire());

            // questions are taken in order, so an answer to the first would have come first
            assertThat(Asker.receive(socket).getHeader().getID())
                    .isEqualTo(heard.getHeader().getID());
        }
        assertThat(server.transcript())
                .containsExactly("udp A " + NAME + " -> silence", "udp A " + NAME + " -> 127.0.0.2 ttl 5");
    }

    @Test
    void silentSaysNothingOverTcpAndKeepsTheConnection() throws IOException {
        server.behave(Behaviour.SILENT);
        Message unheard = Asker.question(NAME, Type.A);
        Message heard = Asker.question(NAME, Type.A);
        heard.getHeader().setID(unheard.getHeader().getID() ^ 1);

        try (Socket socket = Asker.tcpSocket(server.address())) {
            Asker.send(socket, unheard.toWire());
            Asker.until(() -> server.questions() == 1);
            server.behave(Behaviour.ANSWER);
            Asker.send(socket, heard.toWire());

            assertThat(Asker.receive(socket).getHeader().getID())
                    .isEqualTo(heard.getHeader().getID());
        }
    }

    @Test
    void truncateSendsNoRecordsOverUdpAndAllOverTcp() throws IOException {
        server.behave(Behaviour.TRUNCATE);

        Message udp = Asker.udp(server, NAME, Type.A);
        Message tcp = Asker.tcp(server, NAME, Type.A);

        assertThat(udp.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(udp.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answers(udp)).isEmpty();
        assertThat(tcp.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(answers(tcp)).containsExactly(RIGHT);
        assertThat(server.transcript())
                .containsExactly("udp A " + NAME + " -> truncated", "tcp A " + NAME + " -> 127.0.0.2 ttl 5");
    }

    @Test
    void wrongIdFirstSendsAForgeryBeforeTheRightAnswer() throws IOException {
        server.behave(Behaviour.WRONG_ID_FIRST);
        Message query = Asker.question(NAME, Type.A);

        try (DatagramSocket socket = Asker.udpSocket(server.address())) {
            Asker.send(socket, query.toWire());
            Message forged = Asker.receive(socket);
            Message right = Asker.receive(socket);

            assertThat(forged.getHeader().getID())
                    .isNotEqualTo(query.getHeader().getID());
            assertThat(answers(forged)).containsExactly(NAME + ". 60 IN A 192.0.2.66");
            assertThat(right.getHeader().getID()).isEqualTo(query.getHeader().getID());
            assertThat(answers(right)).containsExactly(RIGHT);
        }
        assertThat(answers(Asker.tcp(server, NAME, Type.A))).containsExactly(RIGHT);
        assertThat(server.transcript()).first().isEqualTo("udp A " + NAME + " -> wrong id, then 127.0.0.2 ttl 5");
    }

    @Test
    void outOfOrderAnswersTheSecondQuestionFirst() throws IOException {
        server.behave(Behaviour.OUT_OF_ORDER);
        Message first = Asker.question(NAME, Type.A);
        Message second = Asker.question(NAME, Type.A);
        second.getHeader().setID(first.getHeader().getID() ^ 1);

        try (Socket socket = Asker.tcpSocket(server.address())) {
            Asker.send(socket, first.toWire());
            Asker.send(socket, second.toWire());

            assertThat(Asker.receive(socket).getHeader().getID())
                    .isEqualTo(second.getHeader().getID());
            assertThat(Asker.receive(socket).getHeader().getID())
                    .isEqualTo(first.getHeader().getID());
        }
    }

    @Test
    void closesConnectionsAndTakesNewOnes() throws IOException {
        try (Socket socket = Asker.tcpSocket(server.address())) {
            Asker.send(socket, Asker.question(NAME, Type.A).toWire());
            Asker.receive(socket);
            assertThat(server.openConnections()).isEqualTo(1);
            server.closeConnections();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(answers(Asker.tcp(server, NAME, Type.A))).containsExactly(RIGHT);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void oneServerMisbehavesAndAnotherOnTheSameZoneDoesNot() throws IOException {
        try (DnsServer other = DnsServer.start("127.0.0.1", zone)) {
            server.behave(Behaviour.SERVFAIL);

            assertThat(Asker.udp(server, NAME, Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
            assertThat(answers(Asker.udp(other, NAME, Type.A))).containsExactly(RIGHT);
        }
    }
}
