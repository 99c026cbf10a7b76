package byroad.benchmarks.names;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;

/**
 * A DNS server on loopback that costs next to nothing, so that what is measured is the client: it knows every name, turns
 * the question into its answer in place, and has no zone. One thread of its own.
 */
final class LoopbackDns implements AutoCloseable {
    static final byte[] IPV4 = {(byte) 198, 51, 100, 7};
    static final byte[] IPV6 = {0x20, 0x01, 0x0d, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};

    private static final int HEADER = 12;
    private static final int TYPE_AAAA = 28;

    private final DatagramSocket socket;

    private LoopbackDns(DatagramSocket socket) {
        this.socket = socket;
    }

    static LoopbackDns start() {
        LoopbackDns server = new LoopbackDns(listening());
        daemon("loopback-dns", server::serve);
        return server;
    }

    /** One that takes questions and never answers. */
    static LoopbackDns silent() {
        return new LoopbackDns(listening());
    }

    private static DatagramSocket listening() {
        try {
            return new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void serve() {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        while (!socket.isClosed()) {
            try {
                packet.setLength(512);
                socket.receive(packet);
                packet.setLength(answer(packet.getData()));
                socket.send(packet);
            } catch (IOException e) {
                // the asker has gone, or close(): the loop's condition tells
            }
        }
    }

    /** Makes an answer of the question in that message, and returns its length. An OPT record is dropped. */
    static int answer(byte[] message) {
        int at = HEADER;
        while (message[at] != 0) {
            at += message[at] + 1;
        }
        byte[] address = message[at + 2] == TYPE_AAAA ? IPV6 : IPV4;
        message[2] = (byte) 0x81; // a response, recursion desired
        message[3] = (byte) 0x80; // recursion available, NOERROR
        message[7] = 1; // one answer
        message[11] = 0; // nothing additional
        byte type = message[at + 2];
        at += 5;
        byte[] record = {(byte) 0xc0, HEADER, 0, type, 0, 1, 0, 0, 0x0e, 0x10, 0, (byte) address.length}; // TTL 1 h
        System.arraycopy(record, 0, message, at, record.length);
        System.arraycopy(address, 0, message, at + record.length, address.length);
        return at + record.length + address.length;
    }

    @Override
    public void close() {
        socket.close();
    }
}
