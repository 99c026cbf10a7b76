package byroad.samples.drill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A connector whose connections can be made to hang, as they do when packets are lost on the way: TCP accepts, and after
 * that nothing is read or written, so that a handshake, a ping and a request wait alike.
 */
final class FreezableConnector extends ServerConnector {
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean frozen;

    FreezableConnector(Server server, ConnectionFactory... factories) {
        super(server, 1, 1, factories);
    }

    void freeze() {
        frozen = true;
    }

    /**
     * Lets the connections from before flow again, with what has come in meanwhile. Those that were opened in the freeze
     * end: their clients are gone, and a thousand handshakes at once would be an outage of another kind.
     */
    void thaw() {
        frozen = false;
        open.forEach(Connection::thawed);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        Connection connection = new Connection(channel, selector, key);
        connection.setIdleTimeout(getIdleTimeout());
        open.add(connection);
        return connection;
    }

    /** A connection that waits, without asking the selector, as long as the connector is frozen. */
    private final class Connection extends SocketChannelEndPoint {
        private final boolean openedInFreeze = frozen;
        // Guarded by this: what is to be done when it thaws.
        private boolean wantsToRead;
        private boolean wantsToWrite;

        Connection(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
            super(channel, selector, key, FreezableConnector.this.getScheduler());
        }

        @Override
        public int fill(ByteBuffer buffer) throws IOException {
            return frozen ? 0 : super.fill(buffer);
        }

        @Override
        public boolean flush(ByteBuffer... buffers) throws IOException {
            return !frozen && super.flush(buffers);
        }

        @Override
        protected void needsFillInterest() {
            boolean now;
            synchronized (this) {
                wantsToRead = frozen;
                now = !wantsToRead;
            }
            if (now) {
                super.needsFillInterest();
            }
        }

        @Override
        protected void onIncompleteFlush() {
            boolean now;
            synchronized (this) {
                wantsToWrite = frozen;
                now = !wantsToWrite;
            }
            if (now) {
                super.onIncompleteFlush();
            }
        }

        private void thawed() {
            if (openedInFreeze) {
                close();
                return;
            }
            boolean read;
            boolean write;
            synchronized (this) {
                read = wantsToRead;
                write = wantsToWrite;
                wantsToRead = false;
                wantsToWrite = false;
            }
            if (read) {
                super.needsFillInterest();
            }
            if (write) {
                super.onIncompleteFlush();
            }
        }

        @Override
        public void onClose(Throwable failure) {
            open.remove(this);
            super.onClose(failure);
        }
    }
}
