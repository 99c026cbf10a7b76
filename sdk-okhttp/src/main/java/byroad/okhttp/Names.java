package byroad.okhttp;

import byroad.Endpoint;
import byroad.TimeSource;
import byroad.dns.LastGood;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.CertificatePinner;
import okhttp3.Dns;
import okhttp3.Interceptor;
import org.jspecify.annotations.Nullable;

/**
 * The names of clients that look them up alike and trust alike: their last-good records, and the {@link EndpointDns} of
 * each endpoint. Clients with another {@code Dns} or other trust settings have a world of their own.
 */
final class Names implements AutoCloseable {
    /** What decides which addresses two clients may share. */
    record Surroundings(
            Dns dns, @Nullable SSLSocketFactory sockets, HostnameVerifier verifier, CertificatePinner pins) {
        static Surroundings of(Interceptor.Chain chain) {
            return new Surroundings(
                    chain.getDns(),
                    chain.getSslSocketFactoryOrNull(),
                    chain.getHostnameVerifier(),
                    chain.getCertificatePinner());
        }
    }

    private final LastGood lastGood;
    private final TimeSource time;

    // Guarded by itself. Weak: an undeclared host that the planner forgot is forgotten here as well.
    private final Map<Endpoint, EndpointDns> current = new WeakHashMap<>();

    Names(LastGood lastGood, TimeSource time) {
        this.lastGood = lastGood;
        this.time = time;
    }

    /** The current generation of that endpoint. */
    EndpointDns dnsOf(Endpoint endpoint) {
        synchronized (current) {
            return current.computeIfAbsent(endpoint, added -> new EndpointDns(added, lastGood, time));
        }
    }

    /** Starts the next generation, if this one is current and was ever answered: a slow server must not cause a storm. */
    void retire(EndpointDns generation) {
        boolean replaced = false;
        synchronized (current) {
            for (Map.Entry<Endpoint, EndpointDns> entry : current.entrySet()) {
                if (entry.getValue() == generation && generation.isAnswered()) {
                    entry.setValue(generation.nextGeneration());
                    replaced = true;
                }
            }
        }
        if (replaced) {
            generation.retire();
        }
    }

    @Override
    public void close() {
        lastGood.close();
    }
}
