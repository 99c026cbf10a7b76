package byroad.spring;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.Byroad;
import byroad.test.TestCa;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** An edge and its origin over HTTPS on loopback, and clients that find and trust them. */
final class Parties implements AutoCloseable {
    static final String HOST = "api.example.test";
    static final String ORIGIN = "origin.example.test";
    static final String EDGE_IP = "127.0.0.2";
    static final String ORIGIN_IP = "127.0.0.3";

    final Party edge = new Party("edge");
    final Party origin = new Party("origin");

    private final TestCa ca = TestCa.create();
    private final int port;

    private Parties() throws IOException {
        MockWebServer first = edge.start(ca, EDGE_IP, 0);
        this.port = first.getPort();
        origin.start(ca, ORIGIN_IP, port);
    }

    static Parties open() throws IOException {
        for (int tries = 0; ; tries++) {
            try {
                return new Parties();
            } catch (BindException taken) {
                if (tries == 20) {
                    throw taken;
                }
            }
        }
    }

    String url(String path) {
        return "https://" + HOST + ":" + port + path;
    }

    /** Edge first, then the same origin directly. */
    Upstream assistant() {
        return Upstream.named("assistant")
                .endpoint(
                        Endpoint.at(url("")).named("edge").through("cloudflare").hostedBy("aws/us-west-2"))
                .endpoint(Endpoint.at(url("")).named("origin").connectTo(ORIGIN).hostedBy("aws/us-west-2"));
    }

    OkHttpClient client(Byroad byroad) {
        return clientBuilder(byroad).build();
    }

    OkHttpClient.Builder clientBuilder(Byroad byroad) {
        return byroad.installOn(ca.trustedBy(new OkHttpClient.Builder()).dns(Parties::lookup));
    }

    private static List<InetAddress> lookup(String host) throws UnknownHostException {
        return switch (host) {
            case HOST -> List.of(InetAddress.getByName(EDGE_IP));
            case ORIGIN -> List.of(InetAddress.getByName(ORIGIN_IP));
            default -> throw new UnknownHostException(host);
        };
    }

    /** The body of a call that was answered. */
    String get(OkHttpClient client, String path) throws IOException {
        try (Response response =
                client.newCall(new Request.Builder().url(url(path)).build()).execute()) {
            return response.body().string();
        }
    }

    @Override
    public void close() {
        edge.close();
        origin.close();
    }

    /** A server that answers with its name until it is told to fail. */
    static final class Party extends Dispatcher {
        final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();

        private final String name;
        private final MockWebServer server = new MockWebServer();
        private volatile boolean isBroken;

        Party(String name) {
            this.name = name;
        }

        private MockWebServer start(TestCa ca, String ip, int port) throws IOException {
            server.useHttps(ca.serverSocketFactory(HOST));
            server.setDispatcher(this);
            server.start(InetAddress.getByName(ip), port);
            return server;
        }

        void breaks() {
            isBroken = true;
        }

        void recovers() {
            isBroken = false;
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            requests.add(request);
            MockResponse.Builder answer = new MockResponse.Builder();
            return isBroken
                    ? answer.code(500)
                            .setHeader("Content-Type", "text/html; charset=UTF-8")
                            .setHeader("Server", "cloudflare")
                            .setHeader("CF-RAY", "8f00000000000000-TXL")
                            .body("<!DOCTYPE html><html><title>Internal server error</title>cloudflare</html>")
                            .build()
                    : answer.body(name).build();
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
