package byroad.okhttp;

import byroad.Provenance;
import byroad.TimeSource;
import byroad.TimeSource.Scheduled;
import byroad.dns.Resolution;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Dns} of one attempt, and what became of the addresses that it found. It knows its attempt, so that a look-up ends with it: OkHttp neither times out nor cancels
 * one. And it is equal to that of any other attempt of its generation, so that they share connections.
 */
final class AttemptDns implements Dns {
    private final Generation generation;
    private final TimeSource time;
    private final Optional<Duration> within;
    private volatile @Nullable Provenance from;
    private volatile List<InetAddress> lookedUp = List.of();
    private volatile Set<InetAddress> failed = Set.of(); // copied on write: connections race
    private volatile @Nullable CallWatch watch; // null once the attempt is over, for a connection keeps its Dns

    AttemptDns(Generation generation, @Nullable CallWatch watch, Optional<Duration> within, TimeSource time) {
        this.generation = generation;
        this.time = time;
        this.within = within;
        this.watch = watch;
    }

    /** For a request that is nobody's call. */
    static AttemptDns ofNoAttempt(Generation generation, Duration within, TimeSource time) {
        return new AttemptDns(generation, null, Optional.of(within), time);
    }

    Generation generation() {
        return generation;
    }

    /** Where the latest addresses came from; null before a look-up. */
    @Nullable
    Provenance from() {
        return from;
    }

    /** The addresses to which the attempt could not connect, or which could not prove who they are. */
    Set<InetAddress> failed() {
        return failed;
    }

    /** No connection to that address came about; the loser of a race that an earlier attempt ran may tell of it late. */
    void connectFailed(InetAddress to, IOException why) {
        if (!lookedUp.contains(to)) {
            return;
        }
        if (why instanceof SSLPeerUnverifiedException || why.getCause() instanceof CertificateException) {
            alsoFailed(to);
            generation.addresses().disproven(to);
        } else if (isUnreachable(why)) {
            alsoFailed(to);
            generation.addresses().doubt(to);
        }
    }

    private synchronized void alsoFailed(InetAddress one) {
        Set<InetAddress> all = new HashSet<>(failed);
        all.add(one);
        failed = all;
    }

    /** The loser of a race reports a bare "Socket closed": that says nothing about the address. */
    private static boolean isUnreachable(IOException why) {
        return why instanceof ConnectException
                || why instanceof SocketTimeoutException
                || why instanceof NoRouteToHostException
                || !(why instanceof SocketException) && !(why instanceof InterruptedIOException);
    }

    void attemptIsOver() {
        watch = null;
    }

    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
        CallWatch attempt = watch;
        Resolution found = generation.addresses().atHand(hostname);
        if (found == null) {
            found = lookUp(hostname, attempt);
        }
        from = found.from();
        List<InetAddress> all = found.addresses();
        if (!lookedUp.isEmpty()) { // of another name before a redirect
            all = new ArrayList<>(lookedUp);
            all.addAll(found.addresses());
        }
        lookedUp = all;
        return found.addresses();
    }

    private Resolution lookUp(String hostname, @Nullable CallWatch attempt) throws UnknownHostException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        AtomicBoolean tooLate = new AtomicBoolean();
        Optional<Scheduled> limit = within.map(left -> time.schedule(left, () -> {
            tooLate.set(true);
            over.complete(null);
        }));
        if (attempt != null) {
            attempt.endsWithCall(over);
        }
        try {
            return generation.addresses().lookup(hostname, over);
        } catch (UnknownHostException e) {
            throw tooLate.get() ? AttemptDns.<UnknownHostException>undeclared(timeout(e)) : e;
        } catch (InterruptedIOException e) {
            throw AttemptDns.<UnknownHostException>undeclared(e);
        } finally {
            limit.ifPresent(Scheduled::cancel);
        }
    }

    /** Slow is not unknown, for those who catch it. */
    private static SocketTimeoutException timeout(UnknownHostException unknown) {
        SocketTimeoutException timeout = new SocketTimeoutException(unknown.getMessage());
        timeout.initCause(unknown);
        return timeout;
    }

    /** OkHttp takes any {@code IOException} from a look-up, and an interrupt is to reach its caller as the one it is. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends IOException> E undeclared(IOException e) throws E {
        throw (E) e;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AttemptDns that && that.generation == generation;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(generation);
    }

    @Override
    public String toString() {
        return generation.addresses().toString();
    }
}
