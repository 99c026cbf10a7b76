package byroad.benchmarks.days;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP/1.1 server on loopback that answers in text of its own choice, and ends connections when it likes. */
final class LineServer implements AutoCloseable {
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final Replies replies;
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();

    /** What goes out for a request. */
    interface Replies {
        /**
         * The text of the answer, empty for none; a connection ends after an answer that ends with {@link #THEN_CLOSED}, and
         * after none.
         *
         * @param ofServer which request of the server, from 1
         * @param ofConnection which request of its connection, from 1
         */
        String to(int ofServer, int ofConnection) throws InterruptedException;
    }

    static final String THEN_CLOSED = "\0";

    LineServer(Replies replies) throws IOException {
        this.replies = replies;
        this.listener = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
        daemon(this::accept);
    }

    String url() {
        return "http://site.test:" + listener.getLocalPort() + "/";
    }

    static void daemon(Runnable work) {
        Thread thread = new Thread(work, "line server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                daemon(() -> serve(socket));
            } catch (IOException e) {
                // close(): the condition of the loop tells
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int number = 1; ; number++) {
                String head = head(in);
                in.readNBytes(length(head));
                String reply = replies.to(requests.incrementAndGet(), number);
                boolean isLast = reply.isEmpty() || reply.endsWith(THEN_CLOSED);
                socket.getOutputStream().write(reply.replace(THEN_CLOSED, "").getBytes(StandardCharsets.ISO_8859_1));
                if (isLast) {
                    return;
                }
            }
        } catch (IOException | InterruptedException over) {
            // the client left
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("over");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static int length(String head) {
        for (String line : head.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(15).trim());
            }
        }
        return 0;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
