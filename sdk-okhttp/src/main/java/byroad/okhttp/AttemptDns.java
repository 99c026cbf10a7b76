package byroad.okhttp;

import byroad.Provenance;
import byroad.TimeSource;
import byroad.TimeSource.Scheduled;
import byroad.call.TlsFailure;
import byroad.dns.Resolution;
import byroad.okhttp.OwnDns.Said;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Connection;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Dns} of one attempt, which records the addresses that failed. A look-up ends with its attempt, because
 * OkHttp neither times out nor cancels one. It is equal to that of every other attempt of its generation, so that they
 * share connections; if it asks for a fresh connection, it is equal to no other until it has one.
 */
final class AttemptDns implements Dns {
    private final Generation generation;
    private final TimeSource time;
    private final Optional<Duration> within;
    private volatile @Nullable Provenance from;
    private volatile List<InetAddress> lookedUp = List.of();
    private volatile Set<InetAddress> failed = Set.of(); // copied on write: connections race
    private volatile @Nullable CompletableFuture<Void> lookingUp;
    private volatile boolean isOver;
    private volatile boolean isFresh;
    private volatile @Nullable Throwable unresolved;
    private volatile Duration askAgain = Duration.ZERO;

    AttemptDns(Generation generation, Optional<Duration> within, TimeSource time) {
        this.generation = generation;
        this.time = time;
        this.within = within;
    }

    /** The generation of that connection; null if it was not made by this class. */
    static @Nullable Generation generationOf(Connection connection) {
        return connection.route().address().dns() instanceof AttemptDns dns ? dns.generation : null;
    }

    /** Asks for a fresh connection: a pooled one is not used. */
    AttemptDns fresh() {
        isFresh = true;
        return this;
    }

    /** There is a connection, which can be shared from now on. */
    void connected() {
        isFresh = false;
    }

    Generation generation() {
        return generation;
    }

    /** The provenance of the latest addresses; null before a look-up. */
    @Nullable
    Provenance from() {
        return from;
    }

    /** The exception of the look-up that found no address; null if there was none. */
    @Nullable
    Throwable unresolved() {
        return unresolved;
    }

    /** After a failed look-up, the time after which the resolvers are asked again. */
    Duration askAgain() {
        return askAgain;
    }

    /** The addresses to which the attempt could not connect, or whose certificate was not accepted. */
    Set<InetAddress> failed() {
        return failed;
    }

    /**
     * Reports that a connection to that address failed; may be called late, for the lost race of an earlier attempt.
     */
    void connectFailed(InetAddress to, IOException why) {
        if (!lookedUp.contains(to)) {
            return;
        }
        if (TlsFailure.isUntrustedPeer(why)) {
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

    /** Whether the failure is about the address: the loser of a race only reports "Socket closed". */
    private static boolean isUnreachable(IOException why) {
        return why instanceof ConnectException
                || why instanceof SocketTimeoutException
                || why instanceof NoRouteToHostException
                || !(why instanceof SocketException) && !(why instanceof InterruptedIOException);
    }

    /** The attempt is over, or its call is cancelled: ends a look-up. */
    void attemptIsOver() {
        isOver = true;
        CompletableFuture<Void> current = lookingUp;
        if (current != null) {
            current.complete(null);
        }
    }

    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
        Resolution found = generation.addresses().atHand(hostname);
        if (found == null) {
            found = lookUp(hostname);
        }
        lookedUp(found.addresses(), found.from());
        return generation.addresses().inOrder(found.addresses());
    }

    private void lookedUp(List<InetAddress> addresses, Provenance by) {
        from = by;
        List<InetAddress> all = addresses;
        if (!lookedUp.isEmpty()) { // for another name before a redirect
            all = new ArrayList<>(lookedUp);
            all.addAll(addresses);
        }
        lookedUp = all;
    }

    /**
     * A {@code Dns} of the client that gives more than addresses is asked for all of it, if the addresses are those of
     * the host: a remembered address, or one of another name or resolver, must not get its records.
     */
    @Override
    public Dns.Call newCall(Dns.Request request) {
        EndpointAddresses addresses = generation.addresses();
        OwnDns own = addresses.ownDns(request.hostname());
        Dns.Call call = own == null ? null : own.newCall(request);
        if (own == null || call == null) {
            return Dns.super.newCall(request);
        }
        CompletableFuture<Void> over = new CompletableFuture<>();
        Optional<Scheduled> limit = within.map(left -> time.schedule(left, () -> over.complete(null)));
        lookingUp = over;
        if (isOver) {
            over.complete(null);
        }
        // No variable of that class: before OkHttp 5.5 it cannot be linked.
        return RecordsCall.of(call, over, timeout(new UnknownHostException(request.hostname())), said -> {
            lookingUp = null;
            limit.ifPresent(Scheduled::cancel);
            return learned(own, said, over);
        });
    }

    private Said learned(OwnDns own, Said said, CompletableFuture<Void> over) {
        EndpointAddresses addresses = generation.addresses();
        Resolution found;
        try {
            found = own.with(said, () -> addresses.lookupHere(said.host(), over));
        } catch (Exception interrupted) {
            return said;
        }
        if (said.hasAddresses()) {
            lookedUp(said.addressesGiven(), found.from());
            return said.inOrder(addresses.inOrder(said.addressesGiven()));
        } else if (!found.addresses().isEmpty()) {
            lookedUp(found.addresses(), found.from());
            return Said.of(said.host(), addresses.inOrder(found.addresses()));
        }
        Throwable failure = addresses.failure(said.host(), found);
        askAgain = found.askAgain();
        unresolved = failure;
        return failure instanceof IOException why ? said.failed(why) : said;
    }

    /** A look-up without a limit of the attempt may run on this thread, as it does without us. */
    private Resolution lookUp(String hostname) throws UnknownHostException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        AtomicBoolean tooLate = new AtomicBoolean();
        Optional<Scheduled> limit = within.map(left -> time.schedule(left, () -> {
            tooLate.set(true);
            over.complete(null);
        }));
        lookingUp = over;
        if (isOver) {
            over.complete(null);
        }
        EndpointAddresses addresses = generation.addresses();
        try {
            Resolution found =
                    within.isPresent() ? addresses.lookup(hostname, over) : addresses.lookupHere(hostname, over);
            if (found.addresses().isEmpty()) {
                Throwable failure = addresses.failure(hostname, found);
                if (tooLate.get()) {
                    throw AttemptDns.<UnknownHostException>undeclared(timeout(failure));
                }
                askAgain = found.askAgain();
                unresolved = failure;
                throw AttemptDns.<UnknownHostException>undeclared(failure);
            }
            return found;
        } catch (InterruptedIOException e) {
            throw AttemptDns.<UnknownHostException>undeclared(e);
        } finally {
            lookingUp = null;
            limit.ifPresent(Scheduled::cancel);
        }
    }

    /** A timeout, because the name is not unknown: its look-up was too slow. */
    private static SocketTimeoutException timeout(Throwable unknown) {
        SocketTimeoutException timeout = new SocketTimeoutException(unknown.getMessage());
        timeout.initCause(unknown);
        return timeout;
    }

    /**
     * Throws any exception from a look-up, which OkHttp accepts, so that what the client's own look-up throws, and an
     * interrupt, reach the caller unchanged.
     */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E undeclared(Throwable e) throws E {
        throw (E) e;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof AttemptDns that
                        && generation.isSharedWith(that.generation)
                        && !that.isFresh
                        && !isFresh;
    }

    @Override
    public int hashCode() {
        return generation.poolHash();
    }

    @Override
    public String toString() {
        return generation.addresses().toString();
    }
}
