package byroad.okhttp;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a client has the default {@code Dns}, sockets and trust of the platform. Each default client has its
 * own socket factory and trust manager, so comparing objects is not enough.
 *
 * <p>It cannot see what a socket factory really trusts. A factory of the platform's class with another trust manager
 * than the client's, or with client certificates, counts as the platform's. So does a trust manager of the platform's
 * class with the same issuers and other rules, such as revocation. In the worst case an address that such a client
 * "proved" is remembered for other clients; each of them still verifies the certificate of every connection itself.
 *
 * <p>Safe for use by any thread. The decision for a known client reads one volatile field and allocates nothing.
 */
final class PlatformTrust {
    private static final int REMEMBERED = 32;

    private final Supplier<OkHttpClient> plainClient;

    private volatile Judged[] judged = {}; // written under the lock, copied on write
    private volatile @Nullable OkHttpClient plain; // written under the lock
    private boolean unavailable; // guarded by this

    PlatformTrust() {
        this(OkHttpClient::new);
    }

    PlatformTrust(Supplier<OkHttpClient> plainClient) {
        this.plainClient = plainClient;
    }

    /** Whether that call's client has the platform defaults in all settings that decide which addresses are right. */
    boolean isThatOf(Interceptor.Chain call) {
        SSLSocketFactory sockets = call.getSslSocketFactoryOrNull();
        X509TrustManager trust = call.getX509TrustManagerOrNull();
        if (sockets == null
                || trust == null
                || call.getDns() != Dns.SYSTEM
                || call.getSocketFactory() != SocketFactory.getDefault()
                || !call.getCertificatePinner().getPins().isEmpty()) {
            return false;
        }
        OkHttpClient known = plain;
        OkHttpClient like = known != null ? known : madePlain();
        return like != null && call.getHostnameVerifier() == like.hostnameVerifier() && isTrusted(sockets, trust, like);
    }

    private boolean isTrusted(SSLSocketFactory sockets, X509TrustManager trust, OkHttpClient like) {
        for (Judged one : judged) {
            if (one.sockets.get() == sockets && one.trust.get() == trust) {
                return one.platform;
            }
        }
        boolean platform = sockets.getClass() == like.sslSocketFactory().getClass() && isAlike(trust, like);
        remember(new Judged(new WeakReference<>(sockets), new WeakReference<>(trust), platform));
        return platform;
    }

    /**
     * Whether both trust managers are alike. On Android the platform has one object, and its list of issuers is
     * expensive.
     */
    private static boolean isAlike(X509TrustManager trust, OkHttpClient like) {
        X509TrustManager platforms = like.x509TrustManager();
        if (trust == platforms || platforms == null) {
            return trust == platforms;
        }
        return trust.getClass() == platforms.getClass()
                && new HashSet<>(Arrays.asList(trust.getAcceptedIssuers()))
                        .equals(new HashSet<>(Arrays.asList(platforms.getAcceptedIssuers())));
    }

    private synchronized void remember(Judged latest) {
        List<Judged> kept = new ArrayList<>();
        kept.add(latest);
        for (Judged one : judged) {
            if (kept.size() < REMEMBERED && one.sockets.get() != null && one.trust.get() != null) {
                kept.add(one);
            }
        }
        judged = kept.toArray(new Judged[0]);
    }

    private synchronized @Nullable OkHttpClient madePlain() {
        if (plain == null && !unavailable) {
            try {
                plain = plainClient.get();
            } catch (RuntimeException | AssertionError noTrustHere) { // OkHttp: AssertionError("No System TLS")
                unavailable = true;
            }
        }
        return plain;
    }

    /** A pair of socket factory and trust manager with the decision, while its client exists. */
    private record Judged(
            WeakReference<SSLSocketFactory> sockets, WeakReference<X509TrustManager> trust, boolean platform) {}
}
