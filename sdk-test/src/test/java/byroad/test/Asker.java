package byroad.test;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** The asking side, on plain sockets, so that nothing but the server under test is in the way. */
final class Asker {
    private static final int PATIENCE_MILLIS = 5_000;

    private Asker() {}

    static Message question(String name, int type) {
        return Message.newQuery(Record.newRecord(Literals.name("name", name), type, DClass.IN));
    }

    static Message withEdns(Message query, int size) {
        query.addRecord(new OPTRecord(size, 0, 0), Section.ADDITIONAL);
        return query;
    }

    static Message udp(DnsServer server, String name, int type) throws IOException {
        return udp(server, question(name, type));
    }

    static Message udp(DnsServer server, Message query) throws IOException {
        try (DatagramSocket socket = udpSocket(server.address())) {
            send(socket, query.toWire());
            return receive(socket);
        }
    }

    static DatagramSocket udpSocket(InetSocketAddress address) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        socket.connect(address);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    static void send(DatagramSocket socket, byte[] wire) throws IOException {
        socket.send(new DatagramPacket(wire, wire.length));
    }

    static Message receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(packet);
        return new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    static Message tcp(DnsServer server, String name, int type) throws IOException {
        try (Socket socket = tcpSocket(server.address())) {
            send(socket, question(name, type).toWire());
            return receive(socket);
        }
    }

    static Socket tcpSocket(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    static void send(Socket socket, byte[] wire) throws IOException {
        ByteBuffer framed = ByteBuffer.allocate(2 + wire.length);
        framed.putShort((short) wire.length).put(wire);
        socket.getOutputStream().write(framed.array());
    }

    static Message receive(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] wire = new byte[in.readUnsignedShort()];
        in.readFully(wire);
        return new Message(wire);
    }

    /** Owner, TTL, type and data of each answer. */
    static List<String> answers(Message message) {
        return records(message, Section.ANSWER);
    }

    static List<String> authority(Message message) {
        return records(message, Section.AUTHORITY);
    }

    private static List<String> records(Message message, int section) {
        return message.getSection(section).stream()
                .map(record -> record.toString().replaceAll("\\s+", " "))
                .toList();
    }

    static List<Integer> extendedErrors(Message message) {
        OPTRecord opt = message.getOPT();
        return opt == null
                ? List.of()
                : opt.getOptions().stream()
                        .filter(ExtendedErrorCodeOption.class::isInstance)
                        .map(option -> ((ExtendedErrorCodeOption) option).getErrorCode())
                        .toList();
    }

    static Name name(String text) {
        return Literals.name("name", text);
    }

    /** Spins until it is so; the test's own timeout ends it otherwise. */
    static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("still not so when the test was interrupted");
            }
            Thread.onSpinWait();
        }
    }
}
