package byroad.okhttp;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.Event;
import byroad.ResolverStatus;
import byroad.dns.KnownHost;
import byroad.dns.LastGood;
import java.net.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Connection;

/**
 * The names of clients that look them up alike and trust alike: their last-good records, and the present
 * {@link Generation} of each endpoint. Clients with another {@code Dns}, other sockets or other trust settings have a world of
 * their own.
 */
final class Names implements AutoCloseable {
    private final LastGood lastGood;
    private final HealthRequests healthRequests;
    private final ClientRuntime runtime;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Object undeclaredPool = new Object();
    private volatile boolean isDnsReplaced;

    // Guarded by itself. Weak: an undeclared host that the planner forgot is forgotten here as well.
    private final Map<Endpoint, Generation> present = new WeakHashMap<>();

    Names(LastGood lastGood, HealthRequests healthRequests, ClientRuntime runtime) {
        this.lastGood = lastGood;
        this.healthRequests = healthRequests;
        this.runtime = runtime;
    }

    /** A call is about to go: what is kept ready along with traffic is. */
    void traffic() {
        lastGood.traffic();
        healthRequests.traffic(this::of);
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

    /** The present connections of that endpoint, which was declared. */
    Generation of(Endpoint endpoint) {
        synchronized (present) {
            return present.computeIfAbsent(
                    endpoint, added -> Generation.of(new EndpointAddresses(added, lastGood), runtime.time()));
        }
    }

    /** The present connections of a host that was just called. */
    Generation ofUndeclared(Endpoint host) {
        synchronized (present) {
            return present.computeIfAbsent(
                    host,
                    added -> Generation.ofUndeclared(
                            new EndpointAddresses(added, lastGood), undeclaredPool, runtime.time()));
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
        return runtime.time().nanoTime();
    }

    /** A proxy resolves names by itself. */
    void behindProxy(Proxy proxy) {
        impaired("resolvers and last-good names", "calls go through a proxy that resolves by itself: " + proxy);
    }

    /** Tells once that this cannot work. */
    void impaired(String what, String because) {
        if (told.add(what)) {
            runtime.emit(new Event.Impaired(what, because));
        }
    }

    /** An interceptor below looks names up by itself: no request can be sent to other addresses of the same host. */
    void dnsIsReplaced() {
        isDnsReplaced = true;
        impaired("failover to other addresses of the same host", "an interceptor below looks names up by itself");
    }

    boolean isDnsReplaced() {
        return isDnsReplaced;
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
