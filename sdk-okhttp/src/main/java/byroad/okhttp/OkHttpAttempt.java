package byroad.okhttp;

import byroad.Fault.Delivery;
import byroad.Provenance;
import byroad.call.Attempt;
import byroad.call.CallPlan;
import byroad.call.TlsFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.UnknownServiceException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One attempt with OkHttp, on the caller's call or as a separate call: an event listener of that attempt only, which
 * knows its connection, what was written and what was answered.
 *
 * <p>OkHttp calls it from the thread of the attempt and, while it races connections, from other threads.
 */
final class OkHttpAttempt extends EventListener {
    /** If a reused connection ends within this time after the request, the request counts as never processed. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(1);

    private static final int OR_SO_MANY_CONNECT_TIMES = 3;

    /** The same limit as in OkHttp. */
    private static final int MOST_FOLLOW_UPS = 20;

    private final Attempt attempt;
    private final CallPlan plan;
    private final Names names;
    private final Request request;
    private final @Nullable AttemptDns dns; // null if the client only watches
    private final AttemptLimits limits;
    private final boolean canBeWrittenOnce;

    private volatile boolean isReplaced; // by a later attempt on the same call
    private volatile boolean isDelivered;
    private volatile @Nullable Connection connection;
    private volatile @Nullable Generation connectionOf;
    private volatile boolean isReused; // the connection
    private volatile long connectStartedAt;
    private volatile boolean isWritten;
    private volatile long writtenAt;
    private volatile long silentSince;
    private volatile int lastStatus; // of the attempt; 0 before the first response
    private volatile boolean isHeard; // the response to the request that is under way
    private volatile @Nullable Request followUp; // that is under way, after a redirect or a challenge
    private int followUps; // on the thread of the attempt
    private volatile boolean isBodyBegun;
    private volatile boolean isBodyUnderWay; // being written
    private volatile @Nullable Request firstOnTheWire;
    private volatile @Nullable HeaderGuard guard;
    private volatile boolean isGivenUp; // by this class
    private volatile @Nullable EventListener ofOwnCall; // the listener of a separate call
    private @Nullable AttemptAnswer answer;

    /** An attempt that sends this request, with the addresses of that {@code Dns} and these limits. */
    OkHttpAttempt(
            Attempt attempt,
            CallPlan plan,
            Names names,
            Request request,
            @Nullable AttemptDns dns,
            AttemptLimits limits) {
        this.attempt = attempt;
        this.plan = plan;
        this.names = names;
        this.dns = dns;
        this.limits = limits;
        RequestBody body = request.body();
        this.canBeWrittenOnce = body != null && (body.isDuplex() || body.isOneShot());
        this.request = request;
    }

    /**
     * Listens to the caller's call from now on, in place of an earlier attempt on it, whose connection the call may
     * still hold.
     */
    OkHttpAttempt rideOn(Call call, @Nullable OkHttpAttempt before) {
        if (before != null) {
            before.isReplaced = true;
            connection = before.connection;
            connectionOf = before.connectionOf;
            isReused = connection != null;
        }
        call.addEventListener(this);
        return this;
    }

    /** Makes it a separate call, which also calls that listener. */
    OkHttpAttempt onItsOwn(EventListener listener) {
        ofOwnCall = listener;
        return this;
    }

    boolean isOnItsOwn() {
        return ofOwnCall != null;
    }

    EventListener ofOwnCall() {
        return Objects.requireNonNull(ofOwnCall);
    }

    /** Cancels the separate call: it is not needed any more, or the caller cancelled. */
    void giveUp(Call own) {
        isGivenUp = true;
        own.cancel();
    }

    boolean isGivenUp() {
        return isGivenUp;
    }

    /** Sends the request on that chain, with the addresses and the limits of the attempt. */
    Response proceed(Interceptor.Chain chain) throws IOException {
        AttemptDns looksUp = dns;
        if (looksUp == null) {
            return chain.proceed(request);
        }
        try {
            Interceptor.Chain limited = limits.on(chain.withDns(looksUp).withRetryOnConnectionFailure(false), attempt);
            Response response = limited.proceed(request);
            limits.widen(response, connection);
            return response;
        } finally {
            looksUp.attemptIsOver();
        }
    }

    Attempt attempt() {
        return attempt;
    }

    CallPlan plan() {
        return plan;
    }

    Request request() {
        return request;
    }

    /** The response; only after it has arrived. */
    AttemptAnswer answer() {
        return Objects.requireNonNull(answer);
    }

    void answered(AttemptAnswer answer) {
        this.answer = answer;
    }

    /** Sets the number of redirects and challenges that the call has followed before. */
    OkHttpAttempt after(int followUpsBefore) {
        followUps = followUpsBefore;
        return this;
    }

    /** The request to send again: the one that was under way. */
    Request underWay() {
        Request follows = followUp;
        return follows == null ? request : follows;
    }

    /** Continues that one, whose request is sent again: the headers that were meant for its first URL stay so. */
    OkHttpAttempt continuing(OkHttpAttempt before) {
        if (before.followUp != null) {
            guard = before.guard();
            followUp = before.followUp;
            lastStatus = before.lastStatus;
            firstOnTheWire = before.firstOnTheWire;
        }
        return this;
    }

    /** The number of redirects and challenges that the call has followed, in all its attempts so far. */
    int followUps() {
        return followUps;
    }

    /** Fails a call that followed more redirects and challenges, in all its attempts, than OkHttp follows. */
    void requireFewFollowUps() throws ProtocolException {
        if (followUps > MOST_FOLLOW_UPS) {
            throw new ProtocolException("Too many follow-up requests: " + followUps);
        }
    }

    /** The header guard of this attempt. */
    synchronized HeaderGuard guard() {
        HeaderGuard made = guard;
        if (made == null) {
            made = new HeaderGuard(attempt, request);
            guard = made;
        }
        return made;
    }

    /** The headers that an interceptor below has removed. */
    List<String> missingOnTheWire() {
        Request written = firstOnTheWire;
        return written == null ? List.of() : HeaderGuard.missing(request, written);
    }

    /** The headers that an interceptor below has added and that were not sent to another authority. */
    List<String> keptBack() {
        HeaderGuard used = guard;
        return used == null ? List.of() : used.keptBack();
    }

    /** Whether its call has a connection to the host and port of that attempt, but of another endpoint or generation. */
    boolean holdsConnectionOfOther(OkHttpAttempt other) {
        Connection held = connection;
        if (held == null || connectionOf == other.generation()) {
            return false;
        }
        HttpUrl url = other.request.url();
        HttpUrl heldUrl = held.route().address().url();
        return heldUrl.host().equals(url.host()) && heldUrl.port() == url.port();
    }

    private @Nullable Generation generation() {
        return dns == null ? null : dns.generation();
    }

    /** The attempt failed: later attempts try the address of its connection last. */
    void failedAtItsAddress() {
        Generation generation = generation();
        if (generation != null) {
            peer().ifPresent(generation.addresses()::failed);
        }
    }

    /** Whether probably the DNS answer is wrong, and not the endpoint is down. */
    boolean isDnsAnswerInDoubt() {
        Generation generation = generation();
        return generation != null && generation.addresses().areInDoubt(failedAddresses());
    }

    /** The addresses to which this attempt could not connect, or whose certificate was not accepted. */
    Collection<InetAddress> failedAddresses() {
        return dns == null ? Set.of() : dns.failed();
    }

    /** The address of the connection; empty if there was none, or if a proxy is used. */
    private Optional<InetAddress> peer() {
        Connection held = connection;
        return held == null ? Optional.empty() : peer(held);
    }

    private static Optional<InetAddress> peer(Connection of) {
        return of.route().proxy().type() == Proxy.Type.DIRECT
                ? Optional.ofNullable(of.route().socketAddress().getAddress())
                : Optional.empty();
    }

    /** Whether that failure is the one of the look-up. */
    boolean isUnresolved(IOException why) {
        return dns != null && dns.unresolved() == why;
    }

    Duration askAgain() {
        return dns == null ? Duration.ZERO : dns.askAgain();
    }

    Optional<Provenance> address() {
        return dns == null ? Optional.empty() : Optional.ofNullable(dns.from());
    }

    boolean isDelivered() {
        return isDelivered;
    }

    /** Reports that the response is delivered: a failure of its body still counts. */
    void delivered() {
        isDelivered = true;
    }

    /** Whether the request may have been processed; a one-shot body that has begun counts as possibly processed. */
    Delivery deliveryOf(IOException why) {
        boolean isRefused = isRefused(why) && !isHeard && !isBodySpent();
        return followUp == null && (!isWritten || isRefused) ? Delivery.NEVER_SENT : Delivery.MAYBE_PROCESSED;
    }

    private static boolean isRefused(IOException why) {
        return OkHttpInternals.isShutDown(why) || OkHttpInternals.isRefused(why);
    }

    /**
     * Whether the request that is under way may be sent again on another connection, without cost, because its
     * connection was ending. After a redirect or a challenge, that is the request that follows it.
     */
    Resend mayBeResent(IOException why) {
        if (isHeard || isBodySpent() || isCallersOwn(why) || isGivenUp) {
            return Resend.NO;
        }
        if (isRefused(why)) {
            return Resend.REFUSED;
        }
        boolean isEnd = isReused && isEndOfConnection(why) && hasEndedSoon();
        return isEnd && !attempt.isStrictlyOnce() ? Resend.ENDED : Resend.NO;
    }

    /** Whether an attempt may be made again because of its connection. */
    enum Resend {
        NO,
        /** The server did not process the request. */
        REFUSED,
        /** The connection was used before, and ended as the request came: the server was closing it (RFC 9112, 9.3.1). */
        ENDED
    }

    /** Whether the connection was used before. */
    boolean isReused() {
        return isReused;
    }

    private static boolean isEndOfConnection(IOException why) {
        return !(why instanceof InterruptedIOException
                || why instanceof ProtocolException
                || why instanceof UnknownServiceException
                || why instanceof SSLHandshakeException
                || why instanceof SSLPeerUnverifiedException
                || OkHttpInternals.isReset(why));
    }

    private boolean hasEndedSoon() {
        Connection held = connection;
        Generation of = connectionOf;
        long connecting = held == null || of == null ? 0 : of.connectNanos(held);
        long soon = Math.max(ENDS_WITHIN.toNanos(), OR_SO_MANY_CONNECT_TIMES * connecting);
        return !isWritten || names.nanoTime() - writtenAt <= soon;
    }

    /**
     * Whether the failure is final for OkHttp, so that another request would fail in the same way and no endpoint is at
     * fault: a response that violates the protocol, too many follow-ups, a redirect or challenge that failed, or a certificate
     * of the client that is refused.
     */
    boolean isFinal(IOException why) {
        return why instanceof ProtocolException || lastStatus != 0 || TlsFailure.isRefusedClient(why);
    }

    /**
     * Whether the caller caused the failure: its thread was interrupted, or its body threw while it was written. OkHttp
     * reports it if the connection failed while the body was written.
     */
    boolean isCallersOwn(IOException why) {
        boolean interrupted = why instanceof InterruptedIOException && !(why instanceof SocketTimeoutException);
        return interrupted || isBodyUnderWay && !isHeard;
    }

    private boolean isBodySpent() {
        Request follows = followUp;
        return isBodyBegun && canBeWrittenOnce && (follows == null || follows.body() != null);
    }

    /**
     * Starts a new generation of connections if the connection may be dead: later calls, and this one, then get a new
     * connection.
     */
    void leaveBlackHole() {
        Connection held = connection;
        Generation generation = connectionOf;
        if (held != null && generation != null && held.protocol() == Protocol.HTTP_2) {
            names.leaveSilent(generation, held, silentSince);
        }
    }

    /** Sets the read timeout of the body; 0 means unlimited. */
    void widenSocket(int readTimeoutMillis) {
        AttemptLimits.limitReads(connection, readTimeoutMillis);
    }

    @Override
    public void canceled(Call call) {
        if (dns != null && !isReplaced) {
            dns.attemptIsOver();
        }
    }

    @Override
    public void proxySelectEnd(Call call, HttpUrl url, List<Proxy> proxies) {
        if (!proxies.isEmpty() && proxies.get(0).type() != Proxy.Type.DIRECT) {
            names.behindProxy(proxies.get(0));
        }
    }

    @Override
    public void connectStart(Call call, InetSocketAddress to, Proxy proxy) {
        connectStartedAt = names.nanoTime();
    }

    @Override
    public void connectFailed(
            Call call, InetSocketAddress to, Proxy proxy, @Nullable Protocol protocol, IOException why) {
        if (dns != null && !isReplaced && proxy.type() == Proxy.Type.DIRECT && to.getAddress() != null) {
            dns.connectFailed(to.getAddress(), why);
        }
    }

    @Override
    public void connectionAcquired(Call call, Connection acquired) {
        if (isReplaced) {
            return;
        }
        connection = acquired;
        Generation generation = AttemptDns.generationOf(acquired);
        connectionOf = generation;
        if (dns != null) {
            dns.connected();
            if (generation == null || !generation.isSharedWith(dns.generation()) && generation != dns.generation()) {
                names.dnsIsReplaced();
            }
        }
        if (generation == null) {
            return;
        }
        isReused = generation.acquired(acquired, connectStartedAt == 0 ? 0 : names.nanoTime() - connectStartedAt);
        if (generation.isGone(acquired)) {
            names.leave(generation); // this attempt keeps its connection, the next one makes a new one
        }
        if (acquired.handshake() != null) {
            InetAddress peer = peer(acquired).orElse(null);
            if (peer != null) {
                generation.proven(acquired, peer);
            }
        }
    }

    @Override
    public void connectionReleased(Call call, Connection released) {
        if (isReplaced || connection != released) {
            return;
        }
        Generation generation = connectionOf;
        if (generation != null) {
            generation.released(released);
        }
        connection = null;
        connectionOf = null;
    }

    @Override
    public void requestHeadersStart(Call call) {
        if (isReplaced) {
            return;
        }
        silentSince = names.nanoTime();
        if (OkHttpRetries.after(lastStatus)) {
            plan.retriedBelow("OkHttp retries by itself after a " + lastStatus);
        }
    }

    @Override
    public void requestHeadersEnd(Call call, Request written) {
        if (!isReplaced) {
            firstOnTheWire = firstOnTheWire == null
                    ? written
                    : firstOnTheWire; // later requests follow a redirect or a challenge
            isWritten = true;
            written();
        }
    }

    @Override
    public void requestBodyStart(Call call) {
        if (!isReplaced) {
            isBodyBegun = true;
            isBodyUnderWay = true;
        }
    }

    @Override
    public void requestBodyEnd(Call call, long byteCount) {
        if (!isReplaced) {
            isBodyUnderWay = false;
            written();
        }
    }

    private void written() {
        writtenAt = names.nanoTime();
        attempt.written();
    }

    @Override
    public void requestFailed(Call call, IOException why) {
        isBodyUnderWay = false;
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        if (isReplaced) {
            return;
        }
        lastStatus = response.code();
        isHeard = true;
        attempt.heard();
        Connection held = connection;
        Generation generation = connectionOf;
        if (held != null && generation != null) {
            generation.answered(held);
            silentSince = names.nanoTime(); // its body may still be silent
        }
    }

    @Override
    public void followUpDecision(Call call, Response response, @Nullable Request next) {
        if (next != null && !isReplaced) {
            followUps++;
            followUp = next;
            isHeard = false;
            isWritten = false;
            isReused = connection != null; // unless it gets another one, which is reported
        }
    }

    @Override
    public void responseFailed(Call call, IOException why) {
        if (isDelivered && lastStatus != 101 && !isReplaced && !call.isCanceled() && !isCallersOwn(why)) {
            plan.bodyFailed(why);
            if (why instanceof SocketTimeoutException) {
                leaveBlackHole();
            }
        }
    }
}
