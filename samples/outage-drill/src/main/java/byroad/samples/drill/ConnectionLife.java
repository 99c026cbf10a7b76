package byroad.samples.drill;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.Callback;

/**
 * The limit on the age of HTTP/2 connections. A connection that is too old gets, with its next request, the GOAWAY that
 * warns (RFC 9113, section 6.8: no stream is refused yet), and the client leaves it when it is done. Nothing more
 * follows: {@code Session.shutdown()} names a last stream as soon as none is open, and a request on its way at that
 * moment is refused (measured on a busy machine). OkHttp repeats those in silence, a client that owns its retries may
 * not. HTTP/1.1 connections end with {@code Connection: close}.
 */
final class ConnectionLife implements Connection.Listener {
    private final long lifeNanos;
    private final Map<Connection, Long> openedNanos = new ConcurrentHashMap<>();

    ConnectionLife(Duration life) {
        this.lifeNanos = life.toNanos();
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HTTP2Connection) {
            openedNanos.put(connection, System.nanoTime());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        openedNanos.remove(connection);
    }

    /** Asks the client to leave the connection of the request in hand, if it is too old. */
    void requestArrived(Connection connection) {
        Long opened = openedNanos.get(connection);
        if (opened != null && System.nanoTime() - opened > lifeNanos) {
            end(connection);
        }
    }

    /** Asks the clients to leave all connections. */
    void endAll() {
        openedNanos.keySet().forEach(this::end);
    }

    private void end(Connection connection) {
        boolean isFirst = openedNanos.remove(connection) != null;
        if (isFirst && connection instanceof HTTP2Connection http2) {
            http2.getSession().frames(null, List.of(GoAwayFrame.GRACEFUL), Callback.NOOP);
        }
    }
}
