package byroad.okhttp;

import byroad.Endpoint;
import byroad.Provenance;
import byroad.Scheme;
import byroad.TimeSource;
import byroad.dns.Answer;
import byroad.dns.LastGood;
import byroad.dns.Resolution;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import okhttp3.Connection;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one endpoint, in one generation.
 *
 * <p>OkHttp pools connections by the {@code Dns} object they were looked up with, so one such object keeps edge and origin
 * of the same host apart, and a new one, the next generation, leaves a black-holed HTTP/2 connection behind. The last call
 * out of a retired generation closes its socket.
 */
final class EndpointDns implements Dns {
    private final LastGood lastGood;
    private final TimeSource time;
    private final String host;
    private final Scheme scheme;
    private final List<String> lookedUp;
    private final List<String> seeds;

    // Guarded by this.
    private final Map<Connection, Use> uses = new WeakHashMap<>();
    private boolean answered;
    private boolean retired;

    // By the thread that is about to look up: a Dns is not told for which call it is asked.
    private final Map<Thread, CompletableFuture<Void>> callsAsking = new ConcurrentHashMap<>();

    private volatile @Nullable Resolution last;

    EndpointDns(Endpoint endpoint, LastGood lastGood, TimeSource time) {
        this.lastGood = lastGood;
        this.time = time;
        this.host = endpoint.host();
        this.scheme = endpoint.scheme();
        this.lookedUp = endpoint.connectTo().isEmpty() ? List.of(host) : endpoint.connectTo();
        this.seeds = scheme == Scheme.HTTPS ? endpoint.seeds() : List.of();
    }

    private EndpointDns(EndpointDns earlier) {
        this.lastGood = earlier.lastGood;
        this.time = earlier.time;
        this.host = earlier.host;
        this.scheme = earlier.scheme;
        this.lookedUp = earlier.lookedUp;
        this.seeds = earlier.seeds;
    }

    EndpointDns nextGeneration() {
        return new EndpointDns(this);
    }

    /** The endpoint's addresses for its own host; for any other, such as a redirect's or a proxy's, those of that name. */
    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
        CompletableFuture<Void> callEnded = callsAsking.remove(Thread.currentThread());
        return lookup(hostname, callEnded != null ? callEnded : new CompletableFuture<>());
    }

    /** The next look-up of the calling thread fails as soon as that is complete. */
    void endNextLookUpWith(CompletableFuture<Void> callEnded) {
        callsAsking.put(Thread.currentThread(), callEnded);
    }

    private List<InetAddress> lookup(String hostname, CompletableFuture<Void> callEnded) throws UnknownHostException {
        if (!hostname.equalsIgnoreCase(host)) {
            return resolve(hostname, Scheme.HTTP, callEnded).addresses();
        }
        Set<InetAddress> all = new LinkedHashSet<>();
        UnknownHostException nothing = new UnknownHostException(hostname);
        for (String name : lookedUp) {
            try {
                Resolution resolution = resolve(name, scheme, callEnded);
                last = resolution;
                all.addAll(resolution.addresses());
            } catch (UnknownHostException e) {
                nothing = e;
            }
        }
        if (!all.isEmpty()) {
            return new ArrayList<>(all);
        }
        for (String seed : seeds) {
            all.addAll(List.of(InetAddress.getAllByName(seed)));
        }
        if (all.isEmpty()) {
            throw nothing;
        }
        Provenance from =
                new Provenance(Provenance.Source.SEED, "", Duration.ZERO, String.valueOf(nothing.getMessage()));
        List<InetAddress> addresses = new ArrayList<>(all);
        last = new Resolution(new Answer.Addresses(addresses, Duration.ZERO), from);
        return addresses;
    }

    private Resolution resolve(String name, Scheme scheme, CompletableFuture<Void> callEnded)
            throws UnknownHostException {
        try {
            CompletableFuture<Resolution> found = lastGood.lookup(name, scheme);
            if (!found.isDone()) {
                CompletableFuture.anyOf(found, callEnded).get();
            }
            if (!found.isDone()) {
                throw new UnknownHostException(name + ": the call ended while it was looked up");
            }
            Resolution resolution = found.get();
            if (resolution.addresses().isEmpty()) {
                throw new UnknownHostException(name + ": " + resolution.answer());
            }
            return resolution;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(name, new InterruptedIOException("interrupted"));
        } catch (ExecutionException e) {
            throw unknown(name, e.getCause());
        }
    }

    private static UnknownHostException unknown(String name, @Nullable Throwable why) {
        UnknownHostException unknown = new UnknownHostException(name + ": " + why);
        unknown.initCause(why);
        return unknown;
    }

    /** Where the addresses of the last look-up of that host came from. */
    @Nullable
    Provenance provenanceOf(String hostname) {
        Resolution resolution = last;
        return resolution != null && hostname.equalsIgnoreCase(host) ? resolution.from() : null;
    }

    /** TLS for that host succeeded on that address. */
    void proven(String connectionHost, InetAddress address) {
        if (connectionHost.equalsIgnoreCase(host)) {
            lookedUp.forEach(name -> lastGood.proven(name, address));
        } else {
            lastGood.proven(connectionHost, address);
        }
    }

    void disproven(InetAddress address) {
        lookedUp.forEach(name -> lastGood.disproven(name, address));
    }

    void doubt(InetAddress address) {
        lookedUp.forEach(name -> lastGood.doubt(name, address));
    }

    /** A call got that connection; returns for how long it had been idle. */
    synchronized Duration acquired(Connection connection) {
        Use use = uses.computeIfAbsent(connection, fresh -> new Use(time.nanoTime()));
        Duration idle = use.calls == 0 ? Duration.ofNanos(time.nanoTime() - use.idleSince) : Duration.ZERO;
        use.calls++;
        return idle;
    }

    void released(Connection connection) {
        boolean lastOut;
        synchronized (this) {
            Use use = uses.get(connection);
            if (use == null) {
                return;
            }
            use.calls--;
            use.idleSince = time.nanoTime();
            lastOut = retired && use.calls == 0;
        }
        if (lastOut) {
            close(connection);
        }
    }

    synchronized void answered() {
        answered = true;
    }

    /** Whether a request was ever answered in this generation: only then does its silence mean anything. */
    synchronized boolean isAnswered() {
        return answered;
    }

    void retire() {
        List<Connection> idle = new ArrayList<>();
        synchronized (this) {
            retired = true;
            uses.forEach((connection, use) -> {
                if (use.calls == 0) {
                    idle.add(connection);
                }
            });
        }
        idle.forEach(EndpointDns::close);
    }

    private static void close(Connection connection) {
        try {
            connection.socket().close();
        } catch (IOException alreadyGone) {
            // closed is closed
        }
    }

    @Override
    public String toString() {
        return host + " by " + lookedUp;
    }

    private static final class Use {
        int calls;
        long idleSince;

        Use(long now) {
            this.idleSince = now;
        }
    }
}
