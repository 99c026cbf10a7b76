package byroad.test;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * A certificate authority that is made for a test, for its servers and the clients that trust them.
 *
 * <pre>{@code
 * TestCa ca = TestCa.create();
 * MockWebServer server = new MockWebServer();
 * server.useHttps(ca.serverSocketFactory("api.example.test", "127.0.0.2"));
 * OkHttpClient client = ca.trustedBy(new OkHttpClient.Builder()).build();
 * }</pre>
 *
 * <p>Keys are elliptic (P-256) and made anew each time, which is quick; certificates are good for 24 hours. Clients
 * trust this authority and no other. Immutable, safe for use by many threads.
 */
public final class TestCa {
    private final HeldCertificate root;
    private final HandshakeCertificates client;

    private TestCa(HeldCertificate root) {
        this.root = root;
        this.client = new HandshakeCertificates.Builder()
                .addTrustedCertificate(root.certificate())
                .build();
    }

    /** Makes an authority that no client trusts yet. */
    public static TestCa create() {
        return new TestCa(new HeldCertificate.Builder()
                .commonName("Byroad test CA")
                .certificateAuthority(0)
                .build());
    }

    /**
     * Signs a new certificate for all of these.
     *
     * @param namesOrIps host names, {@code *.example.test} among them, and IP addresses; at least one
     * @throws IllegalArgumentException if there are none
     */
    public HeldCertificate certificateFor(String... namesOrIps) {
        if (namesOrIps.length == 0) {
            throw new IllegalArgumentException("namesOrIps: none (expected: at least one)");
        }
        HeldCertificate.Builder certificate =
                new HeldCertificate.Builder().commonName(namesOrIps[0]).signedBy(root);
        for (String nameOrIp : namesOrIps) {
            certificate.addSubjectAlternativeName(nameOrIp);
        }
        return certificate.build();
    }

    /**
     * Returns a socket factory for a server that wraps its own sockets, such as MockWebServer; the server decides which
     * protocols it offers by ALPN.
     *
     * @throws IllegalArgumentException if there are no names
     * @see #certificateFor
     */
    public SSLSocketFactory serverSocketFactory(String... namesOrIps) {
        return serverContext(namesOrIps).getSocketFactory();
    }

    /**
     * Returns an SSL context for a server that makes its own engines or server sockets.
     *
     * @throws IllegalArgumentException if there are no names
     * @see #certificateFor
     */
    public SSLContext serverContext(String... namesOrIps) {
        return new HandshakeCertificates.Builder()
                .heldCertificate(certificateFor(namesOrIps))
                .build()
                .sslContext();
    }

    /** Makes the clients of this builder trust this authority and no other, and returns the builder. */
    public OkHttpClient.Builder trustedBy(OkHttpClient.Builder builder) {
        return builder.sslSocketFactory(client.sslSocketFactory(), client.trustManager());
    }

    /** Returns the context of a client that trusts this authority, for {@code java.net.http} and others. */
    public SSLContext clientContext() {
        return client.sslContext();
    }

    /** Returns a trust manager that accepts the certificates of this authority. */
    public X509TrustManager trustManager() {
        return client.trustManager();
    }
}
