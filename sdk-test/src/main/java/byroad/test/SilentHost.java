package byroad.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A host that accepts TCP connections and never answers, like a server that hangs.
 *
 * <pre>{@code
 * try (SilentHost host = SilentHost.start("127.0.0.4")) {
 *     // a TLS handshake with host.address() ends only with the timeout of the client
 * }
 * }</pre>
 *
 * <p>Up to 1,024 connections are held; then the oldest is closed for each new one. Safe for use by many threads; the
 * one thread of its own is a daemon.
 */
public final class SilentHost implements AutoCloseable {
    private static final int MAX_HELD = 1_024;

    private final ServerSocket listener;
    private final Thread acceptor;
    private final AtomicLong connections = new AtomicLong();

    private SilentHost(ServerSocket listener) {
        this.listener = listener;
        this.acceptor = Threads.daemon("byroad-silent " + listener.getLocalSocketAddress(), this::accept);
        acceptor.start();
    }

    /**
     * Starts a host on a free port of this address.
     *
     * @throws IllegalArgumentException if it is not a loopback address
     * @throws UncheckedIOException if the server cannot listen there
     */
    public static SilentHost start(String ip) {
        return start(ip, 0);
    }

    /**
     * Starts a host on this port, zero for a free one.
     *
     * @throws IllegalArgumentException if it is not a loopback address, or the port is not 0 to 65535
     * @throws UncheckedIOException if the server cannot listen there
     */
    public static SilentHost start(String ip, int port) {
        InetAddress address = Literals.loopback("ip", ip);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        try {
            return new SilentHost(new ServerSocket(port, MAX_HELD, address));
        } catch (IOException e) {
            throw new UncheckedIOException(ip + ": cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    /** Returns where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** Returns how many connections were made to it. */
    public long connections() {
        return connections.get();
    }

    private void accept() {
        Deque<Socket> held = new ArrayDeque<>();
        while (!listener.isClosed()) {
            try {
                held.addLast(listener.accept());
                connections.incrementAndGet();
            } catch (IOException e) {
                continue; // close(), or a client that went away: the condition of the loop decides
            }
            if (held.size() > MAX_HELD) {
                Threads.close(held.removeFirst());
            }
        }
        held.forEach(Threads::close);
    }

    /** Frees the port and closes all connections. Calling it again does nothing. */
    @Override
    public void close() {
        Threads.close(listener);
        Threads.join(acceptor);
    }
}
