package byroad.okhttp;

import byroad.Endpoint;
import byroad.Provenance;
import byroad.Scheme;
import byroad.TimeSource;
import byroad.dns.Answer;
import byroad.dns.LastGood;
import byroad.dns.Resolution;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the addresses of one endpoint: those of its names, or its seeds if the resolvers do not answer and nothing that
 * they said before may be used. An answer without addresses stands: no seed is used against it.
 */
final class EndpointAddresses {
    /** OkHttp, too, tries an address that failed after the others. */
    private static final Duration FAILED_ADDRESS_IS_LAST = Duration.ofMinutes(1);

    private static final int MOST_FAILED_ADDRESSES = 64;

    private final LastGood lastGood;
    private final String host;
    private final Scheme scheme;
    private final List<String> names;
    private final List<String> seeds;
    private final TimeSource time;
    private volatile Map<InetAddress, Long> failedAt = Map.of(); // copied on write

    EndpointAddresses(Endpoint endpoint, LastGood lastGood, TimeSource time) {
        this.lastGood = lastGood;
        this.time = time;
        this.host = endpoint.host();
        this.scheme = endpoint.scheme();
        this.names = namesOf(endpoint);
        this.seeds = scheme == Scheme.HTTPS ? endpoint.seeds() : List.of();
    }

    /** The names that are looked up for an endpoint. */
    static List<String> namesOf(Endpoint endpoint) {
        return endpoint.connectTo().isEmpty() ? List.of(endpoint.host()) : endpoint.connectTo();
    }

    /** The fresh addresses, if there is nothing to wait for or to combine; else null. */
    @Nullable
    Resolution atHand(String hostname) {
        if (names.size() > 1 || !hostname.equals(host)) {
            return null;
        }
        CompletableFuture<Resolution> found = lastGood.lookup(names.get(0), scheme);
        Resolution resolution = found.isDone() ? found.join() : null;
        return resolution == null || resolution.addresses().isEmpty() ? null : resolution;
    }

    /**
     * The endpoint's addresses for its own host; for any other host, such as that of a redirect or a proxy, the
     * addresses of that name.
     *
     * @param over ends the wait
     */
    Resolution lookup(String hostname, CompletableFuture<Void> over)
            throws UnknownHostException, InterruptedIOException {
        if (!hostname.equalsIgnoreCase(host)) {
            return resolve(hostname, Scheme.HTTP, over);
        }
        Set<InetAddress> all = new LinkedHashSet<>();
        Provenance from = null;
        UnknownHostException nothing = new UnknownHostException(hostname);
        names.forEach(name -> lastGood.lookup(name, scheme)); // all at once: no look-up waits for the one before it
        for (String name : names) {
            try {
                Resolution resolution = resolve(name, scheme, over);
                from = resolution.from();
                all.addAll(resolution.addresses());
            } catch (UnknownHostException e) {
                nothing = e;
            }
        }
        return from != null ? together(all, from) : seeds(nothing);
    }

    private Resolution seeds(UnknownHostException nothing) throws UnknownHostException {
        Set<InetAddress> all = new LinkedHashSet<>();
        for (String seed : seeds) {
            all.addAll(List.of(InetAddress.getAllByName(seed)));
        }
        if (all.isEmpty() || names.stream().anyMatch(lastGood::isDenied)) {
            throw nothing;
        }
        return together(
                all, new Provenance(Provenance.Source.SEED, "", Duration.ZERO, String.valueOf(nothing.getMessage())));
    }

    private static Resolution together(Set<InetAddress> all, Provenance from) {
        return new Resolution(new Answer.Addresses(new ArrayList<>(all), Duration.ZERO), from);
    }

    private Resolution resolve(String name, Scheme scheme, CompletableFuture<Void> over)
            throws UnknownHostException, InterruptedIOException {
        CompletableFuture<Resolution> found = lastGood.lookup(name, scheme);
        try {
            if (!found.isDone()) {
                CompletableFuture.anyOf(found, over).get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + name + " was looked up");
        } catch (ExecutionException e) {
            throw unknown(name, String.valueOf(e.getCause()));
        }
        if (!found.isDone()) {
            throw unknown(name, "not found before the attempt was over");
        }
        Resolution resolution = found.join();
        if (resolution.addresses().isEmpty()) {
            throw unknown(name, String.valueOf(resolution.answer()));
        }
        return resolution;
    }

    private static UnknownHostException unknown(String name, String why) {
        return new UnknownHostException(name + ": " + why);
    }

    /** Reports that an attempt failed on a connection to that address: it comes last for a minute. */
    synchronized void failed(InetAddress address) {
        Map<InetAddress, Long> changed = new HashMap<>(failedAt);
        long since = time.nanoTime() - FAILED_ADDRESS_IS_LAST.toNanos();
        changed.values().removeIf(at -> at - since < 0);
        if (changed.size() < MOST_FAILED_ADDRESSES) {
            changed.put(address, time.nanoTime());
        }
        failedAt = changed;
    }

    /** These addresses with those last at which an attempt failed within the last minute. */
    List<InetAddress> inOrder(List<InetAddress> found) {
        Map<InetAddress, Long> failed = failedAt;
        if (failed.isEmpty()) {
            return found;
        }
        long since = time.nanoTime() - FAILED_ADDRESS_IS_LAST.toNanos();
        List<InetAddress> ordered = new ArrayList<>(found);
        ordered.sort(Comparator.comparing(address -> failed.getOrDefault(address, since) - since > 0)); // false first
        return ordered;
    }

    /** Reports that a TLS handshake for that host succeeded on that address. */
    void proven(String connectionHost, InetAddress address) {
        if (!connectionHost.equalsIgnoreCase(host)) {
            lastGood.proven(connectionHost, address);
            return;
        }
        for (int i = 0; i < names.size(); i++) { // in every call, so without an iterator
            lastGood.proven(names.get(i), address);
        }
    }

    void disproven(InetAddress address) {
        names.forEach(name -> lastGood.disproven(name, address));
    }

    void doubt(InetAddress address) {
        names.forEach(name -> lastGood.doubt(name, address));
    }

    /** Whether probably the DNS answers are wrong, and not the endpoint is down. */
    boolean areInDoubt(Collection<InetAddress> failed) {
        return names.stream().allMatch(name -> lastGood.isInDoubt(name, failed));
    }

    /** Whether the names of the endpoint have other addresses since an outage. */
    boolean isGone(InetAddress address) {
        for (int i = 0; i < names.size(); i++) {
            if (lastGood.isGone(names.get(i), address)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return host + " by " + names;
    }
}
