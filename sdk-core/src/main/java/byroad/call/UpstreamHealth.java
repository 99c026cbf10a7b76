package byroad.call;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.Event;
import byroad.Fault;
import byroad.Preset;
import byroad.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The health of one upstream: that of its endpoints, its retry budget and its own load. */
final class UpstreamHealth {
    final Upstream upstream;
    final HeaderRules headers;
    final List<EndpointHealth> endpoints;
    final RetryBudget budget;
    final OwnLoad ownLoad;
    final Shift shift;
    final ClientRuntime runtime;

    private final Suspicions suspicions;
    private final Waits waits = new Waits();

    // Guarded by this: calls started in the current second.
    private long secondStarted;
    private int callsThisSecond;

    UpstreamHealth(Upstream upstream, HeaderRules headers, ClientRuntime runtime, EndpointHealth.Shared shared) {
        this.upstream = upstream;
        this.headers = headers;
        this.runtime = runtime;
        this.shift = new Shift(upstream.name(), runtime);
        this.suspicions = shared.suspicions();
        this.ownLoad = new OwnLoad(runtime.time());
        this.budget = RetryBudget.ofCapacity(
                RetryBudget.TRANSIENT_COST * (isMobile() ? Tuning.BUDGET_RETRIES_ON_MOBILE : Tuning.BUDGET_RETRIES));
        this.secondStarted = runtime.time().nanoTime();
        List<EndpointHealth> all = new ArrayList<>();
        for (Endpoint endpoint : upstream.endpoints()) {
            all.add(new EndpointHealth(upstream.name(), endpoint, all.size(), ownLoad, runtime, shared));
        }
        this.endpoints = List.copyOf(all);
    }

    /** Counts a call. On servers the budget is 35 retries, or as many as the process made calls in the last second. */
    synchronized void callStarted() {
        long now = runtime.time().nanoTime();
        long second = Duration.ofSeconds(1).toNanos();
        if (now - secondStarted >= second) {
            int callsLastSecond = now - secondStarted < 2 * second ? callsThisSecond : 0;
            if (!isMobile()) {
                budget.capacity(RetryBudget.TRANSIENT_COST * Math.max(Tuning.BUDGET_RETRIES, callsLastSecond));
            }
            secondStarted = now;
            callsThisSecond = 0;
        }
        callsThisSecond++;
    }

    /** Whether that request may be processed twice: its call, else its upstream, else its method says so. */
    boolean mayRepeat(RequestTraits request) {
        return request.options().isRepeatable()
                || !isStrictlyOnce(request) && (upstream.isRepeatable() || request.isIdempotent());
    }

    /**
     * Whether that request must not be processed twice. What the client says about retries counts where nothing is
     * declared: SDKs that retry by themselves also say it.
     */
    boolean isStrictlyOnce(RequestTraits request) {
        if (request.options().isRepeatable()) {
            return false;
        }
        return request.options().isStrictlyOnce()
                || upstream.isStrictlyOnce()
                || !headers.isDeclared() && !request.retryOnConnectionFailure();
    }

    /**
     * The endpoints in the order in which they are asked: by preference, but those that have only refused come last.
     */
    List<EndpointHealth> inOrder() {
        List<EndpointHealth> last = List.of();
        for (EndpointHealth endpoint : endpoints) {
            if (endpoint.isAskedLast()) {
                last = last.isEmpty() ? new ArrayList<>(2) : last;
                last.add(endpoint);
            }
        }
        if (last.isEmpty()) {
            return endpoints;
        }
        List<EndpointHealth> all = new ArrayList<>(endpoints);
        all.removeAll(last);
        all.addAll(last);
        return all;
    }

    /** The wait before that retry; it is longer if there is only one endpoint and it answered with an error. */
    Duration backoff(int repeat, boolean answered, Assessment.Pace pace) {
        boolean isAlone = answered && endpoints.size() == 1;
        Backoff backoff = pace != Assessment.Pace.USUAL
                ? Tuning.LATER_BACKOFF
                : isAlone ? Tuning.ONLY_ENDPOINT_BACKOFF : Tuning.USUAL_BACKOFF;
        return backoff.before(repeat, runtime.random());
    }

    /** Whether one more call may wait from now on. */
    boolean tryWait(CompletableFuture<Boolean> over, Duration atMost) {
        return waits.tryStart(over, atMost, runtime.time().nanoTime());
    }

    /** An attempt was made at that endpoint, whatever its outcome was. */
    void attempted(EndpointHealth endpoint) {
        if (endpoint.rank > 0) {
            ownLoad.interrupted(); // the call did not use the preferred endpoint
        }
    }

    /** That endpoint answered a request of that time without a fault. */
    void answered(EndpointHealth endpoint, long startedNanos, Duration took) {
        endpoint.answered(startedNanos);
        if (endpoint.rank == 0) {
            ownLoad.answered(took);
            shift.answered(endpoint);
        }
    }

    /** That endpoint was charged with that fault. */
    void failed(EndpointHealth endpoint, Fault fault) {
        suspicions.heard(upstream.name(), endpoint.domain, endpoint.dependsOn, fault);
        if (endpoint.rank == 0) {
            ownLoad.interrupted();
            shift.failed(endpoint, fault);
        }
    }

    /** The body of an answer of that endpoint failed. */
    void bodyFailed(EndpointHealth endpoint, String why) {
        if (endpoint.rank == 0) {
            shift.failed(endpoint, Fault.of(Fault.Layer.UNKNOWN, why).suspecting(endpoint.domain));
        }
    }

    /**
     * Applies the {@code Retry-After} to the endpoint that sent it. If its host sent it, it also applies to the later
     * endpoints of that host. A quota or a policy belongs to the tenant, so it applies to all endpoints with the same
     * credentials.
     */
    void rest(EndpointHealth endpoint, Fault fault, boolean isOfTenant) {
        fault.retryAfter().ifPresent(asked -> {
            boolean ofTenant = isOfTenant || fault.layer() == Fault.Layer.EDGE_POLICY;
            Rest rest = Rest.of(endpoint.domain, ofTenant, asked, runtime, ownLoad);
            boolean isTold = endpoint.rest(rest);
            (ofTenant ? endpointsOfTenant(endpoint) : laterEndpoints(endpoint, fault))
                    .forEach(other -> other.rest(rest));
            if (isTold) {
                runtime.emit(
                        new Event.RestShortened(upstream.name(), endpoint.endpoint.name(), asked, Tuning.LONGEST_REST));
            }
        });
    }

    /** The less preferred endpoints of a host that asked for a rest: they get no calls either. */
    private List<EndpointHealth> laterEndpoints(EndpointHealth endpoint, Fault fault) {
        List<EndpointHealth> later = new ArrayList<>();
        for (EndpointHealth other : endpoints.subList(endpoint.rank + 1, endpoints.size())) {
            if (fault.layer() == Fault.Layer.ORIGIN
                    && fault.suspects().stream().anyMatch(suspect -> suspect.coversAny(other.dependsOn))) {
                later.add(other);
            }
        }
        return later;
    }

    /** All endpoints that are used with the same credentials as this one. */
    List<EndpointHealth> endpointsOfTenant(EndpointHealth endpoint) {
        List<EndpointHealth> alike = new ArrayList<>(endpoints);
        alike.removeIf(other -> !tenant(other.endpoint).equals(tenant(endpoint.endpoint)));
        return alike;
    }

    /** The tenant of an endpoint: its origin if it has credentials of its own; else the caller, as empty text. */
    private String tenant(Endpoint endpoint) {
        String origin = CallUrl.origin(endpoint.at());
        boolean own = !endpoint.headers().isEmpty()
                && !endpoint.isSharingCredentials()
                && !origin.equals(CallUrl.origin(upstream.calledAt()));
        return own ? origin : "";
    }

    private boolean isMobile() {
        return runtime.preset() == Preset.MOBILE;
    }
}
