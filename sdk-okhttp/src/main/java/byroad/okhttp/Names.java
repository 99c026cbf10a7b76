package byroad.okhttp;

import byroad.Endpoint;
import byroad.Event;
import byroad.ResolverStatus;
import byroad.Seams;
import byroad.dns.KnownHost;
import byroad.dns.LastGood;
import java.net.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.CertificatePinner;
import okhttp3.Connection;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The names of clients that look them up alike and trust alike: their last-good records, and the present
 * {@link Generation} of each endpoint. Clients with another {@code Dns}, other sockets or other trust settings have a world of
 * their own.
 */
final class Names implements AutoCloseable {
    /**
     * What decides which addresses two clients may share. All clients that look up, connect and trust as the platform does
     * are {@link #PLATFORM}; only what is learned there may be stored.
     */
    record Surroundings(
            Dns dns,
            SocketFactory plain,
            @Nullable SSLSocketFactory sockets,
            @Nullable X509TrustManager trust,
            HostnameVerifier verifier,
            Set<CertificatePinner.Pin> pins) {
        /** Equal to no client's own: nobody else has that verifier. */
        static final Surroundings PLATFORM = new Surroundings(
                Dns.SYSTEM, SocketFactory.getDefault(), null, null, (host, session) -> false, Set.of());

        /** Makes a client connect and trust alike. */
        void sharedBy(OkHttpClient.Builder client) {
            client.socketFactory(plain);
            if (sockets != null && trust != null) {
                CertificatePinner.Builder pinner = new CertificatePinner.Builder();
                pins.forEach(pin -> pinner.add(
                        pin.getPattern(),
                        pin.getHashAlgorithm() + "/" + pin.getHash().base64()));
                client.sslSocketFactory(sockets, trust)
                        .hostnameVerifier(verifier)
                        .certificatePinner(pinner.build());
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
                            chain.getCertificatePinner().getPins()); // not the pinner: it hashes all issuers each time
        }
    }

    private final LastGood lastGood;
    private final HealthRequests healthRequests;
    private final Seams seams;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private volatile boolean mixedUp;

    // Guarded by itself. Weak: an undeclared host that the planner forgot is forgotten here as well.
    private final Map<Endpoint, Generation> present = new WeakHashMap<>();

    Names(LastGood lastGood, HealthRequests healthRequests, Seams seams) {
        this.lastGood = lastGood;
        this.healthRequests = healthRequests;
        this.seams = seams;
    }

    /** A call is about to go: what is kept ready along with traffic is. */
    void traffic() {
        lastGood.traffic();
        healthRequests.traffic(this);
    }

    void prewarm(List<String> hosts) {
        lastGood.prewarm(hosts);
    }

    List<KnownHost> known() {
        return lastGood.known();
    }

    List<ResolverStatus> resolvers() {
        return lastGood.resolvers();
    }

    /** The present connections of that endpoint. */
    Generation of(Endpoint endpoint) {
        synchronized (present) {
            return present.computeIfAbsent(
                    endpoint, added -> new Generation(new EndpointAddresses(added, lastGood), seams.time()));
        }
    }

    /** Connects anew from now on, if that connection is a black hole since then. */
    void leaveSilent(Generation generation, Connection connection, long since) {
        if (generation.isSilent(connection, since)) {
            leave(generation);
        }
    }

    /** Connects anew from now on. Calls under way end where they are. */
    void leave(Generation generation) {
        boolean replaced = false;
        synchronized (present) {
            for (Map.Entry<Endpoint, Generation> entry : present.entrySet()) {
                if (entry.getValue() == generation) {
                    entry.setValue(generation.next());
                    replaced = true;
                }
            }
        }
        if (replaced) {
            generation.retire();
        }
    }

    long nanoTime() {
        return seams.time().nanoTime();
    }

    /** A proxy resolves names by itself. */
    void behindProxy(Proxy proxy) {
        impaired("resolvers and last-good names", "calls go through a proxy that resolves by itself: " + proxy);
    }

    /** Tells once that this cannot work. */
    void impaired(String what, String because) {
        if (told.add(what)) {
            seams.emit(new Event.Impaired(what, because));
        }
    }

    /** The client does not keep the connections of endpoints apart: from now on none is connected to in another's place. */
    void mixedUp(String because) {
        mixedUp = true;
        impaired("failover to other addresses of the same host", because);
    }

    boolean isMixedUp() {
        return mixedUp;
    }

    /** Connections of another network lead nowhere. */
    void onNetworkChanged(String id) {
        List<Generation> all;
        synchronized (present) {
            all = List.copyOf(present.values());
        }
        lastGood.onNetworkChanged(id);
        all.forEach(this::leave);
    }

    @Override
    public void close() {
        lastGood.close();
    }
}
