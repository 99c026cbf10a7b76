package byroad.okhttp;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** An HTTP/1.1 server that closes every connection as soon as the headers of a request arrived. */
final class CutServer implements Closeable {
    private final SSLSocketFactory secured;
    private final ServerSocket listener;

    CutServer(SSLSocketFactory secured, String ip, int port) throws IOException {
        this.secured = secured;
        this.listener = new ServerSocket(port, 50, InetAddress.getByName(ip));
        Thread thread = new Thread(this::accept, "cut server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try (Socket plain = listener.accept()) {
                readHeaders(plain);
            } catch (IOException e) {
                // the client left, or close(): the condition of the loop tells
            }
        }
    }

    private void readHeaders(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) secured.createSocket(plain, null, plain.getPort(), true);
        socket.setUseClientMode(false);
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
            line = in.readLine();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
