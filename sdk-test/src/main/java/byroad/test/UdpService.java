package byroad.test;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.Arrays;

/** DNS over UDP: one thread that reads a datagram and answers it. */
final class UdpService implements AutoCloseable {
    private final DatagramSocket socket;
    private final Responder responder;
    private final Thread thread;

    UdpService(DatagramSocket socket, Responder responder) {
        this.socket = socket;
        this.responder = responder;
        this.thread = Threads.daemon("byroad-dns-udp " + socket.getLocalSocketAddress(), this::serve);
    }

    void start() {
        thread.start();
    }

    private void serve() {
        byte[] buffer = new byte[Responder.MAX_MESSAGE];
        while (!socket.isClosed()) {
            try {
                DatagramPacket asked = new DatagramPacket(buffer, buffer.length);
                socket.receive(asked);
                answer(asked);
            } catch (IOException e) {
                // a malformed datagram, a client that went away, or close(): the condition of the loop decides
            }
        }
    }

    private void answer(DatagramPacket asked) throws IOException {
        byte[] query = Arrays.copyOf(asked.getData(), asked.getLength());
        for (byte[] wire : responder.datagrams(Responder.parse(query))) {
            socket.send(new DatagramPacket(wire, wire.length, asked.getSocketAddress()));
        }
    }

    @Override
    public void close() {
        socket.close();
        Threads.join(thread);
    }
}
