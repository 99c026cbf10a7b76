package byroad.okhttp;

import java.util.Set;
import javax.net.SocketFactory;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.CertificatePinner;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The settings that decide whether two clients may share addresses: {@code Dns}, sockets and trust. All clients with
 * the defaults of the platform are {@link #PLATFORM}; only their addresses may be stored.
 */
record Surroundings(
        Dns dns,
        SocketFactory plain,
        @Nullable SSLSocketFactory sockets,
        @Nullable X509TrustManager trust,
        HostnameVerifier verifier,
        Set<CertificatePinner.Pin> pins) {
    /** Equal to those of no client, because no client has that verifier. */
    static final Surroundings PLATFORM =
            new Surroundings(Dns.SYSTEM, SocketFactory.getDefault(), null, null, (host, session) -> false, Set.of());

    /** Gives a client the same sockets and trust. */
    void sharedBy(OkHttpClient.Builder client) {
        client.socketFactory(plain);
        if (sockets != null && trust != null) {
            CertificatePinner.Builder pinner = new CertificatePinner.Builder();
            pins.forEach(pin -> pinner.add(
                    pin.getPattern(),
                    pin.getHashAlgorithm() + "/" + pin.getHash().base64()));
            client.sslSocketFactory(sockets, trust).hostnameVerifier(verifier).certificatePinner(pinner.build());
        }
    }

    static Surroundings of(Interceptor.Chain chain, PlatformTrust platform) {
        return platform.isThatOf(chain)
                ? PLATFORM
                : new Surroundings(
                        chain.getDns(),
                        chain.getSocketFactory(),
                        chain.getSslSocketFactoryOrNull(),
                        chain.getX509TrustManagerOrNull(),
                        chain.getHostnameVerifier(),
                        chain.getCertificatePinner().getPins()); // not the pinner, which hashes all issuers each time
    }
}
