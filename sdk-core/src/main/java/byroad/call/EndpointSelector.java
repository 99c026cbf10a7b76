package byroad.call;

import byroad.Avoidance;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.Importance;
import byroad.Refusal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Selects the endpoint of an attempt: which endpoints one call may use now, and why not the others. {@link #whyNot}
 * answers that for a call that is sent and for one that is only watched, and changes nothing. To use an endpoint, a
 * call acquires a {@link Permit}.
 *
 * <p>Its {@link CallPlan} holds the lock.
 */
final class EndpointSelector {
    private final UpstreamHealth upstream;
    private final RequestTraits request;
    private final ReportBuilder report;

    // They stay empty, and cost nothing, in a call without a failure.
    private Set<EndpointHealth> tried = Set.of();
    private Set<FailureDomain> suspects = Set.of();
    private Set<EndpointHealth> doubted = Set.of();
    private List<EndpointHealth> ofTenant = List.of(); // which has refused the call
    private boolean refusedByLimit;
    private boolean hasWaited;
    private boolean unheard; // by the service: an attempt failed on the way to it
    private @Nullable EndpointHealth full; // its limit is reached, and it is worth a wait
    private @Nullable Permit placeKept; // after a wait

    EndpointSelector(UpstreamHealth upstream, RequestTraits request, ReportBuilder report) {
        this.upstream = upstream;
        this.request = request;
        this.report = report;
    }

    /** Why the call may not use that endpoint now; null if it may. */
    @Nullable
    Reason whyNot(EndpointHealth endpoint) {
        Reason reason = whyForbidden(endpoint);
        if (reason == null && ofTenant.contains(endpoint)) {
            return new Reason(Refusal.ANSWERED, "it has the same tenant, and would answer the same");
        }
        if (reason == null) {
            reason = whySuspected(endpoint);
        }
        if (reason == null) {
            reason = whyUnfit(endpoint);
        }
        return reason;
    }

    /**
     * Why the call may not use that endpoint, not even as a last resort: because of an operator, the call's options or
     * its role.
     */
    @Nullable
    Reason whyForbidden(EndpointHealth endpoint) {
        for (FailureDomain domain : request.options().avoided()) {
            if (domain.coversAny(endpoint.dependsOn)) {
                return new Reason(Refusal.AVOIDED, "the call avoids " + domain);
            }
        }
        Avoidance byOperator = upstream.runtime
                .avoidances()
                .against(endpoint.dependsOn, Avoidance.Voice.OPERATOR)
                .orElse(null);
        if (byOperator != null) {
            return new Reason(Refusal.AVOIDED, byOperator.toString());
        }
        String role = whyNotInRole(endpoint);
        return role == null ? null : new Reason(Refusal.ROLE, role);
    }

    private @Nullable String whyNotInRole(EndpointHealth endpoint) {
        Set<String> roles = endpoint.endpoint.roles();
        if (!roles.isEmpty()
                && !(isOneOf(roles, false, request.method()::equals)
                        && isOneOf(
                                roles,
                                true,
                                path -> CallUrl.isBelow(CallUrl.path(request.url()), withoutLastSlash(path))))) {
            return "it is only for " + String.join(", ", roles);
        }
        boolean direct = endpoint.endpoint.edges().isEmpty();
        boolean bulk = request.options().importance() == Importance.BULK;
        return endpoint.limit != null && direct && bulk ? "bulk calls are not diverted to a direct origin" : null;
    }

    private static String withoutLastSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** Whether one of the methods, or of the paths, matches; true if none is declared. */
    private static boolean isOneOf(Set<String> roles, boolean paths, Predicate<String> fits) {
        return roles.stream().noneMatch(role -> role.startsWith("/") == paths)
                || roles.stream().anyMatch(role -> role.startsWith("/") == paths && fits.test(role));
    }

    private @Nullable Reason whySuspected(EndpointHealth endpoint) {
        for (FailureDomain suspect : suspects) {
            if (suspect.coversAny(endpoint.dependsOn)) {
                return new Reason(Refusal.SUSPICION, suspect + " is under suspicion");
            }
        }
        return null;
    }

    /**
     * Why the health of the endpoint is against it: an avoidance, its {@code Retry-After}, its circuit, or its
     * concurrency limit.
     */
    private @Nullable Reason whyUnfit(EndpointHealth endpoint) {
        Avoidance avoided =
                upstream.runtime.avoidances().against(endpoint.dependsOn).orElse(null);
        if (avoided != null) {
            return new Reason(Refusal.AVOIDED, avoided.toString());
        }
        Reason resting = isRestIgnored(endpoint) ? null : endpoint.whyResting();
        if (resting != null) {
            return resting;
        }
        if (!endpoint.circuit.wouldEnter()) {
            return new Reason(Refusal.CIRCUIT, "its circuit is open");
        }
        boolean hasPlace = placeKept != null && placeKept.endpoint == endpoint;
        return endpoint.limit == null || hasPlace || endpoint.limit.mightEnter() ? null : endpoint.limitIsReached();
    }

    /**
     * Whether the call may use an endpoint though it rests: what its tenant is to be spared is one request of each call, and the
     * one of this call failed on the way.
     */
    private boolean isRestIgnored(EndpointHealth endpoint) {
        return unheard && endpoint.isRestBorrowed();
    }

    /** A permit for the first endpoint that the call may use and has not tried; null if there is none. */
    @Nullable
    Permit acquire() {
        full = null;
        for (EndpointHealth endpoint : upstream.inOrder()) {
            Permit permit = tried.contains(endpoint) ? null : acquireAt(endpoint);
            if (permit != null) {
                return permit;
            }
        }
        return null;
    }

    /** A permit for that endpoint, tried or not; null if the call may not use it. */
    @Nullable
    Permit acquireAgain(EndpointHealth endpoint) {
        full = null;
        return acquireAt(endpoint);
    }

    private @Nullable Permit acquireAt(EndpointHealth endpoint) {
        Reason reason = whyNot(endpoint);
        if (reason == null) {
            Permit permit = permitFor(endpoint);
            reason = permit.acquire();
            if (reason == null) {
                return permit;
            }
            permit.release();
        }
        if (reason.kind() == Refusal.LIMIT) {
            if (!hasWaited && endpoint.limit != null && endpoint.limit.isWorthAWait()) {
                full = full == null ? endpoint : full;
                return null;
            }
            refusedByLimit = true;
            tried(endpoint); // asked only once in a call: asked twice, a probability of a quarter would become nearly
            // a half
        }
        notTried(endpoint, reason);
        return null;
    }

    /** The permit with the place that the call waited for, if it is for that endpoint. */
    private Permit permitFor(EndpointHealth endpoint) {
        Permit permit = placeKept;
        if (permit == null || permit.endpoint != endpoint) {
            permit = Permit.reserve(endpoint, upstream);
        } else {
            placeKept = null;
        }
        return isRestIgnored(endpoint) ? permit.ignoringRest() : permit;
    }

    private void notTried(EndpointHealth endpoint, Reason reason) {
        report.refused(endpoint.endpoint.name() + " not tried", reason);
    }

    /**
     * The endpoint at which the call may wait for a place, after {@link #acquire} found none: its concurrency limit is
     * reached by a burst.
     */
    @Nullable
    EndpointHealth worthAWait() {
        return hasWaited ? null : full;
    }

    /** The call waits for a place. It does so once: after that, a reached concurrency limit is a refusal. */
    void waits() {
        hasWaited = true;
    }

    /** Keeps the permit with the place that the call waited for. */
    void keep(Permit withPlace) {
        placeKept = withPlace;
    }

    /** Gives back the place that was kept, because the call did not use it. */
    void freePlace() {
        if (placeKept != null) {
            placeKept.release();
            placeKept = null;
        }
    }

    /** The endpoint that the call would use if it were not only watched; null if there is none. */
    @Nullable
    EndpointHealth wouldUse() {
        for (EndpointHealth endpoint : upstream.inOrder()) {
            if (tried.contains(endpoint)) {
                continue;
            }
            Reason reason = whyNot(endpoint);
            if (reason == null) {
                return endpoint;
            }
            report.note("watching only: " + endpoint.endpoint.name() + " would not be tried: " + reason.words());
        }
        return null;
    }

    /**
     * A permit for the least bad endpoint when the call may use none: the first one that is not forbidden, a fallback
     * endpoint only within its concurrency limit; else the preferred one.
     */
    Permit lastResort() {
        for (EndpointHealth endpoint : upstream.inOrder()) {
            if (tried.contains(endpoint) || whyForbidden(endpoint) != null) {
                continue;
            }
            Permit permit = permitFor(endpoint);
            Reason reason = permit.acquireAnyway();
            if (reason == null) {
                return permit;
            }
            permit.release();
            refusedByLimit = true;
            notTried(endpoint, reason);
        }
        return Permit.reserve(upstream.endpoints.get(0), upstream).acquireWithoutPlace();
    }

    /** Marks that endpoint as tried: {@link #acquire} does not return it again. */
    void tried(EndpointHealth endpoint) {
        tried = tried.isEmpty() ? new HashSet<>(4) : tried;
        tried.add(endpoint);
    }

    /** Whether the DNS answer of that endpoint may be called in doubt: once per call. */
    boolean mayDoubt(EndpointHealth endpoint) {
        doubted = doubted.isEmpty() ? new HashSet<>(2) : doubted;
        return doubted.add(endpoint);
    }

    /**
     * The call failed at that endpoint: endpoints that depend on a suspected domain, or that would answer the same, are
     * not tried any more.
     */
    void failedAt(EndpointHealth endpoint, Assessment assessment) {
        tried(endpoint);
        Fault fault = assessment.fault().orElse(null);
        if (assessment.isOfTenant()) {
            ofTenant = upstream.endpointsOfTenant(endpoint);
        } else if (fault != null) {
            suspects = suspects.isEmpty() ? new HashSet<>(4) : suspects;
            suspects.addAll(fault.suspects());
            unheard |= fault.layer() != Fault.Layer.ORIGIN || fault.delivery().isSafeToRetry();
        }
    }

    /** Whether a concurrency limit refused the call. */
    boolean isRefusedByLimit() {
        return refusedByLimit;
    }
}
