package byroad.test;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.xbill.DNS.Message;

/**
 * DNS over TCP (RFC 7766) or TLS (RFC 7858): a thread that accepts, and one for each connection. A connection above the
 * limit is closed.
 */
final class TcpService implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 256;
    private static final int IDLE_MILLIS = 120_000;

    private final String transport;
    private final ServerSocket listener;
    private final Layer layer;
    private final Responder responder;
    private final AtomicLong connections = new AtomicLong();
    private final Thread acceptor;
    private final ThreadPoolExecutor workers;
    private final Set<Socket> open =
            ConcurrentHashMap.newKeySet(); // plain sockets: closing a TLS socket can wait for its peer

    TcpService(String transport, ServerSocket listener, Layer layer, Responder responder) {
        this.transport = transport;
        this.listener = listener;
        this.layer = layer;
        this.responder = responder;
        String name = "byroad-dns-" + transport + " " + listener.getLocalSocketAddress();
        this.acceptor = Threads.daemon(name, this::accept);
        this.workers = new ThreadPoolExecutor(
                0, MAX_CONNECTIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> Threads.daemon(name, work));
    }

    void start() {
        acceptor.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                open.add(socket);
                handOver(socket);
            } catch (IOException e) {
                // the client went away, or close(): the condition of the loop decides
            }
        }
    }

    private void handOver(Socket socket) {
        try {
            workers.execute(() -> serve(socket));
        } catch (RejectedExecutionException e) {
            forget(socket);
        }
    }

    private void serve(Socket plain) {
        try {
            plain.setSoTimeout(IDLE_MILLIS);
            plain.setTcpNoDelay(true);
            Socket socket = layer.over(plain);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            Optional<byte[]> held = Optional.empty();
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                Optional<byte[]> answer = answer(Responder.parse(query));
                if (held.isEmpty() && responder.isOutOfOrder()) {
                    held = answer;
                    continue;
                }
                send(answer, out);
                send(held, out);
                held = Optional.empty();
            }
        } catch (IOException e) {
            // the client is done, idle or sent a malformed message, or the server closes: the connection is closed in
            // each case
        } finally {
            forget(plain);
        }
    }

    private Optional<byte[]> answer(Message query) {
        return responder
                .whole(transport, query)
                .map(reply -> reply.message(query).toWire(Responder.MAX_MESSAGE));
    }

    private static void send(Optional<byte[]> answer, DataOutputStream out) throws IOException {
        if (answer.isEmpty()) {
            return;
        }
        byte[] wire = answer.get();
        // length and message in one write (RFC 7766 section 8)
        out.write(ByteBuffer.allocate(2 + wire.length)
                .putShort((short) wire.length)
                .put(wire)
                .array());
        out.flush();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    long connections() {
        return connections.get();
    }

    long openConnections() {
        return open.size();
    }

    void closeConnections() {
        List.copyOf(open).forEach(this::forget); // not those that clients make meanwhile
    }

    private void forget(Socket socket) {
        open.remove(socket);
        Threads.close(socket);
    }

    @Override
    public void close() {
        Threads.close(listener);
        Threads.join(acceptor);
        closeConnections();
        workers.shutdown();
        Threads.join(workers);
    }

    /** The layer between TCP and DNS: none, or TLS. */
    interface Layer {
        Socket over(Socket plain) throws IOException;
    }
}
