package byroad.spring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.SocketFactory;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.InetAddressFilter;

/**
 * Prevents connections to addresses that Boot's filter refuses. The results of look-ups are filtered; and each socket
 * asks the filter again when it connects, because addresses also come from other resolvers, from memory, from a store,
 * from seeds and from the URL itself.
 */
record FilteredConnections(InetAddressFilter filter) {
    /** A client with its own {@code Dns} and trust shares neither names nor connections with one without a filter. */
    void applyTo(OkHttpClient.Builder client, Dns names) {
        client.dns(new Names(filter, names)).socketFactory(new Sockets(filter));
    }

    /** A record, so that clients with the same filter share remembered addresses. */
    private record Names(InetAddressFilter filter, Dns all) implements Dns {
        @Override
        public List<InetAddress> lookup(String host) throws UnknownHostException {
            List<InetAddress> found = all.lookup(host);
            List<InetAddress> passed = found.stream().filter(filter::matches).toList();
            if (passed.isEmpty()) {
                throw new UnknownHostException(host + ": none of its " + found.size() + " addresses passes the filter");
            }
            return passed;
        }
    }

    private static final class Sockets extends SocketFactory {
        private final InetAddressFilter filter;

        Sockets(InetAddressFilter filter) {
            this.filter = filter;
        }

        /** Clients with one filter share look-ups; their socket factories are equal. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Sockets that && that.filter.equals(filter);
        }

        @Override
        public int hashCode() {
            return filter.hashCode();
        }

        @Override
        public Socket createSocket() {
            return new Socket() {
                @Override
                public void connect(SocketAddress where, int timeout) throws IOException {
                    if (where instanceof InetSocketAddress address && !filter.matches(address)) {
                        throw new UnknownHostException(
                                address.getHostString() + ": its address does not pass the filter");
                    }
                    super.connect(where, timeout);
                }
            };
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return connected(new InetSocketAddress(host, port), new InetSocketAddress(0));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
            return connected(new InetSocketAddress(host, port), new InetSocketAddress(from, fromPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return connected(new InetSocketAddress(host, port), new InetSocketAddress(0));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
            return connected(new InetSocketAddress(host, port), new InetSocketAddress(from, fromPort));
        }

        private Socket connected(InetSocketAddress where, InetSocketAddress from) throws IOException {
            Socket socket = createSocket();
            try {
                socket.bind(from);
                socket.connect(where, 0);
            } catch (IOException failed) {
                socket.close();
                throw failed;
            }
            return socket;
        }
    }
}
