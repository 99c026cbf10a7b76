package byroad.dns;

import byroad.ClientRuntime;
import byroad.TimeSource.Scheduled;
import byroad.UserCode;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a DNS server, from the first query to its end.
 *
 * <p>One task on {@link ClientRuntime#blocking} connects and writes while there are queries to send; another reads
 * while queries are unanswered. An idle connection has neither task, and is closed after 10 s. A connection that has
 * been silent for 1 s with unanswered queries may be dead, and takes no more queries.
 */
final class StreamConnection {
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(1);

    /** More queries wait in line until some of these are answered. */
    private static final int MOST_UNANSWERED = 200;

    private final StreamServer server;
    private final ClientRuntime runtime;
    private final BiConsumer<Pending, IOException> again;

    // Guarded by this.
    private final Queue<Pending> unsent = new ArrayDeque<>();
    private final Map<Integer, Pending> unanswered = new HashMap<>(); // by the id on this connection
    private int nextId;
    private long silentSince; // while queries are unanswered
    private boolean isWriting;
    private boolean isReading;
    private boolean isOver;
    private @Nullable Socket plain; // for close(), which never blocks, unlike that of a TLS socket
    private @Nullable Socket socket; // once connected
    private @Nullable Scheduled idleTimer;

    /** {@code again} receives the queries that are unanswered when the connection breaks. */
    StreamConnection(StreamServer server, ClientRuntime runtime, BiConsumer<Pending, IOException> again) {
        this.server = server;
        this.runtime = runtime;
        this.again = again;
    }

    synchronized boolean isOver() {
        return isOver;
    }

    /** Sends the query; returns false if the connection is over. */
    boolean take(Pending pending) {
        boolean isFrozen;
        boolean startWriting = false;
        synchronized (this) {
            if (isOver) {
                return false;
            }
            isFrozen = isFrozen();
            if (!isFrozen) {
                unsent.add(pending);
                startWriting = !isWriting;
                isWriting = true;
            }
        }
        if (isFrozen) {
            end(new IOException(server + ": silent for more than " + SILENCE.toMillis() + "ms"));
            return false;
        }
        restartIdleTimer();
        if (startWriting) {
            run(this::write);
        }
        return true;
    }

    private boolean isFrozen() {
        return !unanswered.isEmpty() && runtime.time().nanoTime() - silentSince > SILENCE.toNanos();
    }

    private void restartIdleTimer() {
        Scheduled timer = runtime.time().schedule(IDLE, () -> end(new IOException(server + ": idle")));
        Scheduled before;
        synchronized (this) {
            before = isOver ? timer : idleTimer;
            idleTimer = timer;
        }
        if (before != null) {
            before.cancel();
        }
    }

    private void run(Runnable task) {
        try {
            runtime.blocking().execute(task);
        } catch (RejectedExecutionException full) {
            end(new IOException("no free thread for the connection"));
        }
    }

    /** Connects if necessary and writes the queries; the sockets may come from a factory of the user. */
    private void write() {
        if (!UserCode.call(runtime, "a socket to " + server, this::connectAndWrite, false)) {
            end(new IOException(server + ": its socket threw an exception"));
        }
    }

    private boolean connectAndWrite() {
        try {
            Socket connected = connected();
            OutputStream out = connected.getOutputStream();
            for (byte[] next = nextToSend(); next != null; next = nextToSend()) {
                // Length and message in one write: RFC 7766 section 8.
                out.write(ByteBuffer.allocate(2 + next.length)
                        .putShort((short) next.length)
                        .put(next)
                        .array());
                if (startsReading()) {
                    run(() -> read(connected));
                }
            }
        } catch (IOException e) {
            end(e);
        }
        return true;
    }

    private Socket connected() throws IOException {
        synchronized (this) {
            if (socket != null) {
                return socket;
            }
        }
        Socket made = server.connect(this::hold);
        synchronized (this) {
            socket = made;
        }
        return made;
    }

    private void hold(Socket trying) {
        boolean isTooLate;
        synchronized (this) {
            plain = trying;
            isTooLate = isOver;
        }
        if (isTooLate) {
            close(trying);
        }
    }

    private synchronized byte @Nullable [] nextToSend() {
        if (unanswered.size() >= MOST_UNANSWERED) {
            isWriting = false;
            return null;
        }
        Pending next = unsent.poll();
        while (next != null && next.response.isDone()) {
            next = unsent.poll(); // cancelled
        }
        if (next == null) {
            isWriting = false;
            return null;
        }
        while (unanswered.containsKey(nextId)) {
            nextId = nextId + 1 & 0xffff;
        }
        byte[] wire = next.withId(nextId);
        if (unanswered.isEmpty()) {
            silentSince = runtime.time().nanoTime();
        }
        unanswered.put(nextId, next);
        nextId = nextId + 1 & 0xffff;
        return wire;
    }

    private synchronized boolean startsReading() {
        boolean starts = !isReading && !unanswered.isEmpty();
        isReading |= starts;
        return starts;
    }

    private void read(Socket connected) {
        if (!UserCode.call(runtime, "a socket to " + server, () -> readAll(connected), false)) {
            end(new IOException(server + ": its socket threw an exception"));
        }
    }

    private boolean readAll(Socket connected) {
        try {
            DataInputStream in = new DataInputStream(connected.getInputStream());
            while (expectsMore()) {
                byte[] message = new byte[in.readUnsignedShort()];
                in.readFully(message);
                heard(message);
            }
        } catch (IOException e) {
            String message = e.getMessage();
            end(new IOException(server + ": " + (message == null ? "closed by the server" : message), e));
        }
        return true;
    }

    private synchronized boolean expectsMore() {
        isReading = !unanswered.isEmpty();
        return isReading;
    }

    private void heard(byte[] message) {
        int id = message.length < 2 ? -1 : ByteBuffer.wrap(message).getShort() & 0xffff;
        Pending asked;
        boolean startWriting;
        synchronized (this) {
            asked = unanswered.get(id);
            if (asked == null || !WireFormat.isResponseTo(asked.withId(id), message)) {
                return; // an answer without a question
            }
            unanswered.remove(id);
            silentSince = runtime.time().nanoTime();
            startWriting = !unsent.isEmpty() && !isWriting;
            isWriting |= startWriting;
        }
        if (startWriting) {
            run(this::write);
        }
        asked.response.complete(message);
    }

    /** Closes the connection; the waiting queries are sent again if it had been established. */
    void end(IOException reason) {
        List<Pending> left;
        boolean wasConnected;
        synchronized (this) {
            if (isOver) {
                return;
            }
            isOver = true;
            wasConnected = socket != null;
            left = new ArrayList<>(unsent);
            left.addAll(unanswered.values());
            unsent.clear();
            unanswered.clear();
        }
        letGo();
        for (Pending pending : left) {
            if (wasConnected && !pending.response.isDone()) {
                again.accept(pending, reason);
            } else {
                pending.response.completeExceptionally(reason);
            }
        }
    }

    private void letGo() {
        Socket open;
        Scheduled timer;
        synchronized (this) {
            open = plain;
            timer = idleTimer;
        }
        if (open != null) {
            close(open);
        }
        if (timer != null) {
            timer.cancel();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException closedAnyway) {
            // nothing left to do
        }
    }

    /** A query that waits for its response; on one connection at a time. */
    static final class Pending {
        final CompletableFuture<byte[]> response = new CompletableFuture<>();
        volatile boolean isSecondTry;
        private final byte[] query;

        Pending(byte[] query) {
            this.query = query;
        }

        /** The query under the id that it has on the connection. */
        byte[] withId(int id) {
            byte[] copy = Arrays.copyOf(query, query.length);
            copy[0] = (byte) (id >> 8);
            copy[1] = (byte) id;
            return copy;
        }
    }
}
