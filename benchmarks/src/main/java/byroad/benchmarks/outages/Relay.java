package byroad.benchmarks.outages;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The wire before a server, which can break. While it is silent, it accepts connections and takes what clients send, so
 * that the server can count it, and nothing comes back: no answer, no handshake, no answer to a ping. What was held back
 * arrives when it speaks again, as after a loss of packets.
 */
final class Relay implements AutoCloseable {
    private static final int BACKLOG = 512;

    private final InetSocketAddress address;
    private final InetSocketAddress server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    // Guarded by this.
    private ServerSocket listener;
    private boolean silent;

    private Relay(ServerSocket listener, InetSocketAddress server) {
        this.listener = listener;
        this.address = new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
        this.server = server;
        accept(listener);
    }

    /** Listens at that address, port 0 for a free one, and passes on to that server. */
    static Relay start(InetSocketAddress address, InetSocketAddress server) throws IOException {
        return new Relay(listen(address), server);
    }

    InetSocketAddress address() {
        return address;
    }

    /** Closes the listening socket and all connections. */
    synchronized void refuse() {
        close(listener);
        open.forEach(Relay::close);
    }

    synchronized void fallSilent() {
        silent = true;
    }

    /** Works again. */
    synchronized void heal() {
        silent = false;
        notifyAll();
        if (listener.isClosed()) {
            try {
                listener = listen(address);
            } catch (IOException e) {
                throw new UncheckedIOException(address + ": cannot listen again", e);
            }
            accept(listener);
        }
    }

    @Override
    public synchronized void close() {
        refuse();
        silent = false;
        notifyAll();
    }

    private static ServerSocket listen(InetSocketAddress address) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(address, BACKLOG);
        return listener;
    }

    private void accept(ServerSocket from) {
        start("accept", () -> {
            while (!from.isClosed()) {
                try {
                    connect(from.accept());
                } catch (IOException e) {
                    // closed, or a client that went away: the loop's condition tells
                }
            }
        });
    }

    private void connect(Socket client) throws IOException {
        Socket behind = new Socket();
        open.add(client);
        open.add(behind);
        client.setTcpNoDelay(true);
        behind.setTcpNoDelay(true);
        behind.connect(server);
        start("to server", () -> pump(client, behind, () -> {}));
        start("to client", () -> pump(behind, client, this::awaitSpeech));
    }

    private void pump(Socket from, Socket to, Runnable beforeWriting) {
        byte[] buffer = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                beforeWriting.run();
                out.write(buffer, 0, read);
            }
        } catch (IOException gone) {
            // one side is closed: so is the other
        } finally {
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private synchronized void awaitSpeech() {
        try {
            while (silent) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(String does, Runnable work) {
        Thread thread = new Thread(work, "relay " + address.getHostString() + " " + does);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception alreadyGone) {
            // closed is closed
        }
    }
}
