package byroad.spring;

import java.util.Arrays;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/** Whom a client trusts and how it shows itself, as an SSL bundle says. */
record BundleTrust(SslBundle bundle) {
    static BundleTrust of(SslBundle bundle) {
        return new BundleTrust(bundle);
    }

    void applyTo(OkHttpClient.Builder client) {
        client.sslSocketFactory(bundle.createSslContext().getSocketFactory(), trust());
        SslOptions options = bundle.getOptions();
        if (options.isSpecified()) {
            client.connectionSpecs(List.of(spec(options), ConnectionSpec.CLEARTEXT));
        }
    }

    private X509TrustManager trust() {
        TrustManager[] managers = bundle.getManagers().getTrustManagers();
        return Arrays.stream(managers)
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("SSL bundle: trust managers " + Arrays.toString(managers)
                        + " (expected: one for X.509 certificates)"));
    }

    private static ConnectionSpec spec(SslOptions options) {
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
