package byroad.okhttp;

import byroad.TimeSource;
import byroad.TimeSource.Scheduled;
import byroad.dns.Resolution;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Dns} of one attempt. It knows its attempt, so that a look-up ends with it: OkHttp neither times out nor cancels
 * one. And it is equal to that of any other attempt of its generation, so that they share connections.
 */
final class AttemptDns implements Dns {
    private final Generation generation;
    private final TimeSource time;
    private final Optional<Duration> within;
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
        if (attempt != null) {
            attempt.lookedUp(found);
        }
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
