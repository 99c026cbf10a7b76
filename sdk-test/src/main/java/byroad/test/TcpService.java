package byroad.test;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Message;

/** DNS over TCP (RFC 7766): a thread that accepts, and one for each connection. A connection too many is closed. */
final class TcpService implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 256;
    private static final int IDLE_MILLIS = 120_000;

    private final ServerSocket listener;
    private final Responder responder;
    private final Thread acceptor;
    private final ThreadPoolExecutor workers;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    TcpService(ServerSocket listener, Responder responder) {
        this.listener = listener;
        this.responder = responder;
        String name = "byroad-dns-tcp " + listener.getLocalSocketAddress();
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
                open.add(socket);
                handOver(socket);
            } catch (IOException e) {
                // an asker that went away, or close(): the loop's condition tells
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

    private void serve(Socket socket) {
        try {
            socket.setSoTimeout(IDLE_MILLIS);
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                answer(Responder.parse(query), out);
            }
        } catch (IOException e) {
            // the asker is done, idle or malformed, or the server closes: in each case so does this connection
        } finally {
            forget(socket);
        }
    }

    private void answer(Message query, DataOutputStream out) throws IOException {
        Optional<Reply> reply = responder.whole("tcp", query);
        if (reply.isEmpty()) {
            return;
        }
        byte[] wire = reply.get().message(query).toWire(Responder.MAX_MESSAGE);
        // length and message in one write (RFC 7766 section 8)
        out.write(ByteBuffer.allocate(2 + wire.length)
                .putShort((short) wire.length)
                .put(wire)
                .array());
        out.flush();
    }

    private void forget(Socket socket) {
        open.remove(socket);
        Threads.close(socket);
    }

    @Override
    public void close() {
        Threads.close(listener);
        Threads.join(acceptor);
        open.forEach(this::forget);
        workers.shutdown();
        Threads.join(workers);
    }
}
