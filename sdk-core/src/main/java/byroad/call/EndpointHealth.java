package byroad.call;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.EndpointStatus;
import byroad.Event;
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
    private volatile Rest rest;
    private volatile long answeredAt;
    private volatile boolean answered;
    private volatile boolean proven;
    private volatile boolean askedLast;

    // Guarded by this.
    private int refusals;

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
        this.circuit = new Circuit(upstream, endpoint.name(), domain, runtime, ownLoad, shared.circuits());
        this.limit = rank == 0
                ? null
                : new ConcurrencyLimit(runtime, ownLoad, carried(runtime.preset(), shared.installation()));
        this.runtime = runtime;
        this.rest = Rest.none(runtime, ownLoad, domain);
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

    /** It answered a request of that time without a fault. */
    void answered(long startedNanos) {
        answeredAt = runtime.time().nanoTime();
        answered = true;
        Rest now = rest;
        if (!now.isOver()) {
            now.answered(startedNanos);
        }
    }

    /** The endpoint did what a request asked for, of a call or a health request. */
    void succeeded() {
        if (!proven) {
            proven = true;
            askedLast = false;
        }
    }

    /** Whether it ever did what it was asked for. */
    boolean isProven() {
        return proven;
    }

    /** It refused a call, and never did what it was asked for; after so many of them it is asked last. */
    void refused() {
        if (isOneTooMany()) {
            askedLast = true;
            runtime.emit(new Event.Impaired(
                    upstream + "/" + endpoint.name(),
                    "refused " + Tuning.REFUSALS_UNTIL_LAST + " calls and never answered well: it is asked last"));
        }
    }

    private synchronized boolean isOneTooMany() {
        refusals++;
        return refusals == Tuning.REFUSALS_UNTIL_LAST && !proven;
    }

    /** Whether all other endpoints are asked before. */
    boolean isAskedLast() {
        return askedLast;
    }

    EndpointStatus status(RetryBudget budget) {
        long now = runtime.time().nanoTime();
        return new EndpointStatus(
                upstream,
                endpoint.name(),
                circuit.state(),
                Optional.ofNullable(limit).map(ConcurrencyLimit::status),
                new EndpointStatus.Budget(budget.available(), budget.capacity()),
                restLeft(),
                answered ? Optional.of(Duration.ofNanos(now - answeredAt)) : Optional.empty());
    }

    /** It is to be left alone, unless it is already for longer. Returns whether a rest begins that was asked to be longer. */
    synchronized boolean rest(Rest wanted) {
        boolean isNew = isOver(rest) || wanted.endsAfter(rest);
        boolean isTold = !isOver(rest) && rest.isShortened();
        rest = isNew ? wanted : rest;
        return isNew && !isTold && wanted.isShortened();
    }

    private boolean isOver(Rest of) {
        return of.isOver() || runtime.avoidances().isRestoredSince(of.began(), dependsOn);
    }

    /** How much is left of the rest that binds it; zero if nothing. */
    Duration restLeft() {
        Rest now = rest;
        return isOver(now) ? Duration.ZERO : now.left();
    }

    /** Whether it is left alone only because another endpoint of the same tenant asked for that. */
    boolean isRestBorrowed() {
        return rest.isBorrowedBy(domain);
    }

    /** The reason to skip it because of its {@code Retry-After}; null if there is none. */
    @Nullable
    Reason whyResting() {
        Rest now = rest;
        return isOver(now) ? null : now.whyNot();
    }

    /** The rest that a call which goes there now has to enter; null if there is none. */
    @Nullable
    Rest restToEnter() {
        Rest now = rest;
        return isOver(now) ? null : now;
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
