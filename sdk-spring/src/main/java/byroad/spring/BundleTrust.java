package byroad.spring;

import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/** The trust and the client certificates of an SSL bundle. Clients with the same one share remembered addresses. */
record BundleTrust(SSLSocketFactory sockets, X509TrustManager trust, SslOptions options) {
    static BundleTrust of(SslBundle bundle) {
        return new BundleTrust(bundle.createSslContext().getSocketFactory(), trust(bundle), bundle.getOptions());
    }

    private static X509TrustManager trust(SslBundle bundle) {
        TrustManager[] managers = bundle.getManagers().getTrustManagers();
        return Arrays.stream(managers)
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("SSL bundle: trust managers " + Arrays.toString(managers)
                        + " (expected: one for X.509 certificates)"));
    }

    void applyTo(OkHttpClient.Builder client) {
        client.sslSocketFactory(sockets, trust);
        if (options.isSpecified()) {
            client.connectionSpecs(List.of(spec(), ConnectionSpec.CLEARTEXT));
        }
    }

    /** Whether that client uses it, and no other one that a customizer set. */
    boolean isOf(OkHttpClient client) {
        return client.sslSocketFactory() == sockets;
    }

    private ConnectionSpec spec() {
        ConnectionSpec.Builder spec = new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS);
        String[] ciphers = options.getCiphers();
        if (ciphers != null) {
            spec.cipherSuites(ciphers);
        }
        String[] protocols = options.getEnabledProtocols();
        if (protocols != null) {
            spec.tlsVersions(protocols);
        }
        return spec.build();
    }
}
