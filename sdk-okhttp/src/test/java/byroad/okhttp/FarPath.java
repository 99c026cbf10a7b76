package byroad.okhttp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * A long network path: each byte takes a while, both ways. One piece in a hundred is lost and takes a retransmission
 * longer, with everything behind it. A middlebox on the path can forget idle connections: they stay open, and nothing
 * passes any more.
 */
final class FarPath implements AutoCloseable {
    /** The shortest retransmission timeout of Linux. */
    private static final Duration RETRANSMISSION = Duration.ofMillis(200);

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Duration eachWay;
    private final double lost;
    private final Random random = new Random(1);
    private final List<Path> paths = new CopyOnWriteArrayList<>();
    private volatile Duration forgetsAfter = Duration.ofDays(1);

    FarPath(String ip, int port, String targetIp, Duration eachWay, double lost) throws IOException {
        this.listener = new ServerSocket(port, 50, InetAddress.getByName(ip));
        this.target = new InetSocketAddress(targetIp, port);
        this.eachWay = eachWay;
        this.lost = lost;
        daemon(this::accept);
    }

    /** A middlebox forgets a connection on which nothing passed for that long. */
    FarPath forgetsAfter(Duration idle) {
        forgetsAfter = idle;
        return this;
    }

    /** Nothing passes on the present connections any more. */
    void freeze() {
        paths.forEach(path -> path.isForgotten = true);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Path path = new Path(listener.accept(), new Socket(target.getAddress(), target.getPort()));
                paths.add(path);
                path.pass(path.client, path.server);
                path.pass(path.server, path.client);
            } catch (IOException e) {
                // close(): the condition of the loop tells
            }
        }
    }

    private synchronized boolean isLost() {
        return random.nextDouble() < lost;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Path path : paths) {
            path.client.close();
            path.server.close();
        }
    }

    /** Bytes under way; none is the end of the stream. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Piece(byte[] bytes, long at) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(at, ((Piece) other).at);
        }
    }

    private final class Path {
        final Socket client;
        final Socket server;
        volatile boolean isForgotten;
        volatile long passedAt = System.nanoTime();

        Path(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void pass(Socket from, Socket to) {
            DelayQueue<Piece> underWay = new DelayQueue<>();
            daemon(() -> send(from, underWay));
            daemon(() -> deliver(to, underWay));
        }

        private void send(Socket from, BlockingQueue<Piece> underWay) {
            byte[] buffer = new byte[16 * 1024];
            long latest = System.nanoTime();
            try {
                InputStream in = from.getInputStream();
                int n = 0;
                while (n >= 0) {
                    n = in.read(buffer);
                    long now = System.nanoTime();
                    isForgotten |= now - passedAt > forgetsAfter.toNanos();
                    passedAt = now;
                    long takes = eachWay.toNanos() + (isLost() ? RETRANSMISSION.toNanos() : 0);
                    latest = Math.max(latest + 1, now + takes); // in order
                    byte[] bytes = n < 0 ? new byte[0] : java.util.Arrays.copyOf(buffer, n);
                    underWay.add(new Piece(bytes, latest));
                }
            } catch (IOException broken) {
                underWay.add(new Piece(new byte[0], latest + 1));
            }
        }

        private void deliver(Socket to, BlockingQueue<Piece> underWay) {
            try {
                OutputStream out = to.getOutputStream();
                for (Piece piece = underWay.take(); piece.bytes().length > 0; piece = underWay.take()) {
                    if (!isForgotten) {
                        out.write(piece.bytes());
                    }
                }
                if (!isForgotten) {
                    to.close();
                }
            } catch (IOException | InterruptedException over) {
                // the other direction ends it
            }
        }
    }
}
