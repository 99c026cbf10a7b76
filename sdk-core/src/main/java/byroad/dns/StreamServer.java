package byroad.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A DNS server for connections over TCP or TLS: its addresses, and how to connect. */
final class StreamServer {
    // For one address each, so that a dead address leaves time for the next one within the 3 s of a chain.
    private static final int CONNECT_MILLIS = 1_000;
    private static final int HANDSHAKE_MILLIS = 1_000;

    private final List<InetSocketAddress> addresses;
    private final Layer layer;
    private volatile int preferred; // the address that worked last

    private StreamServer(List<InetSocketAddress> addresses, Layer layer) {
        this.addresses = List.copyOf(addresses);
        this.layer = layer;
    }

    static StreamServer tcp(InetSocketAddress address) {
        return new StreamServer(List.of(address), plain -> plain);
    }

    /** Over TLS, strictly: the certificate must be for that host. */
    static StreamServer tls(String host, List<InetSocketAddress> addresses, SSLSocketFactory sockets) {
        List<SNIServerName> names = Literals.address(host) == null ? List.of(new SNIHostName(host)) : List.of();
        return new StreamServer(addresses, plain -> {
            SSLSocket socket = (SSLSocket) sockets.createSocket(plain, host, plain.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the rules for names in certificates (RFC 2818)
            parameters.setServerNames(names);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        });
    }

    /**
     * Connects to the first address that works; blocks.
     *
     * @param trying receives each TCP socket before it is used; closing the socket ends the attempt to connect
     */
    Socket connect(Consumer<Socket> trying) throws IOException {
        IOException last = new IOException("no address");
        int first = preferred;
        for (int i = 0; i < addresses.size(); i++) {
            int at = (first + i) % addresses.size();
            InetSocketAddress address = addresses.get(at);
            Socket plain = new Socket();
            try {
                trying.accept(plain);
                plain.setTcpNoDelay(true);
                plain.connect(address, CONNECT_MILLIS);
                plain.setSoTimeout(HANDSHAKE_MILLIS);
                Socket layered = layer.over(plain);
                plain.setSoTimeout(0);
                preferred = at;
                return layered;
            } catch (IOException e) {
                last = new IOException(text(address) + ": " + e.getMessage(), e);
                plain.close();
            }
        }
        throw last;
    }

    static String text(InetSocketAddress server) {
        return server.getHostString() + " port " + server.getPort();
    }

    @Override
    public String toString() {
        return text(addresses.get(preferred));
    }

    /** The layer on top of a connected TCP socket. */
    @FunctionalInterface
    private interface Layer {
        Socket over(Socket plain) throws IOException;
    }
}
