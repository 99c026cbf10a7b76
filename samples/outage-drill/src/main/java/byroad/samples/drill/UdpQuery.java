package byroad.samples.drill;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** One question for addresses, to one server, over UDP. */
final class UdpQuery {
    private static final int MAX_UDP = 4096;

    private UdpQuery() {}

    /**
     * Asks and waits.
     *
     * @throws SocketTimeoutException if nothing that answers the question came in time
     * @throws IOException if nobody listens there
     */
    static Reply ask(InetSocketAddress server, String host, Duration timeout) throws IOException {
        Message question = Message.newQuery(Record.newRecord(Name.fromString(host + "."), Type.A, DClass.IN));
        long end = System.nanoTime() + timeout.toNanos();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            byte[] wire = question.toWire();
            socket.send(new DatagramPacket(wire, wire.length));
            while (true) {
                long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (leftMillis <= 0) {
                    throw new SocketTimeoutException(server + ": no answer in " + timeout.toMillis() + "ms");
                }
                socket.setSoTimeout((int) leftMillis);
                DatagramPacket packet = new DatagramPacket(new byte[MAX_UDP], MAX_UDP);
                socket.receive(packet);
                Message answer = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
                if (answer.getHeader().getID() == question.getHeader().getID()) {
                    return new Reply(answer.getRcode(), addressesIn(answer));
                }
            }
        }
    }

    private static List<InetAddress> addressesIn(Message answer) {
        List<InetAddress> addresses = new ArrayList<>();
        for (Record one : answer.getSection(Section.ANSWER)) {
            if (one instanceof ARecord a) {
                addresses.add(a.getAddress());
            }
        }
        return addresses;
    }

    /** What the server said. */
    record Reply(int rcode, List<InetAddress> addresses) {
        Reply {
            addresses = List.copyOf(addresses);
        }

        /** Returns whether glibc looks no further: addresses, none, or no such name. */
        boolean isFinal() {
            return rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN;
        }
    }
}
