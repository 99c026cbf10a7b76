package byroad.okhttp;

import byroad.Fault.Delivery;
import byroad.Provenance;
import byroad.TimeSource;
import byroad.call.CallPlan;
import byroad.call.Step;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.http2.ConnectionShutdownException;
import okhttp3.internal.http2.ErrorCode;
import okhttp3.internal.http2.StreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * Watches one call: which connection it has and whose, whether the request was written, which addresses proved
 * themselves or failed, and when it is cancelled.
 *
 * <p>OkHttp calls back from the call's thread and, while it races connections, from others.
 */
final class CallWatch extends EventListener {
    /** The thread on which okio ends what takes too long; nothing else tells a timeout of a call from a cancel. */
    private static final String CLOCK_OF_OKHTTP = "Okio Watchdog";

    private static final Duration TOLD_WITHIN = Duration.ofMillis(100);

    private volatile CallPlan plan;
    private volatile Names names;
    private volatile @Nullable CompletableFuture<Boolean> pausing;

    private volatile @Nullable CompletableFuture<Void> lookUpOver;
    private volatile boolean canceled;
    private volatile boolean timedOut;
    private volatile Step.@Nullable Send under; // way
    private volatile @Nullable Request leaving;
    private volatile @Nullable Luggage luggage;
    private volatile @Nullable AttemptDns dns;
    private volatile @Nullable Connection connection;
    private volatile @Nullable Generation connectionOf;
    private volatile boolean sent;
    private volatile long silentSince;
    private volatile @Nullable Request onTheWire;
    private volatile boolean condemned;
    private volatile boolean mustBeSentOnce;
    private volatile boolean canBeWrittenOnce;
    private volatile boolean isBodyGone;
    private volatile boolean connectionFailed;
    private volatile @Nullable IOException ofBody;
    private volatile boolean deadlineReached;
    private volatile boolean delivered;
    private volatile int lastStatus;

    private CallWatch(CallPlan plan, Names names) {
        this.plan = plan;
        this.names = names;
    }

    /** The watch of that call: the same one where an interceptor above sends it on for a second time. */
    static CallWatch of(Call call, CallPlan plan, Names names) {
        CallWatch known = call.tag(CallWatch.class);
        if (known != null) {
            known.plan = plan;
            known.names = names;
            known.delivered = false;
            return known;
        }
        CallWatch watch = new CallWatch(plan, names);
        call.tag(CallWatch.class, () -> watch);
        call.addEventListener(watch);
        return watch;
    }

    /** Whether this client has sent the call on already, being installed twice; an earlier call's request tells nothing. */
    static boolean isUnderWay(Interceptor.Chain chain) {
        CallWatch known = chain.call().tag(CallWatch.class);
        return known != null
                && !known.delivered
                && known.plan == chain.request().tag(CallPlan.class);
    }

    /** What is planned for the call, the last time that it was sent on. */
    CallPlan plan() {
        return plan;
    }

    void attemptStarts(AttemptDns looksUp, Step.Send send, Request request) {
        forget();
        under = send;
        leaving = request;
        luggage = null;
        dns = looksUp;
        RequestBody body = request.body();
        canBeWrittenOnce = body != null && (body.isDuplex() || body.isOneShot());
        mustBeSentOnce = !request.method().equals("GET") && !request.method().equals("HEAD");
    }

    /** What was seen of an earlier attempt says nothing of the next. */
    void forget() {
        dns = null;
        sent = false;
        onTheWire = null;
        condemned = false;
        lastStatus = 0;
        isBodyGone = false;
        connectionFailed = false;
        ofBody = null;
    }

    void attemptIsOver() {
        under = null;
        leaving = null;
        luggage = null;
    }

    /** What the attempt under way carries; null if there is none. Asked for on the call's thread. */
    @Nullable
    Luggage luggage() {
        Step.Send send = under;
        Request request = leaving;
        if (luggage == null && send != null && request != null) {
            luggage = new Luggage(send, request);
        }
        return luggage;
    }

    /** Whether the call still has a connection to the same host and port that belongs to another endpoint or generation. */
    boolean holdsConnectionOfOther(Generation generation, HttpUrl url) {
        Connection held = connection;
        if (held == null || connectionOf == generation) {
            return false;
        }
        HttpUrl heldUrl = held.route().address().url();
        return heldUrl.host().equals(url.host()) && heldUrl.port() == url.port();
    }

    /** That look-up ends with the call. */
    void endsWithCall(CompletableFuture<Void> over) {
        lookUpOver = over;
        if (canceled) {
            over.complete(null);
        }
    }

    /** The addresses to which this attempt could not connect, or which could not prove who they are. */
    Collection<InetAddress> failedAddresses() {
        AttemptDns ofAttempt = dns;
        return ofAttempt == null ? List.of() : ofAttempt.failed();
    }

    @Override
    public void proxySelectEnd(Call call, HttpUrl url, List<Proxy> proxies) {
        if (!proxies.isEmpty() && proxies.get(0).type() != Proxy.Type.DIRECT) {
            names.behindProxy(proxies.get(0));
        }
    }

    @Override
    public void connectFailed(
            Call call, InetSocketAddress to, Proxy proxy, @Nullable Protocol protocol, IOException why) {
        AttemptDns ofAttempt = dns;
        if (ofAttempt != null && proxy.type() == Proxy.Type.DIRECT && to.getAddress() != null) {
            ofAttempt.connectFailed(to.getAddress(), why);
        }
    }

    @Override
    public void connectionAcquired(Call call, Connection acquired) {
        connection = acquired;
        Generation generation = Generation.of(acquired);
        connectionOf = generation;
        AttemptDns ofAttempt = dns;
        if (under != null && ofAttempt != null && generation != ofAttempt.generation()) {
            names.mixedUp(
                    generation == null
                            ? "an interceptor below looks names up by itself"
                            : "a request to one endpoint got a connection of another");
        }
        if (generation == null) {
            return;
        }
        Duration idle = generation.acquired(acquired);
        if (generation.isGone(acquired)) {
            names.leave(generation); // this call ends where it is, and the next one connects anew
        }
        InetAddress peer = acquired.route().socketAddress().getAddress();
        if (acquired.handshake() != null
                && peer != null
                && acquired.route().proxy().type() == Proxy.Type.DIRECT) {
            generation.addresses().proven(acquired.route().address().url().host(), peer);
        }
        if (!isAnswered() && Sockets.mayBeClosed(acquired, idle, mustBeSentOnce)) {
            condemned = true; // afterwards nobody could tell whether the server got it, nor repeat it at a stand-in
            Sockets.close(acquired);
        }
    }

    @Override
    public void connectionReleased(Call call, Connection released) {
        Generation generation = Generation.of(released);
        if (generation != null) {
            generation.released(released);
        }
        if (connection == released) {
            connection = null;
            connectionOf = null;
        }
    }

    @Override
    public void requestHeadersStart(Call call) {
        silentSince = names.nanoTime();
        if (OkHttpRepeats.after(lastStatus)) {
            plan.repeatedBelow("OkHttp repeats by itself after a " + lastStatus);
        }
        sent = true;
    }

    @Override
    public void requestHeadersEnd(Call call, Request request) {
        onTheWire = onTheWire == null ? request : onTheWire; // what follows is a redirect's or a challenge's
        written();
    }

    @Override
    public void requestBodyEnd(Call call, long byteCount) {
        written();
    }

    private void written() {
        Step.Send send = under;
        if (send != null) {
            send.written();
        }
    }

    /** Headers that the request had when it left for the network and that did not go out: an interceptor took them. */
    List<String> missingOnTheWire(Request request) {
        Request written = onTheWire;
        return written == null ? List.of() : Luggage.missing(request, written);
    }

    @Override
    public void requestBodyStart(Call call) {
        isBodyGone = canBeWrittenOnce;
    }

    @Override
    public void requestFailed(Call call, IOException why) {
        connectionFailed = true;
    }

    /** The body of the request threw that while it was written: of its own, unless the connection failed first. */
    void notWritten(IOException why) {
        ofBody = connectionFailed ? null : why;
    }

    /** Whether that is the caller's own doing: its thread was interrupted, or its body could not be written. */
    boolean isCallersOwn(IOException why) {
        boolean interrupted = why instanceof InterruptedIOException && !(why instanceof SocketTimeoutException);
        return interrupted || why == ofBody;
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        lastStatus = response.code();
        Step.Send send = under;
        if (send != null) {
            send.heard();
        }
        Connection held = connection;
        Generation generation = connectionOf;
        if (held != null && generation != null) {
            generation.answered(held);
            silentSince = names.nanoTime(); // its body may be silent yet
        }
    }

    @Override
    public void responseFailed(Call call, IOException why) {
        if (delivered && !call.isCanceled() && !isCallersOwn(why)) {
            plan.bodyFailed(why);
            if (why instanceof SocketTimeoutException) {
                leaveBlackHole();
            }
        }
    }

    @Override
    public void canceled(Call call) {
        timedOut = Thread.currentThread().getName().equals(CLOCK_OF_OKHTTP);
        canceled = true;
        CompletableFuture<Boolean> pause = pausing;
        if (pause != null) {
            pause.complete(false);
        }
        CompletableFuture<Void> lookUp = lookUpOver;
        if (lookUp != null) {
            lookUp.complete(null);
        }
    }

    /** Whether OkHttp's own timeout cancelled the call, and not its caller; this is told a moment after the fact. */
    boolean isTimedOut(TimeSource time) {
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        pausing = told;
        if (canceled) {
            told.complete(false);
        }
        try {
            Pause.until(told, TOLD_WITHIN, time);
        } catch (InterruptedIOException nobodyWaitsAnyMore) {
            return false;
        }
        return timedOut;
    }

    /** The status of the last answer on the wire of this attempt; OkHttp reads it before it asks whether to repeat a body. */
    int lastStatus() {
        return lastStatus;
    }

    /** Whether anybody answered this attempt: what follows is of a redirect or a challenge, and the request was processed. */
    boolean isAnswered() {
        return lastStatus != 0;
    }

    /** Whether any of the request can have been processed; a body that is gone is as good as processed. */
    Delivery deliveryOf(IOException why) {
        boolean refused = why instanceof ConnectionShutdownException
                || why instanceof StreamResetException reset && reset.errorCode == ErrorCode.REFUSED_STREAM;
        return !sent || refused && !isAnswered() && !isBodyGone ? Delivery.NEVER_SENT : Delivery.MAYBE_PROCESSED;
    }

    Optional<Provenance> address() {
        AttemptDns ofAttempt = dns;
        return ofAttempt == null ? Optional.empty() : Optional.ofNullable(ofAttempt.from());
    }

    boolean isCondemned() {
        return condemned;
    }

    /** The silence may be the connection's: later calls get a new one, and so does this one. */
    void leaveBlackHole() {
        Connection held = connection;
        Generation generation = connectionOf;
        if (held != null && generation != null && held.protocol() == Protocol.HTTP_2) {
            names.leaveSilent(generation, held, silentSince);
        }
    }

    void widenSocket(int readTimeoutMillis) {
        Connection held = connection;
        if (held != null) {
            Sockets.limitReads(held, readTimeoutMillis);
        }
    }

    void delivered() {
        delivered = true;
    }

    void deadlineReached() {
        deadlineReached = true;
    }

    boolean isDeadlineReached() {
        return deadlineReached;
    }

    /** Waits until that is over, after that duration at the latest, or until the call is cancelled. */
    void pause(CompletableFuture<Boolean> over, Duration atMost, TimeSource time, Call call) throws IOException {
        pausing = over;
        if (call.isCanceled()) {
            over.complete(false);
        }
        Pause.until(over, atMost, time);
        if (call.isCanceled() && !deadlineReached) {
            throw new IOException("Canceled");
        }
    }
}
