package byroad.okhttp;

import java.io.Closeable;
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
import java.util.function.Function;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** An HTTP/1.1 server over TLS that answers in text of its own choice, and ends connections when it likes. */
final class LineServer implements Closeable {
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    final List<String> requests = new CopyOnWriteArrayList<>(); // "POST /pay"
    final AtomicInteger accepted = new AtomicInteger();

    private final SSLSocketFactory secured;
    private final Function<Seen, Reply> replies;
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /**
     * A request whose head was read.
     *
     * @param line such as {@code POST /pay}
     * @param number which one of its connection, from 1
     */
    record Seen(String line, int number, String head) {}

    /** What becomes of the connection after the answer. */
    enum Then {
        STAY,
        CLOSE,
        RESET
    }

    /**
     * What to do with a request.
     *
     * @param text goes out as it is
     * @param readsBody whether the body is read before that
     */
    record Reply(String text, boolean readsBody, Then then) {
        static Reply answer(String text) {
            return new Reply(text, true, Then.STAY);
        }

        static Reply answerAndClose(String text) {
            return new Reply(text, true, Then.CLOSE);
        }

        static Reply close() {
            return new Reply("", true, Then.CLOSE);
        }

        static Reply reset() {
            return new Reply("", false, Then.RESET);
        }

        Reply withoutReadingTheBody() {
            return new Reply(text, false, then);
        }
    }

    private LineServer(SSLSocketFactory secured, String ip, int port, Function<Seen, Reply> replies)
            throws IOException {
        this.secured = secured;
        this.replies = replies;
        this.listener = new ServerSocket(port, 50, InetAddress.getByName(ip));
        daemon(this::accept);
    }

    /** In place of the edge, counted. */
    static LineServer of(PairedDay day, Function<Seen, Reply> replies) throws IOException {
        TestServers servers = day.servers;
        String ip = "127.0.0.6";
        LineServer server = servers.closing(new LineServer(
                servers.ca.serverSocketFactory(TestServers.HOST, TestServers.OTHER), ip, servers.port(), replies));
        servers.name(TestServers.HOST, ip);
        day.counted(server.requests::size);
        return server;
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "line server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                accepted.incrementAndGet();
                sockets.add(socket);
                daemon(() -> serve(socket));
            } catch (IOException e) {
                // close(): the condition of the loop tells
            }
        }
    }

    private void serve(Socket plain) {
        try {
            SSLSocket socket = (SSLSocket) secured.createSocket(plain, null, plain.getPort(), true);
            socket.setUseClientMode(false);
            InputStream in = socket.getInputStream();
            for (int number = 1; ; number++) {
                String head = head(in);
                String[] words = head.split(" ", 3);
                Seen seen = new Seen(words[0] + " " + words[1], number, head);
                requests.add(seen.line());
                Reply reply = replies.apply(seen);
                if (reply.readsBody()) {
                    in.readNBytes(length(head));
                }
                socket.getOutputStream().write(reply.text().getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                if (reply.then() == Then.RESET) {
                    plain.setSoLinger(true, 0);
                }
                if (reply.then() != Then.STAY) {
                    plain.close();
                    return;
                }
            }
        } catch (IOException over) {
            // the client left
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("over");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static int length(String head) {
        for (String line : head.lines().toList()) {
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
