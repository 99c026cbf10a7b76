package byroad.ai;

import byroad.test.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okio.BufferedSink;

/** A server over HTTPS and HTTP/2, and a client that trusts it. */
final class Service implements AutoCloseable {
    final MockWebServer server = new MockWebServer();
    final OkHttpClient client;

    private final CountDownLatch rest = new CountDownLatch(1);

    Service() throws IOException {
        TestCa ca = TestCa.create();
        server.useHttps(ca.serverSocketFactory("localhost"));
        server.setProtocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
        server.start(InetAddress.getByName("127.0.0.1"), 0);
        client = ca.trustedBy(new OkHttpClient.Builder()).build();
    }

    String url(String path) {
        return "https://localhost:" + server.getPort() + path;
    }

    void answers(int status, String type, String body) {
        server.enqueue(new MockResponse.Builder()
                .code(status)
                .setHeader("Content-Type", type)
                .body(body)
                .build());
    }

    /** A stream whose second half comes when {@link #letTheRestPass} is called, and not before. */
    void streams(String first, String second) {
        server.enqueue(new MockResponse.Builder()
                .setHeader("Content-Type", "text/event-stream")
                .body(new MockResponseBody() {
                    @Override
                    public long getContentLength() {
                        return -1;
                    }

                    @Override
                    public void writeTo(BufferedSink sink) throws IOException {
                        sink.writeUtf8(first).flush();
                        await(rest);
                        sink.writeUtf8(second).flush();
                    }
                })
                .build());
    }

    void letTheRestPass() {
        rest.countDown();
    }

    /** Waits for what has to happen soon, with a bound for what never does. */
    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing happened within 20s");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        rest.countDown();
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
        server.close();
    }
}
