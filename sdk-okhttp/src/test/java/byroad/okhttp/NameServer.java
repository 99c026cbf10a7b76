package byroad.okhttp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A DNS server on port 53 of a loopback address, for the system's own resolver; it says of each host what it is told. */
final class NameServer implements AutoCloseable {
    private static final int A = 1;
    private static final int HEADER = 12;

    /** An answer of the server. */
    enum Says {
        ADDRESS(0),
        NODATA(0),
        SERVFAIL(2),
        NXDOMAIN(3),
        REFUSED(5),
        SILENCE(-1);

        private final int rcode;

        Says(int rcode) {
            this.rcode = rcode;
        }
    }

    private final DatagramSocket socket;
    private final Map<String, Says> hosts = new ConcurrentHashMap<>();

    NameServer(String address) throws IOException {
        this.socket = new DatagramSocket(53, InetAddress.getByName(address));
        Thread thread = new Thread(this::serve, "name server " + address);
        thread.setDaemon(true);
        thread.start();
    }

    /** What it says of that host from now on; of all others it says nothing. */
    void says(String host, Says says) {
        hosts.put(host, says);
    }

    private void serve() {
        byte[] buffer = new byte[1_500];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                byte[] query = Arrays.copyOf(buffer, packet.getLength());
                Says says = hosts.getOrDefault(host(query), Says.SILENCE);
                if (says != Says.SILENCE) {
                    byte[] answer = answer(query, says);
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static String host(byte[] query) {
        StringBuilder host = new StringBuilder();
        for (int at = HEADER; query[at] != 0; at += query[at] + 1) {
            host.append(host.length() == 0 ? "" : ".")
                    .append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII));
        }
        return host.toString().toLowerCase(Locale.ROOT);
    }

    private static byte[] answer(byte[] query, Says says) {
        int end = HEADER;
        while (query[end] != 0) {
            end += query[end] + 1;
        }
        boolean isFound = says == Says.ADDRESS && query[end + 2] == A;
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.write(query, 0, 2); // the id
        answer.writeBytes(new byte[] {(byte) 0x81, (byte) (0x80 | says.rcode), 0, 1, 0, (byte) (isFound ? 1 : 0)});
        answer.writeBytes(new byte[4]);
        answer.write(query, HEADER, end + 5 - HEADER);
        if (isFound) {
            answer.writeBytes(new byte[] {(byte) 0xc0, HEADER, 0, A, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1});
        }
        return answer.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
