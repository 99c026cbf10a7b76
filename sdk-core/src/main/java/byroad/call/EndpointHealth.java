package byroad.call;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.EndpointStatus;
import byroad.FailureDomain;
import byroad.Preset;
import byroad.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The health of one endpoint: its circuit, its concurrency limit if it is a fallback endpoint, and the end of its
 * {@code Retry-After}.
 */
final class EndpointHealth {
    final String upstream;
    final Endpoint endpoint;
    final String through;
    final int rank;
    final FailureDomain domain;
    final Set<FailureDomain> dependsOn;
    final Circuit circuit;
    final @Nullable ConcurrencyLimit limit;

    private final ClientRuntime runtime;
    private volatile long notBefore;
    private volatile long answeredAt;
    private volatile boolean answered;

    /** Parts that the endpoints of one client share. */
    record Shared(CircuitBridge circuits, Suspicions suspicions, Installation installation) {}

    /**
     * The health of the endpoint of that rank. Rank 0 is the preferred endpoint; only the others have a concurrency
     * limit.
     */
    EndpointHealth(
            String upstream, Endpoint endpoint, int rank, OwnLoad ownLoad, ClientRuntime runtime, Shared shared) {
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.through = endpoint.toString().substring(endpoint.name().length() + 1);
        this.rank = rank;
        this.domain = endpoint.domainIn(upstream);
        this.dependsOn = endpoint.dependsOn(upstream);
        this.circuit = new Circuit(upstream, endpoint.name(), domain, runtime, shared.circuits());
        this.limit = rank == 0
                ? null
                : new ConcurrencyLimit(runtime, ownLoad, carried(runtime.preset(), shared.installation()));
        this.runtime = runtime;
        this.notBefore = runtime.time().nanoTime();
    }

    /**
     * The declared share for the concurrency limit. A server sends that share of its calls; a phone has too few calls
     * for that, so it is within the share or not.
     */
    private double carried(Preset preset, Installation installation) {
        double share = endpoint.carries();
        if (preset == Preset.SERVER || Double.isNaN(share)) {
            return share;
        }
        return installation.isWithin(share, domain) ? Double.NaN : ConcurrencyLimit.CLOSED;
    }

    /** The endpoint answered without a fault. */
    void answered() {
        answeredAt = runtime.time().nanoTime();
        answered = true;
    }

    EndpointStatus status(RetryBudget budget) {
        long now = runtime.time().nanoTime();
        Duration rest = restLeft();
        return new EndpointStatus(
                upstream,
                endpoint.name(),
                circuit.state(),
                Optional.ofNullable(limit).map(ConcurrencyLimit::status),
                new EndpointStatus.Budget(budget.available(), budget.capacity()),
                rest.isNegative() ? Duration.ZERO : rest,
                answered ? Optional.of(Duration.ofNanos(now - answeredAt)) : Optional.empty());
    }

    /** The endpoint sent that {@code Retry-After}; an earlier answer may have asked for a longer one. */
    synchronized void leaveAloneFor(Duration rest) {
        long until = runtime.time().nanoTime() + rest.toNanos();
        notBefore = until - notBefore > 0 ? until : notBefore;
    }

    /** Whether its {@code Retry-After} has not passed yet. */
    boolean isResting() {
        return notBefore - runtime.time().nanoTime() > 0;
    }

    /** The time that is left of its {@code Retry-After}; zero or less if none is. */
    Duration restLeft() {
        return Duration.ofNanos(notBefore - runtime.time().nanoTime());
    }

    /** The reason to skip it because of its {@code Retry-After}; null if there is none. */
    @Nullable
    Reason whyResting() {
        Duration left = restLeft();
        return left.compareTo(Duration.ZERO) <= 0
                ? null
                : new Reason(Refusal.REST, "it asked to be left alone for another " + left.toMillis() + "ms");
    }

    /** The reason to skip it because its concurrency limit is reached. */
    Reason limitIsReached() {
        return new Reason(Refusal.LIMIT, "its concurrency limit is reached (" + limit + ")");
    }

    @Override
    public String toString() {
        return endpoint + " " + circuit + (limit == null ? "" : ", " + limit);
    }
}
