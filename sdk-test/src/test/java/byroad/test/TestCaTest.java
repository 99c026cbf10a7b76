package byroad.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TestCaTest {
    private final TestCa ca = TestCa.create();

    @Test
    void certifiesNamesAndAddresses() throws Exception {
        HeldCertificate certificate = ca.certificateFor("api.example.test", "*.cdn.test", "127.0.0.2", "::1");

        assertThat(certificate.certificate().getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly("api.example.test", "*.cdn.test", "127.0.0.2", "0:0:0:0:0:0:0:1");
        assertThat(certificate.keyPair().getPublic().getAlgorithm()).isEqualTo("EC");
        ca.trustManager().checkServerTrusted(chain(certificate), "ECDHE_ECDSA");
    }

    private static X509Certificate[] chain(HeldCertificate certificate) {
        return new X509Certificate[] {certificate.certificate()};
    }

    @Test
    void isTrustedByItsClientsAndByNoOthers() throws Exception {
        try (MockWebServer server = new MockWebServer()) {
            server.useHttps(ca.serverSocketFactory("127.0.0.1"));
            server.enqueue(new MockResponse.Builder().body("hello").build());
            server.enqueue(new MockResponse.Builder().body("hello").build());
            server.start(Literals.address("ip", "127.0.0.1"), 0);
            String url = "https://127.0.0.1:" + server.getPort() + "/";
            Request request = new Request.Builder().url(url).build();

            try (Response response = ca.trustedBy(new OkHttpClient.Builder())
                    .build()
                    .newCall(request)
                    .execute()) {
                assertThat(response.body().string()).isEqualTo("hello");
            }
            HttpClient jdk =
                    HttpClient.newBuilder().sslContext(ca.clientContext()).build();
            assertThat(jdk.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("hello");
            OkHttpClient stranger =
                    TestCa.create().trustedBy(new OkHttpClient.Builder()).build();
            assertThatThrownBy(() -> stranger.newCall(request).execute()).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void servesServerSocketsOfTheJdk() throws Exception {
        InetAddress loopback = Literals.address("ip", "127.0.0.1");
        try (SSLServerSocket listener = (SSLServerSocket)
                        ca.serverContext("127.0.0.1").getServerSocketFactory().createServerSocket(0, 1, loopback);
                SSLSocket client = (SSLSocket)
                        ca.clientContext().getSocketFactory().createSocket(loopback, listener.getLocalPort())) {
            Thread accepting = new Thread(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.startHandshake();
                    socket.getOutputStream().write(7);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            accepting.start();

            assertThat(client.getInputStream().read()).isEqualTo(7);
            accepting.join();
        }
    }

    @Test
    void refusesACertificateForNobody() {
        assertThatIllegalArgumentException()
                .isThrownBy(ca::certificateFor)
                .withMessage("namesOrIps: none (expected: at least one)");
        assertThat(List.of(ca.trustManager().getAcceptedIssuers())).hasSize(1);
    }
}
