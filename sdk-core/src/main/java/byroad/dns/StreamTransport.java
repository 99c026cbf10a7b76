package byroad.dns;

import byroad.ClientRuntime;
import byroad.dns.StreamConnection.Pending;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * DNS over one persistent connection: TCP (RFC 7766) or TLS (RFC 7858). Queries are pipelined; answers may come in any
 * order.
 *
 * <p>A query that is unanswered when the connection breaks is sent once more over a new connection, because servers may
 * close idle connections at any time.
 */
final class StreamTransport implements Transport {
    private final StreamServer server;
    private final ClientRuntime runtime;

    // Guarded by this.
    private @Nullable StreamConnection current;
    private boolean isClosed;

    StreamTransport(StreamServer server, ClientRuntime runtime) {
        this.server = server;
        this.runtime = runtime;
    }

    @Override
    public List<CompletableFuture<byte[]>> exchange(List<byte[]> queries, Duration within) {
        List<Pending> all = queries.stream().map(Pending::new).collect(Collectors.toList());
        all.forEach(this::send);
        return all.stream().map(pending -> pending.response).collect(Collectors.toList());
    }

    private void send(Pending pending) {
        StreamConnection connection = connection();
        while (connection != null && !connection.take(pending)) {
            connection = connection();
        }
        if (connection == null) {
            pending.response.completeExceptionally(new IOException("closed"));
        }
    }

    /** The connection in use, or a new one; null when closed. */
    private synchronized @Nullable StreamConnection connection() {
        if (isClosed) {
            return null;
        }
        if (current == null || current.isOver()) {
            current = new StreamConnection(server, runtime, this::again);
        }
        return current;
    }

    private void again(Pending pending, IOException reason) {
        if (pending.isSecondTry) {
            pending.response.completeExceptionally(reason);
        } else {
            pending.isSecondTry = true;
            send(pending);
        }
    }

    @Override
    public void onNetworkChanged() {
        end("the network changed");
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        end("closed");
    }

    private void end(String why) {
        StreamConnection last;
        synchronized (this) {
            last = current;
        }
        if (last != null) {
            last.end(new IOException(why));
        }
    }
}
