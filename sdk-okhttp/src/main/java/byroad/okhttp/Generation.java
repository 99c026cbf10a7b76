package byroad.okhttp;

import byroad.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import okhttp3.Connection;

/**
 * A set of pooled connections of one endpoint. It is retired, and a new generation makes new connections, when a
 * connection no longer answers, when the names get other addresses, or when the network changes. OkHttp shares a
 * connection only between calls with an equal {@code Dns}, and {@link AttemptDns} are equal within a generation; so
 * connections to the edge and to the origin of one host are separate. The last call on a connection of a retired
 * generation closes its socket.
 */
final class Generation {
    private final EndpointAddresses addresses;
    private final Object pool;
    private final TimeSource time;

    // Guarded by this.
    private final Map<Connection, Use> uses = new WeakHashMap<>();
    private boolean answered;
    private volatile boolean retired; // written under the lock

    private Generation(EndpointAddresses addresses, Object pool, TimeSource time) {
        this.addresses = addresses;
        this.pool = pool;
        this.time = time;
    }

    /** A generation of an endpoint that shares its connections with no other. */
    static Generation of(EndpointAddresses addresses, TimeSource time) {
        return new Generation(addresses, new Object(), time);
    }

    /** A generation of an undeclared host: OkHttp coalesces connections of one pool over HTTP/2, as without Byroad. */
    static Generation ofUndeclared(EndpointAddresses addresses, Object pool, TimeSource time) {
        return new Generation(addresses, pool, time);
    }

    /** Whether a connection of this generation may be used for requests of that one. */
    boolean isSharedWith(Generation other) {
        return this == other || pool == other.pool && !retired && !other.retired;
    }

    /** The same for all generations that share connections. */
    int poolHash() {
        return System.identityHashCode(pool);
    }

    Generation next() {
        return of(addresses, time);
    }

    EndpointAddresses addresses() {
        return addresses;
    }

    /**
     * Reports that a TLS handshake succeeded on that connection; not after the generation was retired, because the
     * connection may be of another network.
     */
    void proven(Connection connection, InetAddress peer) {
        if (!retired) {
            addresses.proven(connection.route().address().url().host(), peer);
        }
    }

    /** Whether the connection's address is no longer an address of the endpoint. */
    boolean isGone(Connection connection) {
        InetAddress peer = connection.route().socketAddress().getAddress();
        return peer != null && addresses.isGone(peer);
    }

    /**
     * Reports that an attempt got that connection, and its connect time if it is new; returns whether it was used
     * before.
     */
    synchronized boolean acquired(Connection connection, long connectNanos) {
        Use use = uses.get(connection);
        boolean isReused = use != null;
        if (use == null) {
            use = new Use(time.nanoTime(), connectNanos);
            uses.put(connection, use);
        }
        use.calls++;
        return isReused;
    }

    /** The connect time of that connection, including the TLS handshake. */
    synchronized long connectNanos(Connection connection) {
        Use use = uses.get(connection);
        return use == null ? 0 : use.connectNanos;
    }

    void released(Connection connection) {
        boolean lastOut;
        synchronized (this) {
            Use use = uses.get(connection);
            if (use == null) {
                return;
            }
            use.calls--;
            lastOut = retired && use.calls == 0;
        }
        if (lastOut) {
            close(connection);
        }
    }

    /** Reports response headers on that connection. */
    synchronized void answered(Connection connection) {
        answered = true;
        Use use = uses.get(connection);
        if (use != null) {
            use.answeredAt = time.nanoTime();
        }
    }

    /**
     * Whether that connection is probably dead, because it has been silent since then: this generation has answered a
     * request before, so that a slow server does not cause a storm of handshakes, and there was no answer on that
     * connection since then.
     */
    synchronized boolean isSilent(Connection connection, long since) {
        Use use = uses.get(connection);
        return answered && (use == null || use.answeredAt - since <= 0);
    }

    void retire() {
        List<Connection> idle = new ArrayList<>();
        synchronized (this) {
            retired = true;
            uses.forEach((connection, use) -> {
                if (use.calls == 0) {
                    idle.add(connection);
                }
            });
        }
        idle.forEach(Generation::close);
    }

    private static void close(Connection connection) {
        try {
            connection.socket().close();
        } catch (IOException alreadyGone) {
            // the socket is closed anyway
        }
    }

    private static final class Use {
        final long connectNanos;
        int calls;
        long answeredAt; // or when it was acquired

        Use(long now, long connectNanos) {
            this.connectNanos = connectNanos;
            this.answeredAt = now;
        }
    }
}
