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
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the addresses of one endpoint: those of its names, or its seeds if the resolvers do not answer and nothing that
 * they said before may be used. An answer without addresses stands: no seed is used against it.
 */
final class EndpointAddresses {
    private static final int MOST_CAUSES = 8;

    private static final Resolution LATE = new Resolution(
            new Answer.Failed("not found before the attempt was over"),
            new Provenance(Provenance.Source.FRESH, "", Duration.ZERO, ""));

    /** OkHttp, too, tries an address that failed after the others. */
    private static final Duration FAILED_ADDRESS_IS_LAST = Duration.ofMinutes(1);

    private static final int MOST_FAILED_ADDRESSES = 64;

    private final LastGood lastGood;
    private final OwnDns own;
    private final String host;
    private final Scheme scheme;
    private final List<String> names;
    private final List<String> seeds;
    private final TimeSource time;
    private volatile Map<InetAddress, Long> failedAt = Map.of(); // copied on write

    EndpointAddresses(Endpoint endpoint, LastGood lastGood, TimeSource time) {
        this(endpoint, lastGood, new OwnDns(Dns.SYSTEM), time);
    }

    EndpointAddresses(Endpoint endpoint, LastGood lastGood, OwnDns own, TimeSource time) {
        this.lastGood = lastGood;
        this.own = own;
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

    /** The client's own {@code Dns}, if it alone is asked for that host and its addresses are the host's own; else null. */
    @Nullable
    OwnDns ownDns(String hostname) {
        boolean isOfOtherName = hostname.equalsIgnoreCase(host) && !names.equals(List.of(host));
        return !isOfOtherName && lastGood.asksOwnOnly(hostname) ? own : null;
    }

    /** The fresh addresses, if there is nothing to wait for or to combine; else null. */
    @Nullable
    Resolution atHand(String hostname) {
        return names.size() > 1 || !hostname.equals(host) ? null : lastGood.fresh(names.get(0));
    }

    /**
     * The endpoint's addresses for its own host; for any other host, such as that of a redirect or a proxy, the
     * addresses of that name.
     *
     * @param over ends the wait
     * @return an answer without addresses if there are none
     */
    Resolution lookup(String hostname, CompletableFuture<Void> over)
            throws UnknownHostException, InterruptedIOException {
        return lookup(hostname, over, lastGood::lookup);
    }

    /** The same; the client's own look-up may run on the calling thread, and the wait then has no end of ours. */
    Resolution lookupHere(String hostname, CompletableFuture<Void> over)
            throws UnknownHostException, InterruptedIOException {
        return lookup(hostname, over, (name, of) -> lastGood.lookup(name, of, Runnable::run));
    }

    private Resolution lookup(String hostname, CompletableFuture<Void> over, LookUp ask)
            throws UnknownHostException, InterruptedIOException {
        if (!hostname.equalsIgnoreCase(host)) {
            return found(hostname, Scheme.HTTP, ask, over);
        }
        if (names.size() == 1) {
            Resolution found = found(names.get(0), scheme, ask, over);
            return found.addresses().isEmpty() ? seedsOr(found) : found;
        }
        // All at once: no look-up waits for the one before it.
        Map<String, CompletableFuture<Resolution>> asked = new LinkedHashMap<>();
        names.forEach(name -> asked.put(name, lastGood.lookup(name, scheme)));
        Set<InetAddress> all = new LinkedHashSet<>();
        Resolution found = null;
        for (Map.Entry<String, CompletableFuture<Resolution>> one : asked.entrySet()) {
            Resolution its = awaited(one.getKey(), one.getValue(), over);
            found = found == null || found.addresses().isEmpty() ? its : found;
            all.addAll(its.addresses());
        }
        Resolution best = Objects.requireNonNull(found);
        return all.isEmpty() ? seedsOr(best) : together(all, best.from());
    }

    /** The seeds if there are any and no name of the endpoint was denied. */
    private Resolution seedsOr(Resolution nothing) throws UnknownHostException {
        Set<InetAddress> all = new LinkedHashSet<>();
        for (String seed : seeds) {
            all.addAll(List.of(InetAddress.getAllByName(seed)));
        }
        boolean isAnswered =
                nothing.answer() instanceof Answer.Blocked || names.stream().anyMatch(lastGood::isDenied);
        return all.isEmpty() || isAnswered
                ? nothing
                : together(all, new Provenance(Provenance.Source.SEED, "", Duration.ZERO, why(nothing)));
    }

    private static String why(Resolution nothing) {
        return String.valueOf(nothing.answer());
    }

    private static Resolution together(Set<InetAddress> all, Provenance from) {
        return new Resolution(new Answer.Addresses(new ArrayList<>(all), Duration.ZERO), from);
    }

    /** A look-up that ended because the thread of another call was interrupted is made again. */
    private static Resolution found(String name, Scheme scheme, LookUp ask, CompletableFuture<Void> over)
            throws InterruptedIOException {
        while (true) {
            CompletableFuture<Resolution> asked = ask.of(name, scheme);
            boolean isOwn = asked.isDone();
            Resolution found = awaited(name, asked, over);
            if (isOwn || over.isDone() || !isInterrupted(found.thrown())) {
                return found;
            }
        }
    }

    private static boolean isInterrupted(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            boolean isTimeout = cause instanceof SocketTimeoutException;
            if (cause instanceof InterruptedException || cause instanceof InterruptedIOException && !isTimeout) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static Resolution awaited(String name, CompletableFuture<Resolution> found, CompletableFuture<Void> over)
            throws InterruptedIOException {
        try {
            if (!found.isDone()) {
                CompletableFuture.anyOf(found, over).get();
            }
            return found.getNow(LATE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + name + " was looked up");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause()); // a look-up never fails
        }
    }

    /** The exception for a look-up without addresses: what the client's own look-up threw, else one that says why. */
    Throwable failure(String hostname, Resolution nothing) {
        String name = hostname.equalsIgnoreCase(host) ? names.get(names.size() - 1) : hostname;
        Throwable thrown = nothing.thrown();
        return thrown != null ? thrown : new UnknownHostException(name + ": " + nothing.answer());
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

    /** A way to look one name up. */
    private interface LookUp {
        CompletableFuture<Resolution> of(String name, Scheme scheme);
    }
}
