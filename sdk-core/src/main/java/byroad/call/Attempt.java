package byroad.call;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.FaultInjection;
import byroad.FaultInjection.Injected;
import byroad.Mode;
import byroad.UserCode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request to one endpoint: where it goes, which headers go with it, and by when its answer must begin.
 *
 * <p>All that decides what may leave for the endpoint is here, so that no adapter can leak. Its clock starts when it is
 * planned; an adapter that knows better says so by {@link #begins}, {@link #written} and {@link #heard}, and need not.
 */
public final class Attempt {
    final EndpointHealth health;
    final Permit permit;
    private final ClientRuntime runtime;
    private final OwnLoad ownLoad;
    private final HeaderRules headers;
    private final boolean repeatable;
    private final Limits limits;
    private final String url;
    private final boolean sameAuthority;
    private final boolean asCalled;
    private final int number;
    private final Optional<Duration> usualLimit;
    private Optional<Duration> within;
    private boolean isCut; // by a limit of this attempt alone
    private boolean endedWithCall;
    private volatile long startedNanos;
    private volatile long writtenNanos; // may be told by the thread that writes
    private volatile long heardNanos;
    private @Nullable Injected injected;

    /** An attempt that starts now; in any mode but ACT it goes out as the caller made it. */
    Attempt(Permit permit, UpstreamHealth upstream, RequestTraits request, Mode mode, Limits limits, int number) {
        this.health = permit.endpoint;
        this.permit = permit;
        this.runtime = upstream.runtime;
        this.ownLoad = upstream.ownLoad;
        this.headers = upstream.headers;
        this.repeatable = upstream.upstream.isRepeatable();
        this.limits = limits;
        this.asCalled = mode != Mode.ACT;
        this.url = asCalled
                ? request.url()
                : CallUrl.rebased(request.url(), upstream.upstream.calledAt(), health.endpoint.at());
        this.sameAuthority = CallUrl.isSameOrigin(url, request.url());
        this.number = number;
        this.within = limits.ofAttemptNow();
        this.usualLimit = limits.ofAttempt().isPresent() ? limits.ofAttempt() : within;
        this.startedNanos = runtime.time().nanoTime();
        this.writtenNanos = startedNanos;
        this.heardNanos = startedNanos;
    }

    /** It may take that long at most. */
    Attempt within(Duration atMost) {
        within = Limits.shorter(within, Optional.of(atMost));
        isCut = true;
        return this;
    }

    /** Whether an answer that took that long is late: by the limit of any attempt, and beside the usual answers. */
    boolean isLate(Duration took) {
        Duration silence = silence(took);
        return isLongBesideLimit(silence) && ownLoad.isSlow(silence);
    }

    private boolean isLongBesideLimit(Duration silence) {
        Duration limit = usualLimit.orElse(null);
        return limit != null && silence.multipliedBy(Tuning.LATE_PART_OF_LIMIT).compareTo(limit) > 0;
    }

    /** Whether it ended by a limit that is short for this call's sake only, which says nothing of the endpoint. */
    boolean isCutShort(Duration took) {
        boolean byLimit = endedWithCall
                || within.filter(limit -> took.compareTo(limit) >= 0).isPresent();
        return byLimit && !isLongBesideLimit(took);
    }

    /** Whether its upstream declares that any request may be processed twice. */
    boolean isDeclaredRepeatable() {
        return repeatable;
    }

    /** A timeout of the call ended it. */
    void endsWithCall() {
        endedWithCall = true;
    }

    long startedNanos() {
        return startedNanos;
    }

    /** How long ago it started. */
    Duration took() {
        return Duration.ofNanos(runtime.time().nanoTime() - startedNanos);
    }

    /** How long the endpoint took to answer, if all took that long; what came before the request was written is not counted. */
    Duration silence(Duration took) {
        long nanos =
                heardNanos == writtenNanos ? startedNanos + took.toNanos() - writtenNanos : heardNanos - writtenNanos;
        return Duration.ofNanos(nanos);
    }

    /** It begins only now, later than it was planned: an earlier answer had to be buffered first. */
    public void begins() {
        startedNanos = runtime.time().nanoTime();
        written();
        within = Limits.shorter(limits.left(), within);
    }

    /** The request is written; what came before, such as look-ups, handshakes and uploads, is not the endpoint's time. */
    public void written() {
        writtenNanos = runtime.time().nanoTime();
        heardNanos = writtenNanos;
    }

    /** The headers of the answer are there. */
    public void heard() {
        heardNanos = runtime.time().nanoTime();
    }

    /** The endpoint. */
    public Endpoint endpoint() {
        return health.endpoint;
    }

    /** The name of the upstream. */
    public String upstream() {
        return health.upstream;
    }

    /** The URL to send to, as encoded text. */
    public String url() {
        return url;
    }

    /** The longest silence before the response headers; empty means none. */
    public Optional<Duration> within() {
        return within;
    }

    /**
     * How long look-ups and connecting may take; empty means as long as the client allows. The limit of silence is not theirs where
     * it is only the read timeout of the client.
     */
    public Optional<Duration> connectWithin() {
        return limits.ofConnectNow().isPresent() || isCut
                ? Limits.shorter(limits.ofConnectNow(), within)
                : Optional.empty();
    }

    /** Whether the request must go out exactly as the caller made it: the client only watches. */
    public boolean isAsCalled() {
        return asCalled;
    }

    /** Whether scheme, host and port are those of the call, so that only the addresses may differ. */
    public boolean isSameAuthority() {
        return sameAuthority;
    }

    /** What a drill breaks about this attempt; the adapter acts it out in place of sending. Asked once, outside every lock. */
    public Injected injected() {
        if (asCalled || runtime.faultInjection() == FaultInjection.NONE) {
            return Injected.NONE;
        }
        Injected told = injected;
        if (told == null) {
            told = UserCode.call(
                    runtime,
                    "the faultInjection",
                    () -> runtime.faultInjection().ofEndpoint(health.dependsOn),
                    Injected.NONE);
            injected = told;
        }
        return told;
    }

    /** Whether that header of the call goes to this endpoint. */
    public boolean keeps(String headerName) {
        return sameAuthority || HeaderRules.mayLeave(headerName, health.endpoint);
    }

    /**
     * Whether that header of a request to this endpoint may go on to that URL, because a redirect led there or an interceptor
     * below changed the request.
     */
    public boolean keeps(String headerName, String url) {
        return headers.mayGoOn(headerName, health.endpoint, this.url, url);
    }

    /** Whether a challenge from that URL may be answered with credentials of the caller. */
    public boolean trusts(String url) {
        boolean isHere = CallUrl.isSameOrigin(url, this.url);
        return headers.isTrusted(health.endpoint, this.url) && (isHere || headers.isTrusted(url));
    }

    /** Whether the endpoint declares that header with a value of its own. */
    public boolean isOwnHeader(String headerName) {
        return health.endpoint.headers().keySet().stream().anyMatch(headerName::equalsIgnoreCase);
    }

    /** Whether the endpoint gets all headers of the call, credentials too, because it is of the same trust group. */
    public boolean sharesCredentials() {
        return health.endpoint.isSharingCredentials();
    }

    /** Whether its upstream was declared; else it is a host that was just called. */
    public boolean isDeclared() {
        return headers.isDeclared();
    }

    /**
     * The headers that this endpoint gets beside those of the call, or in their place. Asks the suppliers of the user.
     *
     * @return empty if one of them has no value that can be sent: then the attempt is {@link Outcome.Impossible}
     */
    public Optional<Map<String, String>> addedHeaders() {
        return headers.added(health.endpoint, number, runtime);
    }

    @Override
    public String toString() {
        return "attempt at " + health.endpoint;
    }
}
