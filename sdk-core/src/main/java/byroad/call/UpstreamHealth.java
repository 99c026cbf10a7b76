package byroad.call;

import byroad.ClientRuntime;
import byroad.Endpoint;
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

    /** The wait before that retry; it is longer if there is only one endpoint and it answered with an error. */
    Duration backoff(int repeat, boolean answered) {
        Backoff backoff = answered && endpoints.size() == 1 ? Tuning.ONLY_ENDPOINT_BACKOFF : Tuning.USUAL_BACKOFF;
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

    /** That endpoint answered without a fault. */
    void answered(EndpointHealth endpoint, Duration took) {
        endpoint.answered();
        if (endpoint.rank == 0) {
            ownLoad.answered(took);
            shift.answered(endpoint);
        }
    }

    /** That endpoint was charged with that fault. */
    void failed(EndpointHealth endpoint, Fault fault, long startedNanos, Duration took) {
        for (EndpointHealth other : laterEndpoints(endpoint, fault)) {
            if (other.circuit.isClosedSince(
                    startedNanos)) { // its probe is not decided by a failure at another endpoint
                other.circuit.failed(other.circuit.enterAnyway(), took, fault.toString());
            }
        }
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
        fault.retryAfter().ifPresent(rest -> {
            endpoint.leaveAloneFor(rest);
            boolean ofTenant = isOfTenant || fault.layer() == Fault.Layer.EDGE_POLICY;
            (ofTenant ? endpointsOfTenant(endpoint) : laterEndpoints(endpoint, fault))
                    .forEach(other -> other.leaveAloneFor(rest));
        });
    }

    /**
     * The less preferred endpoints of the same host, if the host failed: a call that failed at one of them must not go
     * to the next.
     */
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
