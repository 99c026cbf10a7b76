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

/** What a client knows of one endpoint: its circuit, its concurrency limit if it stands in, and until when it asked to be left alone. */
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

    /** What the endpoints of one client share, or have from its owner. */
    record Shared(CircuitBridge circuits, Suspicions suspicions, Installation installation) {}

    /** The health of the endpoint of that rank, 0 being the preferred one: only the others have a concurrency limit. */
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

    /** A server sends a share of its calls; a phone has too few for that, and is within the share or not. */
    private double carried(Preset preset, Installation installation) {
        double share = endpoint.carries();
        if (preset == Preset.SERVER || Double.isNaN(share)) {
            return share;
        }
        return installation.isWithin(share, domain) ? Double.NaN : ConcurrencyLimit.CLOSED;
    }

    /** It answered without a fault. */
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

    /** The endpoint asked for that long a rest; another answer may have asked for more. */
    synchronized void leaveAloneFor(Duration rest) {
        long until = runtime.time().nanoTime() + rest.toNanos();
        notBefore = until - notBefore > 0 ? until : notBefore;
    }

    /** Whether it asked to be left alone for longer than until now. */
    boolean isResting() {
        return notBefore - runtime.time().nanoTime() > 0;
    }

    /** How much of the rest it asked for is left; zero or less if none. */
    Duration restLeft() {
        return Duration.ofNanos(notBefore - runtime.time().nanoTime());
    }

    /** Why it is left alone now; null if it is not. */
    @Nullable
    Reason whyResting() {
        Duration left = restLeft();
        return left.compareTo(Duration.ZERO) <= 0
                ? null
                : new Reason(Refusal.REST, "it asked to be left alone for another " + left.toMillis() + "ms");
    }

    /** Why its concurrency limit admits nobody else now. */
    Reason limitIsReached() {
        return new Reason(Refusal.LIMIT, "its concurrency limit is reached (" + limit + ")");
    }

    @Override
    public String toString() {
        return endpoint + " " + circuit + (limit == null ? "" : ", " + limit);
    }
}
