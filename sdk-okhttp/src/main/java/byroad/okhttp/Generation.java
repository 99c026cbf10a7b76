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
 * The connections of one endpoint, up to the moment when they are left behind: because one is a black hole, the names point
 * elsewhere, or the network changed. OkHttp pools by the {@code Dns} that connections were looked up with, and
 * {@link AttemptDns} are equal within a generation; so edge and origin of one host stay apart, and a new generation
 * connects anew. The last call out of a retired generation closes its socket.
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

    /** The connections of an endpoint that shares them with no other. */
    static Generation of(EndpointAddresses addresses, TimeSource time) {
        return new Generation(addresses, new Object(), time);
    }

    /** The connections of a host that nobody declared: OkHttp coalesces those of one pool over HTTP/2, as without Byroad. */
    static Generation ofUndeclared(EndpointAddresses addresses, Object pool, TimeSource time) {
        return new Generation(addresses, pool, time);
    }

    /** Whether a connection of this generation may carry requests of that one. */
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

    /** Whether the connection's address is not one of the endpoint any more. */
    boolean isGone(Connection connection) {
        InetAddress peer = connection.route().socketAddress().getAddress();
        return peer != null && addresses.isGone(peer);
    }

    /** An attempt got that connection, which took that long to connect if it is new; returns whether it was used before. */
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

    /** How long that connection took to connect, its handshake included. */
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

    /** Headers came on that connection. */
    synchronized void answered(Connection connection) {
        answered = true;
        Use use = uses.get(connection);
        if (use != null) {
            use.answeredAt = time.nanoTime();
        }
    }

    /**
     * Whether the silence of that connection since then means anything: a request was answered in this generation before, for a
     * slow server must not cause a storm of handshakes, and none on that connection meanwhile, which were no black hole.
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
            // closed is closed
        }
    }

    private static final class Use {
        final long connectNanos;
        int calls;
        long answeredAt; // or acquired

        Use(long now, long connectNanos) {
            this.connectNanos = connectNanos;
            this.answeredAt = now;
        }
    }
}
