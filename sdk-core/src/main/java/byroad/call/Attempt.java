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
 * One request to one endpoint: its URL, its headers, and the time limit for its answer.
 *
 * <p>It decides which headers may be sent to the endpoint, so that no adapter can leak credentials. Its clock starts
 * when it is planned; an adapter can report more exact times by {@link #begins}, {@link #written} and {@link #heard}.
 */
public final class Attempt {
    final EndpointHealth health;
    final Permit permit;
    private final ClientRuntime runtime;
    private final OwnLoad ownLoad;
    private final HeaderRules headers;
    private final boolean repeatable;
    private final boolean strictlyOnce;
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
    private volatile long writtenNanos; // may be set by the thread that writes
    private volatile long heardNanos;
    private @Nullable Injected injected;

    /** An attempt that starts now; in any mode but ACT the request is sent as the caller made it. */
    Attempt(Permit permit, UpstreamHealth upstream, RequestTraits request, Mode mode, Limits limits, int number) {
        this.health = permit.endpoint;
        this.permit = permit;
        this.runtime = upstream.runtime;
        this.ownLoad = upstream.ownLoad;
        this.headers = upstream.headers;
        this.repeatable = upstream.mayRepeat(request);
        this.strictlyOnce = upstream.isStrictlyOnce(request);
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

    /** Limits the time that it may take. */
    Attempt within(Duration atMost) {
        within = Limits.shorter(within, Optional.of(atMost));
        isCut = true;
        return this;
    }

    /** Whether its time is limited more than by the limits of the call. */
    boolean isCut() {
        return isCut;
    }

    /**
     * Whether an answer that took that long is late: compared with the limit of an attempt, and with the usual answers.
     */
    boolean isLate(Duration took) {
        Duration silence = silence(took);
        return isLongBesideLimit(silence) && ownLoad.isSlow(silence);
    }

    private boolean isLongBesideLimit(Duration silence) {
        Duration limit = usualLimit.orElse(null);
        return limit != null && silence.multipliedBy(Tuning.LATE_PART_OF_LIMIT).compareTo(limit) > 0;
    }

    /**
     * Whether it was ended by a limit that is short only because of this call, so that it says nothing about the
     * endpoint.
     */
    boolean isCutShort(Duration took) {
        boolean byLimit = endedWithCall
                || within.filter(limit -> took.compareTo(limit) >= 0).isPresent();
        return byLimit && !isLongBesideLimit(took);
    }

    /** Whether its request may be processed twice. */
    boolean isRepeatable() {
        return repeatable;
    }

    /** Whether its request may be sent again only if it is certain that it was not processed. */
    public boolean isStrictlyOnce() {
        return strictlyOnce;
    }

    /** A timeout of the whole call ended it. */
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

    /**
     * The time that the endpoint took to answer, for an attempt that took that long; the time before the request was
     * written does not count.
     */
    Duration silence(Duration took) {
        long nanos =
                heardNanos == writtenNanos ? startedNanos + took.toNanos() - writtenNanos : heardNanos - writtenNanos;
        return Duration.ofNanos(nanos);
    }

    /** Reports that it begins only now, later than planned, because an earlier response had to be buffered first. */
    public void begins() {
        startedNanos = runtime.time().nanoTime();
        written();
        within = Limits.shorter(limits.left(), within);
    }

    /**
     * Reports that the request is written; the time before, for look-ups, handshakes and the upload, does not count for
     * the endpoint.
     */
    public void written() {
        writtenNanos = runtime.time().nanoTime();
        heardNanos = writtenNanos;
    }

    /** Reports that the response headers are there. */
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

    /**
     * The fault that a drill injects into this attempt; the adapter simulates it instead of sending. Asked once,
     * outside every lock.
     */
    public Injected injected() {
        if (asCalled || runtime.faultInjection() == FaultInjection.NONE) {
            return Injected.NONE;
        }
        Injected told = injected;
        if (told == null) {
            told = UserCode.call(
                    runtime,
                    "the fault injection",
                    () -> runtime.faultInjection().ofEndpoint(health.dependsOn),
                    Injected.NONE);
            injected = told;
        }
        return told;
    }

    /** Whether that header of the call is sent to this endpoint. */
    public boolean keeps(String headerName) {
        return sameAuthority || HeaderRules.mayLeave(headerName, health.endpoint);
    }

    /**
     * Whether that header of a request to this endpoint may be sent to that URL, after a redirect or because an
     * interceptor changed the request.
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

    /** Whether its upstream is declared. */
    public boolean isDeclared() {
        return headers.isDeclared();
    }

    /**
     * The headers that this endpoint gets in addition to those of the call, or in place of them. Calls the user's
     * suppliers.
     *
     * @return empty if one of them has no valid value: then the outcome is {@link Outcome.Impossible}
     */
    public Optional<Map<String, String>> addedHeaders() {
        return headers.added(health.endpoint, number, runtime);
    }

    @Override
    public String toString() {
        return "attempt at " + health.endpoint;
    }
}
