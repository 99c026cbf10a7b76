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
 * The remembered names of clients with the same {@code Dns}, sockets and trust settings: their last good addresses, and
 * the present {@link Generation} of each endpoint. Clients with other settings have names of their own.
 */
final class Names implements AutoCloseable {
    private final LastGood lastGood;
    private final OwnDns own;
    private final HealthRequests healthRequests;
    private final ClientRuntime runtime;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Object undeclaredPool = new Object();
    private volatile boolean isDnsReplaced;

    // Guarded by itself. Weak: an undeclared host that the planner forgot is removed here too.
    private final Map<Endpoint, Generation> present = new WeakHashMap<>();

    Names(LastGood lastGood, OwnDns own, HealthRequests healthRequests, ClientRuntime runtime) {
        this.lastGood = lastGood;
        this.own = own;
        this.healthRequests = healthRequests;
        this.runtime = runtime;
    }

    /** Reports a call: hosts are kept resolved, and health requests are sent, if they are due. */
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

    /** The present generation of that declared endpoint. */
    Generation of(Endpoint endpoint) {
        synchronized (present) {
            return present.computeIfAbsent(
                    endpoint,
                    added ->
                            Generation.of(new EndpointAddresses(added, lastGood, own, runtime.time()), runtime.time()));
        }
    }

    /** The present generation of an undeclared host. */
    Generation ofUndeclared(Endpoint host) {
        synchronized (present) {
            return present.computeIfAbsent(
                    host,
                    added -> Generation.ofUndeclared(
                            new EndpointAddresses(added, lastGood, own, runtime.time()),
                            undeclaredPool,
                            runtime.time()));
        }
    }

    /** Starts a new generation if that connection has not answered since then. */
    void leaveSilent(Generation generation, Connection connection, long since) {
        if (generation.isSilent(connection, since)) {
            leave(generation);
        }
    }

    /** Starts a new generation. Calls that are under way keep their connections. */
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

    /** Reports once that a proxy resolves names by itself. */
    void behindProxy(Proxy proxy) {
        impaired("resolvers and last-good names", "calls go through a proxy that resolves by itself: " + proxy);
    }

    /** Emits an event, once, that this cannot work. */
    void impaired(String what, String because) {
        if (told.add(what)) {
            runtime.emit(new Event.Impaired(what, because));
        }
    }

    /**
     * Reports that an interceptor below replaces the {@code Dns}, so that no request can be sent to other addresses of
     * the same host.
     */
    void dnsIsReplaced() {
        isDnsReplaced = true;
        impaired("failover to other addresses of the same host", "an interceptor below looks names up by itself");
    }

    boolean isDnsReplaced() {
        return isDnsReplaced;
    }

    /** The network changed: its connections do not work any more. */
    void onNetworkChanged(String id) {
        List<Generation> all;
        synchronized (present) {
            all = List.copyOf(present.values());
        }
        lastGood.onNetworkChanged(id);
        all.forEach(this::leave);
    }

    /** The network is reported again: connections stay, and what failed or was denied is looked up anew. */
    void onSameNetwork(String id) {
        lastGood.onNetworkChanged(id);
    }

    @Override
    public void close() {
        lastGood.close();
    }
}
