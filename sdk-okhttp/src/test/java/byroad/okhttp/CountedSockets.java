package byroad.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/** Makes the sockets of a client and counts those that connected, and those of them that are open. */
final class CountedSockets extends SocketFactory {
    final AtomicInteger connected = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();

    @Override
    public Socket createSocket() {
        return new Counted();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    private final class Counted extends Socket {
        private final AtomicBoolean isOpen = new AtomicBoolean();

        @Override
        public void connect(SocketAddress to, int timeout) throws IOException {
            super.connect(to, timeout);
            isOpen.set(true);
            connected.incrementAndGet();
            open.incrementAndGet();
        }

        @Override
        public synchronized void close() throws IOException {
            if (isOpen.compareAndSet(true, false)) {
                open.decrementAndGet();
            }
            super.close();
        }
    }
}
