package byroad.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A DNS server on a loopback address, over UDP, TCP and, given a {@link TestCa}, TLS and HTTPS. It answers from a
 * {@link DnsZone} and misbehaves on request.
 *
 * <pre>{@code
 * DnsZone zone = new DnsZone().put("api.example.test", Duration.ofSeconds(5), "127.0.0.2");
 * try (DnsServer server = DnsServer.start("127.0.0.1", zone)) {
 *     // ... call, and check the questions
 *     assertThat(server.transcript()).contains("udp A api.example.test -> SERVFAIL");
 * }
 * }</pre>
 *
 * <p>It presents itself as a recursive resolver: {@code RA} is set, {@code AA} is not, aliases are followed. It answers
 * A, AAAA, CNAME and ANY; any other type of a name that exists is empty.
 *
 * <p>Safe for use by many threads. The threads are daemons, except those of the DoH server; close it. Addresses other
 * than 127.0.0.1 work out of the box on Linux only.
 */
public final class DnsServer implements AutoCloseable {
    // The port must be free for UDP and for TCP; usually the first one that the system offers is.
    private static final int BIND_TRIES = 20;

    private final InetSocketAddress address;
    private final Responder responder;
    private final UdpService udp;
    private final TcpService tcp;
    private final @Nullable TcpService dot;
    private final @Nullable DohService doh;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DnsServer(InetAddress ip, Responder responder, @Nullable TestCa ca, @Nullable DohService doh)
            throws IOException {
        Listeners listeners = Listeners.bind(ip, ca);
        this.address = new InetSocketAddress(ip, listeners.tcp.getLocalPort());
        this.responder = responder;
        this.udp = new UdpService(listeners.udp, responder);
        this.tcp = new TcpService("tcp", listeners.tcp, plain -> plain, responder);
        this.dot = listeners.tls == null || ca == null
                ? null
                : new TcpService("dot", listeners.tls, tls(ca, ip), responder);
        this.doh = doh;
        udp.start();
        tcp.start();
        if (dot != null) {
            dot.start();
        }
    }

    private static TcpService.Layer tls(TestCa ca, InetAddress ip) {
        SSLSocketFactory sockets = ca.serverSocketFactory(ip.getHostAddress(), DohService.HOST);
        return plain -> {
            SSLSocket socket = (SSLSocket) sockets.createSocket(plain, null, plain.getPort(), true);
            socket.setUseClientMode(false);
            return socket;
        };
    }

    /**
     * Starts a server for UDP and TCP on one free port of this address.
     *
     * @param ip a loopback address, such as {@code 127.0.0.2} or {@code ::1}
     * @throws IllegalArgumentException if it is not a loopback address
     * @throws UncheckedIOException if the server cannot listen there
     */
    public static DnsServer start(String ip, DnsZone zone) {
        return start(Literals.loopback("ip", ip), new Responder(zone), null, null);
    }

    /**
     * Starts a server for UDP and TCP on one free port of this address, and for TLS and HTTPS on others.
     *
     * @param ip a loopback address, such as {@code 127.0.0.2} or {@code ::1}
     * @param ca signs the certificates for TLS and HTTPS, which are for the address and for {@code dns.test}
     * @throws IllegalArgumentException if it is not a loopback address
     * @throws UncheckedIOException if the server cannot listen there
     */
    public static DnsServer start(String ip, DnsZone zone, TestCa ca) {
        InetAddress address = Literals.loopback("ip", ip);
        Responder responder = new Responder(zone);
        return start(address, responder, ca, DohService.start(address, responder, ca));
    }

    private static DnsServer start(InetAddress ip, Responder responder, @Nullable TestCa ca, @Nullable DohService doh) {
        try {
            return new DnsServer(ip, responder, ca, doh);
        } catch (IOException e) {
            if (doh != null) {
                doh.close();
            }
            throw new UncheckedIOException(
                    ip.getHostAddress() + ": cannot listen on one port for UDP and TCP: " + e.getMessage(), e);
        }
    }

    /** Returns where the server listens for UDP and TCP. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Returns the URL to ask over HTTPS (RFC 8484, by GET or POST), such as {@code https://127.0.0.2:8443/dns-query}.
     *
     * @throws IllegalStateException if the server was started without a {@link TestCa}
     */
    public String dohUrl() {
        if (doh == null) {
            throw new IllegalStateException("dohUrl: none, the server was started without a TestCa");
        }
        return doh.url();
    }

    /**
     * Returns where the server listens for TLS (RFC 7858).
     *
     * @throws IllegalStateException if the server was started without a {@link TestCa}
     */
    public InetSocketAddress dotAddress() {
        if (dot == null) {
            throw new IllegalStateException("dotAddress: none, the server was started without a TestCa");
        }
        return dot.address();
    }

    /** Returns how many connections were made over TCP and TLS, not counting HTTPS. */
    public long connections() {
        return tcp.connections() + (dot == null ? 0 : dot.connections());
    }

    /** Returns how many connections over TCP and TLS are open now. */
    public long openConnections() {
        return tcp.openConnections() + (dot == null ? 0 : dot.openConnections());
    }

    /** Closes the open connections over TCP and TLS, as servers do with idle ones; accepts new ones. */
    public void closeConnections() {
        tcp.closeConnections();
        if (dot != null) {
            dot.closeConnections();
        }
    }

    /** Changes what the server does with the next question, on all transports. Defaults to {@link Behaviour#ANSWER}. */
    public void behave(Behaviour behaviour) {
        responder.behave(behaviour);
    }

    /** Returns how many questions arrived, answered or not. Malformed messages are not counted. */
    public long questions() {
        return responder.log().total();
    }

    /**
     * Returns how many questions about this name arrived, of any type, answered or not. Counts are kept for the 10,000
     * names that were first asked last.
     *
     * @throws IllegalArgumentException if the name is invalid
     */
    public long questions(String name) {
        return responder.log().of(Literals.name("name", name));
    }

    /**
     * Returns the questions and answers, one line for each question, such as {@code udp A api.example.test -> 127.0.0.2
     * ttl 5}. The transport is {@code udp}, {@code tcp}, {@code dot} or {@code doh}; an answer is {@code empty}, {@code
     * NXDOMAIN}, {@code SERVFAIL}, {@code REFUSED}, {@code truncated} or {@code silence} if it has no records. Holds
     * the last 10,000 questions.
     */
    public List<String> transcript() {
        return responder.log().lines();
    }

    /** Frees the ports and ends connections, held requests and threads. Calling it again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        udp.close();
        tcp.close();
        if (dot != null) {
            dot.close();
        }
        if (doh != null) {
            doh.close();
        }
    }

    @Override
    public String toString() {
        return "DnsServer{" + address + (doh == null ? "" : ", " + doh.url()) + "}";
    }

    /** How a server reacts to a question. */
    public enum Behaviour {
        /** Answers from the zone. */
        ANSWER,
        /**
         * Accepts questions and never answers them; connections stay open. A request over HTTPS is held until the
         * behaviour changes or the server closes, then its stream is reset; up to 256 are held, the next is reset at
         * once.
         */
        SILENT,
        /** Answers {@code SERVFAIL}. */
        SERVFAIL,
        /** Answers {@code REFUSED}. */
        REFUSED,
        /** Answers {@code NOERROR} without any record, whatever the zone holds, and without an SOA. */
        EMPTY,
        /** Over UDP sets the {@code TC} flag and leaves all records out; over TCP, TLS and HTTPS the same as {@link #ANSWER}. */
        TRUNCATE,
        /**
         * Over UDP sends a forged answer first, with a wrong id and 192.0.2.66 or 2001:db8::66 as the address, then the
         * right answer; over TCP, TLS and HTTPS the same as {@link #ANSWER}.
         */
        WRONG_ID_FIRST,
        /**
         * Over TCP and TLS answers two questions at a time, the second first; over UDP and HTTPS the same as
         * {@link #ANSWER}.
         */
        OUT_OF_ORDER,
        /** Answers {@code FORMERR} to a query with EDNS, as servers do that do not know it; otherwise as {@link #ANSWER}. */
        REFUSES_EDNS,
        /** Does not answer a query with EDNS, as behind some firewalls; otherwise the same as {@link #ANSWER}. */
        SILENT_TO_EDNS
    }

    /** The two sockets of one port, and that for TLS. */
    private record Listeners(
            DatagramSocket udp, ServerSocket tcp, @Nullable ServerSocket tls) {
        static Listeners bind(InetAddress ip, @Nullable TestCa ca) throws IOException {
            IOException last = new IOException("not tried");
            for (int i = 0; i < BIND_TRIES; i++) {
                ServerSocket tcp = new ServerSocket(0, 128, ip);
                try {
                    return new Listeners(
                            new DatagramSocket(tcp.getLocalPort(), ip),
                            tcp,
                            ca == null ? null : new ServerSocket(0, 128, ip));
                } catch (IOException e) {
                    last = e;
                    tcp.close();
                }
            }
            throw last;
        }
    }
}
