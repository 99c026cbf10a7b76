package byroad.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Protocol;

/** A server behind one address: answers {@code 200} with its own name unless told otherwise, and keeps what it got. */
final class TestServer implements AutoCloseable {
    final String name;
    final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();

    private final MockWebServer server = new MockWebServer();
    private final Queue<MockResponse> next = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Function<RecordedRequest, MockResponse> usual;
    private volatile MockResponse whileItReads = new MockResponse.Builder().build();

    TestServer(String name) {
        this.name = name;
        this.usual = request -> answer(200, name + " " + request.getUrl().encodedPath());
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                requests.add(request);
                MockResponse once = next.poll();
                MockResponse response = once != null ? once : usual.apply(request);
                if (response == SILENCE) {
                    closing.await();
                }
                return response;
            }

            @Override
            public MockResponse peek() {
                return whileItReads;
            }
        });
    }

    /** No answer until the server closes. */
    static final MockResponse SILENCE = answer(204, "");

    static MockResponse answer(int status, String body) {
        return new MockResponse.Builder().code(status).body(body).build();
    }

    /** The page that Cloudflare's proxies made of their own failure. */
    static MockResponse edgePage(int status) {
        return new MockResponse.Builder()
                .code(status)
                .setHeader("Content-Type", "text/html; charset=UTF-8")
                .setHeader("Server", "cloudflare")
                .setHeader("CF-RAY", "8f00000000000000-TXL")
                .body("<!DOCTYPE html><html><title>Internal server error</title>cloudflare</html>")
                .build();
    }

    TestServer useHttps(javax.net.ssl.SSLSocketFactory sockets) {
        server.useHttps(sockets);
        return this;
    }

    TestServer speaking(Protocol... protocols) {
        server.setProtocols(List.of(protocols));
        return this;
    }

    TestServer open(String ip, int port) throws IOException {
        server.start(InetAddress.getByName(ip), port);
        return this;
    }

    int port() {
        return server.getPort();
    }

    TestServer answers(MockResponse always) {
        usual = request -> always;
        return this;
    }

    TestServer answers(Function<RecordedRequest, MockResponse> always) {
        usual = always;
        return this;
    }

    /** Cuts the connection while the body of a request comes in. */
    TestServer cutsBodies() {
        whileItReads = new MockResponse.Builder()
                .onRequestBody(new SocketEffect.CloseSocket())
                .build();
        return this;
    }

    /** Answers the next requests with these, in this order, and then as usual. */
    TestServer next(MockResponse... responses) {
        next.addAll(List.of(responses));
        return this;
    }

    /** Forgets what it got, which would fill the memory in the long run. */
    void forget() {
        requests.clear();
        try {
            while (server.takeRequest(0, TimeUnit.MILLISECONDS) != null) {
                // the server keeps them as well
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int count() {
        return requests.size();
    }

    /** On how many connections the requests came. */
    long connections() {
        return requests.stream()
                .map(RecordedRequest::getConnectionIndex)
                .distinct()
                .count();
    }

    RecordedRequest last() {
        return requests.get(requests.size() - 1);
    }

    @Override
    public void close() {
        closing.countDown();
        server.close();
    }

    @Override
    public String toString() {
        return name + " with " + requests;
    }
}
