package byroad.okhttp;

import byroad.dns.Resolvers;
import byroad.test.DnsServer;
import byroad.test.DnsZone;
import byroad.test.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;

/** The parties of an incident on loopback: one authority, two resolvers that ask it, and web servers on one port. */
final class Stage implements AutoCloseable {
    static final Duration TTL = Duration.ofSeconds(5);

    final TestCa ca = TestCa.create();
    final DnsZone zone = new DnsZone();
    final DnsServer firstResolver = DnsServer.start("127.0.0.11", zone);
    final DnsServer secondResolver = DnsServer.start("127.0.0.12", zone);

    private final List<MockWebServer> servers = new ArrayList<>();
    private int port;

    /** A web server on that address that answers 200 with its own name, until told otherwise. */
    Party party(String name, String ip) throws IOException {
        MockWebServer server = new MockWebServer();
        server.useHttps(ca.serverSocketFactory("api.example.test", "db.example.test"));
        Party party = new Party(server, name);
        server.setDispatcher(party);
        server.start(InetAddress.getByName(ip), port);
        port = server.getPort();
        servers.add(server);
        return party;
    }

    int port() {
        return port;
    }

    Byroad.Builder byroad() {
        return Byroad.builder()
                .resolver(Resolvers.udp("first", "operator-one", firstResolver.address()))
                .resolver(Resolvers.udp("second", "operator-two", secondResolver.address()));
    }

    OkHttpClient.Builder client() {
        return ca.trustedBy(new OkHttpClient.Builder()).readTimeout(Duration.ofSeconds(5));
    }

    @Override
    public void close() {
        servers.forEach(MockWebServer::close);
        firstResolver.close();
        secondResolver.close();
    }

    /** One web server of an incident. */
    static final class Party extends Dispatcher {
        final MockWebServer server;
        private final String name;
        private volatile boolean edgeError;

        Party(MockWebServer server, String name) {
            this.server = server;
            this.name = name;
        }

        /** Answers with an error page of the edge's own making. */
        void breaks() {
            edgeError = true;
        }

        void recovers() {
            edgeError = false;
        }

        void shutDown() {
            server.close();
        }

        int requests() {
            return server.getRequestCount();
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            MockResponse.Builder answer = new MockResponse.Builder();
            return edgeError
                    ? answer.code(500)
                            .setHeader("Content-Type", "text/html; charset=UTF-8")
                            .setHeader("Server", "cloudflare")
                            .setHeader("CF-RAY", "9a0b1c2d3e4f5a6b-TST")
                            .body("<html><title>api.example.test | 500: Internal server error</title>"
                                    + "<body>Error 500<footer>cloudflare</footer></body></html>")
                            .build()
                    : answer.body(name).build();
        }
    }
}
