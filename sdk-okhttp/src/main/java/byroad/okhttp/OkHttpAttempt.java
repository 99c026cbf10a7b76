package byroad.okhttp;

import byroad.Fault.Delivery;
import byroad.Provenance;
import byroad.call.Attempt;
import byroad.call.CallPlan;
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
 * One attempt as OkHttp makes it, on the caller's call or as a call of its own: the listener of that attempt alone, which knows its
 * connection, what was written and what was answered.
 *
 * <p>OkHttp calls back from the thread of the attempt and, while it races connections, from others.
 */
final class OkHttpAttempt extends EventListener {
    /** How soon after the request a connection that was used before must end, for the request to count as never processed. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(1);

    private static final int OR_SO_MANY_CONNECT_TIMES = 3;

    private final Attempt attempt;
    private final CallPlan plan;
    private final Names names;
    private final Request request;
    private final @Nullable AttemptDns dns; // none where the client only watches
    private final AttemptLimits limits;
    private final boolean canBeWrittenOnce;

    private volatile boolean isReplaced; // by a later attempt that rides on the same call
    private volatile boolean isDelivered;
    private volatile @Nullable Connection connection;
    private volatile @Nullable Generation connectionOf;
    private volatile boolean isReused; // the connection
    private volatile long connectStartedAt;
    private volatile boolean isWritten;
    private volatile long writtenAt;
    private volatile long silentSince;
    private volatile int lastStatus;
    private volatile boolean isBodyBegun;
    private volatile boolean isBodyUnderWay; // on its way to the wire
    private volatile @Nullable Request firstOnTheWire;
    private volatile @Nullable HeaderGuard guard;
    private volatile boolean isGivenUp; // by us
    private volatile @Nullable EventListener ofOwnCall; // what a call of its own tells
    private @Nullable AttemptAnswer answer;

    /** An attempt that sends this request, with the addresses of that {@code Dns} and within these limits. */
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

    /** Listens to the caller's call from now on, in place of an earlier attempt that rode on it and may have left a connection. */
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

    /** It is a call of its own, which tells that listener as well. */
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

    /** Cancels the call of its own: it is not needed any more, or the caller gave up. */
    void giveUp(Call own) {
        isGivenUp = true;
        own.cancel();
    }

    boolean isGivenUp() {
        return isGivenUp;
    }

    /** Sends the request on that chain, with the addresses and within the limits of the attempt. */
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

    /** The answer, once there is one. */
    AttemptAnswer answer() {
        return Objects.requireNonNull(answer);
    }

    void answered(AttemptAnswer answer) {
        this.answer = answer;
    }

    /** Ends a call that followed more redirects and challenges, in all its attempts, than OkHttp follows. */
    void requireFewFollowUps() throws ProtocolException {
        limits.requireFewFollowUps();
    }

    /** Guards the headers of this attempt on the wire. */
    synchronized HeaderGuard guard() {
        HeaderGuard made = guard;
        if (made == null) {
            made = new HeaderGuard(attempt, request);
            guard = made;
        }
        return made;
    }

    /** Headers that an interceptor below has taken out on the way to the wire. */
    List<String> missingOnTheWire() {
        Request written = firstOnTheWire;
        return written == null ? List.of() : HeaderGuard.missing(request, written);
    }

    /** Headers that an interceptor below has added, and that were kept back from another authority. */
    List<String> keptBack() {
        HeaderGuard used = guard;
        return used == null ? List.of() : used.keptBack();
    }

    /** Whether the call has a connection to that host and port that belongs to another endpoint or generation. */
    boolean holdsConnectionOfOther(Generation generation, HttpUrl url) {
        Connection held = connection;
        if (held == null || connectionOf == generation) {
            return false;
        }
        HttpUrl heldUrl = held.route().address().url();
        return heldUrl.host().equals(url.host()) && heldUrl.port() == url.port();
    }

    /** The addresses to which this attempt could not connect, or which could not prove who they are. */
    Collection<InetAddress> failedAddresses() {
        return dns == null ? Set.of() : dns.failed();
    }

    /** The address of the connection; empty where there was none, or a proxy is in between. */
    Optional<InetAddress> peer() {
        Connection held = connection;
        return held == null ? Optional.empty() : peer(held);
    }

    private static Optional<InetAddress> peer(Connection of) {
        return of.route().proxy().type() == Proxy.Type.DIRECT
                ? Optional.ofNullable(of.route().socketAddress().getAddress())
                : Optional.empty();
    }

    Optional<Provenance> address() {
        return dns == null ? Optional.empty() : Optional.ofNullable(dns.from());
    }

    boolean isDelivered() {
        return isDelivered;
    }

    /** The endpoint's answer goes to the caller: what becomes of its body still counts. */
    void delivered() {
        isDelivered = true;
    }

    /** Whether any of the request can have been processed; a body that has begun and can be written once is as good as processed. */
    Delivery deliveryOf(IOException why) {
        boolean isRefused = isRefused(why) && lastStatus == 0 && !isBodySpent();
        return !isWritten || isRefused ? Delivery.NEVER_SENT : Delivery.MAYBE_PROCESSED;
    }

    private static boolean isRefused(IOException why) {
        return OkHttpInternals.isShutDown(why) || OkHttpInternals.isRefused(why);
    }

    /** Why the same attempt is made once more on another connection, at no cost: its own was ending. */
    Resend mayBeResent(IOException why) {
        if (lastStatus != 0 || isBodySpent() || isCallersOwn(why) || isGivenUp) {
            return Resend.NO;
        }
        if (isRefused(why)) {
            return Resend.REFUSED;
        }
        return isReused && isEndOfConnection(why) && hasEndedSoon() ? Resend.ENDED : Resend.NO;
    }

    /** Whether an attempt can be made once more because of its connection. */
    enum Resend {
        NO,
        /** The server did nothing with the request. */
        REFUSED,
        /** The connection was used before, and ended as the request came: the server was closing it (RFC 9112, 9.3.1). */
        ENDED
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
     * Whether OkHttp takes that for final, so that another request would end alike and no endpoint is at fault: an answer that breaks
     * the protocol, too many follow-ups, or a redirect or challenge that failed.
     */
    boolean isFinal(IOException why) {
        return why instanceof ProtocolException || lastStatus != 0;
    }

    /**
     * Whether that is the caller's own doing: its thread was interrupted, or its body threw while it was written. OkHttp tells where the
     * connection failed under a body.
     */
    boolean isCallersOwn(IOException why) {
        boolean interrupted = why instanceof InterruptedIOException && !(why instanceof SocketTimeoutException);
        return interrupted || isBodyUnderWay && lastStatus == 0;
    }

    private boolean isBodySpent() {
        return isBodyBegun && canBeWrittenOnce;
    }

    /** The silence may be the connection's: later calls get a new one, and so does this one. */
    void leaveBlackHole() {
        Connection held = connection;
        Generation generation = connectionOf;
        if (held != null && generation != null && held.protocol() == Protocol.HTTP_2) {
            names.leaveSilent(generation, held, silentSince);
        }
    }

    /** Lets each read of the body take that long; 0 means unlimited. */
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
            names.leave(generation); // this attempt ends where it is, and the next one connects anew
        }
        if (acquired.handshake() != null) {
            InetAddress peer = peer(acquired).orElse(null);
            if (peer != null) {
                generation.addresses().proven(acquired.route().address().url().host(), peer);
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
            firstOnTheWire =
                    firstOnTheWire == null ? written : firstOnTheWire; // what follows is a redirect's or a challenge's
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
        attempt.heard();
        Connection held = connection;
        Generation generation = connectionOf;
        if (held != null && generation != null) {
            generation.answered(held);
            silentSince = names.nanoTime(); // its body may be silent yet
        }
    }

    @Override
    public void followUpDecision(Call call, Response response, @Nullable Request next) {
        if (next != null && !isReplaced) {
            limits.followed();
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
