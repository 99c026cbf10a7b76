package byroad.samples.drill;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;

/**
 * The limit on the age of HTTP/2 connections. A connection that is too old is told to go away while a request is in
 * flight on it: the client hears of it before the server names the last stream it will serve, so that no request is
 * lost. Idle connections are left to the idle timeout, HTTP/1.1 connections to {@code Connection: close}.
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

    /** Ends the connection of the request in hand, gracefully, if it is too old. */
    void requestArrived(Connection connection) {
        Long opened = openedNanos.get(connection);
        if (opened != null && System.nanoTime() - opened > lifeNanos) {
            end(connection);
        }
    }

    /** Ends all connections gracefully. */
    void endAll() {
        openedNanos.keySet().forEach(ConnectionLife::end);
    }

    private static void end(Connection connection) {
        if (connection instanceof HTTP2Connection http2) {
            http2.getSession().shutdown(); // does nothing the second time
        }
    }
}
