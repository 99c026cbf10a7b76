package byroad.okhttp;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that tunnels: HTTP with CONNECT, or SOCKS 5 (RFC 1928). It resolves by itself and keeps whom it was asked for. */
final class ProxyServer implements Closeable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();

    private final TestServers servers;
    private final Proxy.Type type;
    private final boolean challenges;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.7"));
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private ProxyServer(TestServers servers, Proxy.Type type, boolean challenges) throws IOException {
        this.servers = servers;
        this.type = type;
        this.challenges = challenges;
        daemon(this::accept);
    }

    static ProxyServer open(TestServers servers, Proxy.Type type) throws IOException {
        return servers.closing(new ProxyServer(servers, type, false));
    }

    /** An HTTP proxy that wants to know who asks. */
    static ProxyServer challenging(TestServers servers) throws IOException {
        return servers.closing(new ProxyServer(servers, Proxy.Type.HTTP, true));
    }

    Proxy proxy() {
        return new Proxy(type, new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()));
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                daemon(() -> serve(client));
            } catch (IOException e) {
                // close(): the condition of the loop tells
            }
        }
    }

    private void serve(Socket client) {
        try {
            Socket server = type == Proxy.Type.SOCKS ? socks(client) : connect(client);
            sockets.add(server);
            daemon(() -> pass(client, server));
            pass(server, client);
        } catch (IOException over) {
            // the client left
        }
    }

    private Socket connect(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        while (true) {
            String line = line(in);
            String target = line.split(" ", -1)[1];
            boolean known = !challenges;
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                if (header.startsWith("Proxy-Authorization: ")) {
                    authorizations.add(header);
                    known = true;
                }
            }
            if (known) {
                Socket server = socketTo(target);
                write(client, "HTTP/1.1 200 Connected\r\n\r\n");
                return server;
            }
            write(
                    client,
                    "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n");
        }
    }

    private Socket socks(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        in.readUnsignedByte();
        in.readFully(new byte[in.readUnsignedByte()]);
        client.getOutputStream().write(new byte[] {5, 0});
        in.readFully(new byte[3]);
        boolean isName = in.readUnsignedByte() == 3;
        byte[] host = new byte[isName ? in.readUnsignedByte() : 4];
        in.readFully(host);
        String name = isName
                ? new String(host, StandardCharsets.US_ASCII)
                : InetAddress.getByAddress(host).getHostAddress();
        Socket server = socketTo(name + ":" + in.readUnsignedShort());
        client.getOutputStream().write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        return server;
    }

    private Socket socketTo(String target) throws IOException {
        asked.add(target);
        int colon = target.lastIndexOf(':');
        InetAddress address = servers.lookup(target.substring(0, colon)).get(0);
        return new Socket(address, Integer.parseInt(target.substring(colon + 1)));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the client left");
            }
            line.append((char) next);
        }
        return line.toString().trim();
    }

    private static void write(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void pass(Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
            to.close();
        } catch (IOException broken) {
            // the same as its end
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
