package byroad.call;

import byroad.Fault;
import byroad.Refusal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The permit of an attempt to use an endpoint: a ticket of its circuit, a place within the concurrency limit of a
 * fallback endpoint, and tokens of the retry budget.
 *
 * <p>It is returned exactly once, by {@link #settle} or {@link #release}; later calls change nothing. Safe for use by
 * any thread.
 */
final class Permit {
    private enum State {
        RESERVED,
        HELD,
        RETURNED
    }

    final EndpointHealth endpoint;
    private final UpstreamHealth upstream;

    // Guarded by this.
    private State state = State.RESERVED;
    private int ticket = Circuit.REFUSED;
    private boolean hasPlace;
    private boolean isRestIgnored;
    private @Nullable Rest rest; // that admitted it
    private int tokens;
    private Circuit.Ended ended = Circuit.Ended.NOTHING;

    private Permit(EndpointHealth endpoint, UpstreamHealth upstream) {
        this.endpoint = endpoint;
        this.upstream = upstream;
    }

    /** A permit for that endpoint that holds nothing yet. */
    static Permit reserve(EndpointHealth endpoint, UpstreamHealth upstream) {
        return new Permit(endpoint, upstream);
    }

    /** The permit has a place within the concurrency limit already, for which its call waited. */
    synchronized Permit withPlace() {
        hasPlace = true;
        return this;
    }

    /** The rest of its endpoint does not apply to this permit. */
    synchronized Permit ignoringRest() {
        isRestIgnored = true;
        return this;
    }

    /** The permit has these tokens, which were taken from the budget. */
    synchronized Permit withTokens(int withdrawn) {
        tokens = withdrawn;
        return this;
    }

    /** Acquires what is missing. Returns null, or the reason why it is refused. */
    synchronized @Nullable Reason acquire() {
        Rest toEnter = isRestIgnored ? null : endpoint.restToEnter();
        Reason resting = toEnter == null ? null : toEnter.enter();
        if (resting != null) {
            return resting;
        }
        int entered = endpoint.circuit.enter();
        Reason reason = entered == Circuit.REFUSED ? new Reason(Refusal.CIRCUIT, "its circuit is open") : null;
        if (reason == null && !hasPlace && endpoint.limit != null && !endpoint.limit.enter()) {
            endpoint.circuit.abandoned(entered);
            reason = endpoint.limitIsReached();
        }
        if (reason != null) {
            abandon(toEnter);
            return reason;
        }
        rest = toEnter;
        return holds(entered);
    }

    private static void abandon(@Nullable Rest entered) {
        if (entered != null) {
            entered.abandoned();
        }
    }

    /**
     * Acquires what is missing, whatever the state of the circuit is; the concurrency limit still applies. Returns null
     * or the reason.
     */
    synchronized @Nullable Reason acquireAnyway() {
        if (!hasPlace && endpoint.limit != null && !endpoint.limit.enter()) {
            return endpoint.limitIsReached();
        }
        return holds(endpoint.circuit.enterAnyway());
    }

    /** As {@link #acquireAnyway}, without a place within the concurrency limit. */
    synchronized Permit acquireWithoutPlace() {
        ticket = endpoint.circuit.enterAnyway();
        state = State.HELD;
        return this;
    }

    private @Nullable Reason holds(int entered) {
        ticket = entered;
        hasPlace = endpoint.limit != null;
        state = State.HELD;
        return null;
    }

    /**
     * Returns everything, and counts the assessment at the circuit, the concurrency limit, the budget and the upstream.
     */
    void settle(Assessment assessment, long startedNanos, Duration took) {
        if (!returned()) {
            return;
        }
        try {
            upstream.attempted(endpoint);
            switch (assessment.verdict()) {
                case SUCCEEDED -> {
                    endpoint.succeeded();
                    answered(startedNanos, took);
                }
                case ANSWERED -> answered(startedNanos, took);
                case FAILED -> failed(assessment.fault().get(), took);
                case REFUSED -> {
                    endpoint.refused();
                    endpoint.circuit.abandoned(ticket);
                }
                case NOTHING -> endpoint.circuit.abandoned(ticket);
            }
            abandon(rest);
            if (assessment.isRestOfMore()) {
                assessment.fault().ifPresent(fault -> upstream.rest(endpoint, fault, assessment.isOfTenant()));
            }
        } finally { // last: a call that waits for the place must see the new state of the endpoint
            leaveLimit(assessment.load(), took);
        }
    }

    private void answered(long startedNanos, Duration took) {
        ended = endpoint.circuit.succeeded(ticket, took);
        upstream.answered(endpoint, startedNanos, took);
        upstream.budget.deposit(Math.max(1, tokens)); // a successful retry returns its tokens
    }

    private void failed(Fault fault, Duration took) {
        endpoint.circuit.failed(ticket, took, fault.toString());
        upstream.failed(endpoint, fault);
    }

    /**
     * Returns everything; the attempt says nothing about the endpoint. Tokens are returned too if the attempt was never
     * made.
     */
    void release() {
        boolean isMade = isHeld();
        if (!returned()) {
            return;
        }
        if (isMade) {
            endpoint.circuit.abandoned(ticket);
            abandon(rest);
        } else if (tokens > 0) {
            upstream.budget.deposit(tokens);
        }
        leaveLimit(Assessment.Load.NOTHING, Duration.ZERO);
    }

    private void leaveLimit(Assessment.Load load, Duration took) {
        if (!hasPlace || endpoint.limit == null) {
            return;
        }
        if (load == Assessment.Load.NOTHING) {
            endpoint.limit.abandon();
        } else {
            endpoint.limit.exit(took, load == Assessment.Load.OVERLOADED);
        }
    }

    private synchronized boolean isHeld() {
        return state == State.HELD;
    }

    private synchronized boolean returned() {
        boolean first = state != State.RETURNED;
        state = State.RETURNED;
        return first;
    }

    /** The body of the settled answer broke off or reported an error. */
    void bodyFailed(String why) {
        endpoint.circuit.bodyFailed(ticket, ended, why);
        upstream.bodyFailed(endpoint, why);
    }
}
