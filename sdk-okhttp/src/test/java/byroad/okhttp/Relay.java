package byroad.okhttp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A network path that can die: passes bytes both ways until it is frozen. A frozen connection stays open and passes
 * nothing more; connections made later pass.
 */
final class Relay implements AutoCloseable {
    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final List<Path> paths = new CopyOnWriteArrayList<>();
    private final Set<Path> open = ConcurrentHashMap.newKeySet();
    private volatile Runnable onConnect = () -> {};

    Relay(String ip, int port, String targetIp) throws IOException {
        this.listener = new ServerSocket(port, 50, InetAddress.getByName(ip));
        this.target = new InetSocketAddress(targetIp, port);
        daemon(this::accept);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                onConnect.run();
                Path path = new Path(client, new Socket(target.getAddress(), target.getPort()));
                paths.add(path);
                open.add(path);
                daemon(() -> path.pass(path.client, path.server));
                daemon(() -> path.pass(path.server, path.client));
            } catch (IOException e) {
                // close(): the condition of the loop tells
            }
        }
    }

    /** Before the first byte of each connection passes. */
    void onConnect(Runnable then) {
        onConnect = then;
    }

    void freeze() {
        paths.forEach(path -> path.frozen = true);
    }

    /** Ends all connections, as a server does that is restarted; when this returns, their ends have been sent. */
    void cut() throws IOException {
        for (Path path : paths) {
            path.client.close();
        }
    }

    /** How many connections were made. */
    int made() {
        return paths.size();
    }

    /** How many connections the client has not closed. */
    int open() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Path path : paths) {
            path.client.close();
            path.server.close();
        }
    }

    private final class Path {
        final Socket client;
        final Socket server;
        volatile boolean frozen;

        Path(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        /** Reads on while frozen, so that the client's close is seen. */
        void pass(Socket from, Socket to) {
            byte[] buffer = new byte[16 * 1024];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (!frozen && !client.isClosed()) { // a read that waits may still get what comes after the end
                        out.write(buffer, 0, n);
                    }
                }
            } catch (IOException broken) {
                // the same as its end
            }
            if (from == client) {
                open.remove(this);
            }
        }
    }
}
