package byroad.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.HttpUrl;
import okio.Buffer;
import okio.ByteString;
import org.xbill.DNS.Message;

/** DNS over HTTPS (RFC 8484), HTTP/2 and HTTP/1.1, by GET and POST. */
final class DohService implements AutoCloseable {
    static final String HOST = "dns.test";

    private static final String PATH = "/dns-query";
    private static final String TYPE = "application/dns-message";

    // The web server uses a thread for each request that is held.
    private static final int MAX_HELD = 256;

    // Ends the stream, or the connection of HTTP/1.1, without an answer: the web server would log an answer to a closed
    // connection as an error. 8 is CANCEL (RFC 9113 section 7).
    private static final MockResponse DROP = new MockResponse.Builder()
            .onResponseStart(new SocketEffect.CloseStream(8))
            .build();

    private final MockWebServer server = new MockWebServer();
    private final Semaphore mayHold = new Semaphore(MAX_HELD);
    private final Responder responder;

    private DohService(Responder responder) {
        this.responder = responder;
    }

    static DohService start(InetAddress address, Responder responder, TestCa ca) {
        DohService service = new DohService(responder);
        MockWebServer server = service.server;
        server.useHttps(ca.serverSocketFactory(address.getHostAddress(), HOST));
        server.setBodyLimit(Responder.MAX_MESSAGE);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse peek() {
                // over HTTP/2 the web server wants to know beforehand
                return responder.isSilent() ? DROP : super.peek();
            }

            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                server.takeRequest(0, TimeUnit.SECONDS); // otherwise the web server keeps them all
                return service.respond(request);
            }

            @Override
            public void close() {
                // only after the connections are closed: otherwise held requests would try to write
                responder.close();
            }
        });
        try {
            server.start(address, 0);
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException(
                    address.getHostAddress() + ": no DNS over HTTPS, cannot listen: " + e.getMessage(), e);
        }
        return service;
    }

    String url() {
        return new HttpUrl.Builder()
                .scheme("https")
                .host(server.getSocketAddress().getAddress().getHostAddress())
                .port(server.getPort())
                .encodedPath(PATH)
                .build()
                .toString();
    }

    private MockResponse respond(RecordedRequest request) throws InterruptedException {
        HttpUrl url = request.getUrl();
        if (url == null || !url.encodedPath().equals(PATH)) {
            return status(404);
        }
        if (request.getMethod().equals("GET")) {
            String asked = url.queryParameter("dns");
            return asked == null ? status(400) : respond(asked);
        }
        if (!request.getMethod().equals("POST")) {
            return status(405);
        }
        ByteString body = request.getBody();
        if (!TYPE.equalsIgnoreCase(request.getHeaders().get("Content-Type"))) {
            return status(415);
        }
        return body == null ? status(400) : respond(body.toByteArray());
    }

    private MockResponse respond(String base64) throws InterruptedException {
        byte[] wire;
        try {
            wire = Base64.getUrlDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return status(400);
        }
        return respond(wire);
    }

    private MockResponse respond(byte[] wire) throws InterruptedException {
        Message query;
        try {
            query = Responder.parse(wire);
        } catch (IOException e) {
            return status(400);
        }
        Optional<Reply> reply = responder.whole("doh", query);
        return reply.isPresent() ? answer(query, reply.get()) : hold();
    }

    private MockResponse hold() throws InterruptedException {
        if (mayHold.tryAcquire()) {
            try {
                responder.awaitSpeech();
            } finally {
                mayHold.release();
            }
        }
        return DROP;
    }

    private static MockResponse answer(Message query, Reply reply) {
        byte[] wire = reply.message(query).toWire(Responder.MAX_MESSAGE);
        return new MockResponse.Builder()
                .code(200)
                .addHeader("Content-Type", TYPE)
                .addHeader("Cache-Control", "max-age=" + reply.ttl())
                .body(new Buffer().write(wire))
                .build();
    }

    private static MockResponse status(int code) {
        return new MockResponse.Builder().code(code).build();
    }

    @Override
    public void close() {
        // the web server waits for its own threads, and would stop only partly if this thread were interrupted
        Threads.uninterrupted(server::close);
    }
}
