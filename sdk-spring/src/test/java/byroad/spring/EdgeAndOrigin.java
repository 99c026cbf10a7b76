package byroad.spring;

import byroad.dns.Resolver;
import byroad.dns.Resolvers;
import byroad.test.TestCa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/** An edge that answers 500 and the origin behind it that answers 200, of one host and port over HTTPS. */
final class EdgeAndOrigin implements AutoCloseable {
    static final String HOST = "api.example.test";
    static final String ORIGIN_IP = "127.0.0.3";

    final TestCa ca = TestCa.create();
    final MockWebServer edge;
    final MockWebServer origin;

    private EdgeAndOrigin() throws IOException {
        MockWebServer first = server(edgePage());
        MockWebServer second = server(said());
        for (int tries = 0; ; tries++) {
            first.start(InetAddress.getByName("127.0.0.2"), 0);
            try {
                second.start(InetAddress.getByName(ORIGIN_IP), first.getPort());
                break;
            } catch (BindException taken) {
                first.close();
                if (tries == 20) {
                    throw taken;
                }
                first = server(edgePage());
                second = server(said());
            }
        }
        this.edge = first;
        this.origin = second;
    }

    static EdgeAndOrigin open() {
        try {
            return new EdgeAndOrigin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MockWebServer server(MockResponse always) {
        MockWebServer server = new MockWebServer();
        server.useHttps(ca.serverSocketFactory(HOST));
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return always;
            }
        });
        return server;
    }

    private static MockResponse said() {
        return new MockResponse.Builder()
                .code(200)
                .setHeader("Content-Type", "text/plain")
                .setHeader("Set-Cookie", "seen=yes; Path=/")
                .body("origin")
                .build();
    }

    private static MockResponse edgePage() {
        return new MockResponse.Builder()
                .code(500)
                .setHeader("Content-Type", "text/html; charset=UTF-8")
                .setHeader("Server", "cloudflare")
                .setHeader("CF-RAY", "8f00000000000000-TXL")
                .body("<!DOCTYPE html><html><title>Internal server error</title>cloudflare</html>")
                .build();
    }

    String url() {
        return "https://" + HOST + ":" + edge.getPort();
    }

    /** As in an application's YAML. */
    String[] properties() {
        return new String[] {
            "byroad.resolvers=names",
            "byroad.upstreams.assistant.repeatable=true",
            "byroad.upstreams.assistant.endpoints[0].at=" + url(),
            "byroad.upstreams.assistant.endpoints[0].through=cloudflare",
            "byroad.upstreams.assistant.endpoints[0].hosted-by=aws/us-west-2",
            "byroad.upstreams.assistant.endpoints[1].at=" + url(),
            "byroad.upstreams.assistant.endpoints[1].connect-to=" + ORIGIN_IP,
            "byroad.upstreams.assistant.endpoints[1].hosted-by=aws/us-west-2",
            "spring.http.clients.ssl.bundle=test",
            "spring.http.serviceclient.assistant.base-url=" + url(),
        };
    }

    Resolver names() {
        return Resolvers.fixed("names", "test", Map.of(HOST, List.of("127.0.0.2")));
    }

    SslBundleRegistrar trusting() {
        return registry -> registry.registerBundle("test", bundle(ca));
    }

    static SslBundle bundle(TestCa ca) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", ca.trustManager().getAcceptedIssuers()[0]);
            return SslBundle.of(SslStoreBundle.of(null, null, trusted));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        edge.close();
        origin.close();
    }
}
