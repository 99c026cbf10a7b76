package byroad.dns;

import byroad.Seams;
import byroad.TimeSource;
import byroad.dns.WireFormat.Family;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One question to one server over UDP: both families at once over one socket of its own, and over TCP what did not fit.
 *
 * <p>Forgery is made hard by a random port and two random ids (RFC 5452): a datagram with the wrong id or question is
 * ignored, and the right one is still waited for. Blocks; used by one thread.
 */
final class UdpExchange {
    private static final Duration RESEND_AFTER = Duration.ofMillis(400);

    // How long the other family is waited for once one has addresses. AAAA after A: RFC 8305 section 3.
    private static final Duration AFTER_A = Duration.ofMillis(50);
    private static final Duration AFTER_AAAA = Duration.ofMillis(500);

    private static final int MAX_DATAGRAM = 4096;

    private final String host;
    private final InetSocketAddress server;
    private final TimeSource time;
    private final CompletableFuture<Answer> waiting;
    private final Pending a;
    private final Pending aaaa;
    private long until;
    private long resendAt;
    private boolean resent;

    private UdpExchange(Question question, InetSocketAddress server, Seams seams, CompletableFuture<Answer> waiting) {
        this.host = question.host();
        this.server = server;
        this.time = seams.time();
        this.waiting = waiting;
        int[] ids = seams.random().ints(0, 1 << 16).distinct().limit(2).toArray();
        this.a = new Pending(Family.IPV4, WireFormat.query(host, Family.IPV4, ids[0]));
        this.aaaa = new Pending(Family.IPV6, WireFormat.query(host, Family.IPV6, ids[1]));
        this.until = time.nanoTime() + question.within().toNanos();
        this.resendAt = time.nanoTime() + RESEND_AFTER.toNanos();
    }

    /** Asks and waits; what goes wrong is an answer too. */
    static Answer ask(Question question, InetSocketAddress server, Seams seams, CompletableFuture<Answer> waiting) {
        try {
            return new UdpExchange(question, server, seams, waiting).run();
        } catch (PortUnreachableException refused) {
            return new Answer.Failed("nobody listens at " + text(server));
        } catch (IOException | IllegalArgumentException e) {
            return new Answer.Failed(e.toString());
        }
    }

    private Answer run() throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            waiting.whenComplete((answer, cancelled) -> socket.close()); // wakes the thread when nobody waits any more
            socket.connect(server);
            sendOpen(socket);
            while (isOpen() && receive(socket)) {
                waitLessForTheOther();
            }
        }
        if (a.response == null && aaaa.response == null) {
            return new Answer.Failed("no answer from " + text(server));
        }
        return WireFormat.answer(host, a.response, aaaa.response);
    }

    private boolean isOpen() {
        return a.response == null || aaaa.response == null;
    }

    private void sendOpen(DatagramSocket socket) throws IOException {
        for (Pending pending : List.of(a, aaaa)) {
            if (pending.response == null) {
                socket.send(new DatagramPacket(pending.query, pending.query.length));
            }
        }
    }

    /** Waits for the next datagram and sends again in between; false when the time is over. */
    private boolean receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
        while (millisLeft() > 0) {
            long untilResend = millisTo(resendAt);
            if (!resent && untilResend <= 0) {
                resent = true;
                sendOpen(socket);
            }
            try {
                socket.setSoTimeout((int) Math.max(1, resent ? millisLeft() : Math.min(millisLeft(), untilResend)));
                socket.receive(packet);
            } catch (SocketTimeoutException notYet) {
                continue;
            }
            take(Arrays.copyOf(packet.getData(), packet.getLength()));
            return true;
        }
        return false;
    }

    private void take(byte[] datagram) {
        for (Pending pending : List.of(a, aaaa)) {
            if (pending.response == null && WireFormat.isResponseTo(pending.query, datagram)) {
                pending.response = WireFormat.isTruncated(datagram) ? overTcp(pending.query, datagram) : datagram;
            }
        }
    }

    /** The whole answer, or the truncated one where TCP does not work either. */
    private byte[] overTcp(byte[] query, byte[] truncated) {
        try (Socket socket = new Socket()) {
            waiting.whenComplete((answer, cancelled) -> closeQuietly(socket));
            socket.connect(server, (int) Math.max(1, millisLeft()));
            socket.setSoTimeout((int) Math.max(1, millisLeft()));
            byte[] framed = new byte[query.length + 2];
            framed[0] = (byte) (query.length >> 8);
            framed[1] = (byte) query.length;
            System.arraycopy(query, 0, framed, 2, query.length);
            socket.getOutputStream().write(framed);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] response = new byte[in.readUnsignedShort()];
            in.readFully(response);
            return WireFormat.isResponseTo(query, response) ? response : truncated;
        } catch (IOException noTcp) {
            return truncated;
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException closedAnyway) {
            // nothing left to do
        }
    }

    private void waitLessForTheOther() {
        if (isOpen() && hasAddresses(a)) {
            until = earlier(until, time.nanoTime() + AFTER_A.toNanos());
        } else if (isOpen() && hasAddresses(aaaa)) {
            until = earlier(until, time.nanoTime() + AFTER_AAAA.toNanos());
        }
    }

    private boolean hasAddresses(Pending pending) {
        return pending.response != null
                && WireFormat.read(host, pending.family, pending.response) instanceof Answer.Addresses;
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    private long millisLeft() {
        return millisTo(until);
    }

    private long millisTo(long moment) {
        return Duration.ofNanos(moment - time.nanoTime()).toMillis();
    }

    private static String text(InetSocketAddress server) {
        return server.getHostString() + " port " + server.getPort();
    }

    /** One of the two queries and what came back. */
    private static final class Pending {
        final Family family;
        final byte[] query;
        byte @Nullable [] response;

        Pending(Family family, byte[] query) {
            this.family = family;
            this.query = query;
        }
    }
}
