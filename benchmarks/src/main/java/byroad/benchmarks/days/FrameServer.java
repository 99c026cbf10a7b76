package byroad.benchmarks.days;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP/2 server without TLS on loopback: ends each connection after so many requests by GOAWAY, as nginx does. */
final class FrameServer implements AutoCloseable {
    private final int mostOfConnection;
    private final ServerSocket listener = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    FrameServer(int mostOfConnection) throws IOException {
        this.mostOfConnection = mostOfConnection;
        LineServer.daemon(this::accept);
    }

    String url() {
        return "http://site.test:" + listener.getLocalPort() + "/";
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                LineServer.daemon(() -> serve(socket));
            } catch (IOException e) {
                // close(): the condition of the loop tells
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            in.readFully(new byte[24]); // the client's preface
            frame(out, 4, 0, 0);
            int requests = 0;
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = new byte[length];
                in.readFully(payload);
                if (type == 6) {
                    frame(out, 6, 1, 0, payload);
                } else if (type == 1 && ++requests <= mostOfConnection) {
                    if (requests == mostOfConnection) {
                        frame(
                                out,
                                7,
                                0,
                                0,
                                ByteBuffer.allocate(8).putInt(stream).array());
                    }
                    frame(out, 1, 4, stream, (byte) 0x88); // :status 200 of HPACK's static table
                    frame(out, 0, 1, stream, "ok".getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException over) {
            // the client left
        }
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte... payload)
            throws IOException {
        ByteBuffer whole = ByteBuffer.allocate(9 + payload.length)
                .putShort((short) (payload.length >> 8))
                .put((byte) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload);
        out.write(whole.array());
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
