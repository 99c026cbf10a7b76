package byroad.okhttp;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** An HTTP/2 server that speaks in frames of its own choice (RFC 9113), and keeps what it did to each request. */
final class FrameServer implements Closeable {
    /** What it does to a request as soon as its headers arrived. */
    enum Act {
        ANSWER,
        /** GOAWAY that names this stream as the last, and its answer, as from a server about to be restarted. */
        ANSWER_AND_LEAVE,
        /** RST_STREAM with REFUSED_STREAM: not processed. */
        REFUSE,
        /** RST_STREAM with INTERNAL_ERROR: who knows. */
        RESET,
        /** RST_STREAM with CANCEL: the server has changed its mind. */
        CANCEL,
        /** GOAWAY that names no stream as processed. */
        GO_AWAY,
        CUT,
        CUT_AFTER_HEADERS,
        /** Headers, and the body when {@link #goOn} is called. */
        BEGIN
    }

    final List<Act> done = new CopyOnWriteArrayList<>();
    final AtomicInteger pings = new AtomicInteger();

    private final Queue<Act> next = new ConcurrentLinkedQueue<>();
    private final SSLSocketFactory secured;
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> goOn = new CompletableFuture<>();
    private volatile Act usual = Act.ANSWER;
    private volatile int mostOfConnection = Integer.MAX_VALUE;
    private volatile boolean cutsAtOnce;

    FrameServer(SSLSocketFactory secured, String ip, int port, Act... acts) throws IOException {
        this.secured = secured;
        this.listener = new ServerSocket(port, 50, InetAddress.getByName(ip));
        this.next.addAll(List.of(acts));
        daemon(this::accept);
    }

    /** What it does where nothing else was said. */
    FrameServer usual(Act act) {
        usual = act;
        return this;
    }

    /** Ends each connection after so many requests: GOAWAY with the last one, and what comes later is not looked at. */
    FrameServer leavesAfter(int requests) {
        mostOfConnection = requests;
        return this;
    }

    /** Closes the connection with that last answer, whatever is on its way. */
    FrameServer andCuts() {
        cutsAtOnce = true;
        return this;
    }

    /** What has begun goes on. */
    void goOn() {
        goOn.complete(null);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "frame server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
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
            SSLParameters alpn = socket.getSSLParameters();
            alpn.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(alpn);
            DataInputStream in = new DataInputStream(socket.getInputStream());
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
                    pings.incrementAndGet();
                    frame(out, 6, 1, 0, payload);
                } else if (type == 1) {
                    requests++;
                    if (requests < mostOfConnection) {
                        act(stream, out, plain);
                    } else if (requests == mostOfConnection) {
                        done.add(Act.ANSWER_AND_LEAVE);
                        leave(stream, out);
                        if (cutsAtOnce) {
                            plain.close();
                        }
                    }
                }
            }
        } catch (IOException over) {
            // the client left, or we cut it off
        }
    }

    private void act(int stream, DataOutputStream out, Socket plain) throws IOException {
        Act once = next.poll();
        Act act = once == null ? usual : once;
        done.add(act);
        switch (act) {
            case ANSWER -> answer(stream, out);
            case ANSWER_AND_LEAVE -> leave(stream, out);
            case REFUSE -> frame(out, 3, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 7);
            case RESET -> frame(out, 3, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 2);
            case CANCEL -> frame(out, 3, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
            case BEGIN -> {
                frame(out, 1, 4, stream, (byte) 0x88);
                goOn.thenRun(() -> {
                    try {
                        frame(out, 0, 1, stream, "frames".getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException e) {
                        // the client left
                    }
                });
            }
            case GO_AWAY -> frame(out, 7, 0, 0, new byte[8]);
            case CUT -> plain.close();
            case CUT_AFTER_HEADERS -> {
                frame(out, 1, 4, stream, (byte) 0x88);
                plain.close();
            }
        }
    }

    private static void leave(int stream, DataOutputStream out) throws IOException {
        frame(out, 7, 0, 0, (byte) 0, (byte) 0, (byte) 0, (byte) stream, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
        answer(stream, out);
    }

    private static void answer(int stream, DataOutputStream out) throws IOException {
        frame(out, 1, 4, stream, (byte) 0x88); // :status 200 of HPACK's static table
        frame(out, 0, 1, stream, "frames".getBytes(StandardCharsets.US_ASCII));
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte... payload)
            throws IOException {
        synchronized (out) { // what has begun goes on by another thread
            out.writeShort(payload.length >> 8);
            out.writeByte(payload.length);
            out.writeByte(type);
            out.writeByte(flags);
            out.writeInt(stream);
            out.write(payload);
            out.flush();
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
