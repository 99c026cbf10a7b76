package byroad.okhttp;

import byroad.TimeSource;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import okhttp3.Connection;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one endpoint, up to the moment when they are left behind: because one is a black hole, the names point
 * elsewhere, or the network changed. OkHttp pools by the {@code Dns} that connections were looked up with, and
 * {@link AttemptDns} are equal within a generation; so edge and origin of one host stay apart, and a new generation
 * connects anew. The last call out of a retired generation closes its socket.
 */
final class Generation {
    private final EndpointAddresses addresses;
    private final TimeSource time;

    // Guarded by this.
    private final Map<Connection, Use> uses = new WeakHashMap<>();
    private boolean answered;
    private boolean retired;

    Generation(EndpointAddresses addresses, TimeSource time) {
        this.addresses = addresses;
        this.time = time;
    }

    /** Whose that connection is; null if not of ours. */
    static @Nullable Generation of(Connection connection) {
        return connection.route().address().dns() instanceof AttemptDns dns ? dns.generation() : null;
    }

    Generation next() {
        return new Generation(addresses, time);
    }

    EndpointAddresses addresses() {
        return addresses;
    }

    /** Whether the connection's address is not one of the endpoint any more. */
    boolean isGone(Connection connection) {
        InetAddress peer = connection.route().socketAddress().getAddress();
        return peer != null && addresses.isGone(peer);
    }

    /** A call got that connection; returns for how long it had been idle. */
    synchronized Duration acquired(Connection connection) {
        Use use = uses.computeIfAbsent(connection, fresh -> new Use(time.nanoTime()));
        Duration idle = use.calls == 0 ? Duration.ofNanos(time.nanoTime() - use.idleSince) : Duration.ZERO;
        use.calls++;
        return idle;
    }

    void released(Connection connection) {
        boolean lastOut;
        synchronized (this) {
            Use use = uses.get(connection);
            if (use == null) {
                return;
            }
            use.calls--;
            use.idleSince = time.nanoTime();
            lastOut = retired && use.calls == 0;
        }
        if (lastOut) {
            Sockets.close(connection);
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
        idle.forEach(Sockets::close);
    }

    private static final class Use {
        int calls;
        long idleSince;
        long answeredAt; // or acquired

        Use(long now) {
            this.idleSince = now;
            this.answeredAt = now;
        }
    }
}
