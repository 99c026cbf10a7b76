package byroad.call;

import byroad.Fault;
import byroad.Refusal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt holds while it is under way: a ticket of its endpoint's circuit, a place at the concurrency limit of a fallback endpoint,
 * and the tokens of the retry budget that it costs.
 *
 * <p>It is given back exactly once, by {@link #settle} or {@link #release}; what comes later changes nothing. Safe for use by
 * any thread.
 */
final class Permit {
    private enum State {
        RESERVED,
        RETAINED,
        RETURNED
    }

    final EndpointHealth endpoint;
    private final UpstreamHealth upstream;

    // Guarded by this.
    private State state = State.RESERVED;
    private int ticket = Circuit.REFUSED;
    private boolean hasPlace;
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

    /** It holds a place at the concurrency limit already, for which its call waited. */
    synchronized Permit withPlace() {
        hasPlace = true;
        return this;
    }

    /** It has these tokens, which were taken out of the budget. */
    synchronized Permit withTokens(int withdrawn) {
        tokens = withdrawn;
        return this;
    }

    /** Takes what is missing. Returns null, or takes nothing more and returns the reason. */
    synchronized @Nullable Reason acquire() {
        int entered = endpoint.circuit.enter();
        if (entered == Circuit.REFUSED) {
            return new Reason(Refusal.CIRCUIT, "its circuit is open");
        }
        if (!hasPlace && endpoint.limit != null && !endpoint.limit.enter()) {
            endpoint.circuit.abandoned(entered);
            return endpoint.limitIsReached();
        }
        return held(entered);
    }

    /** Takes what is missing, whatever the state of the circuit; a concurrency limit still has its say. Returns null or the reason. */
    synchronized @Nullable Reason acquireAnyway() {
        if (!hasPlace && endpoint.limit != null && !endpoint.limit.enter()) {
            return endpoint.limitIsReached();
        }
        return held(endpoint.circuit.enterAnyway());
    }

    /** As {@link #acquireAnyway}, without a place at the concurrency limit. */
    synchronized Permit acquireWithoutPlace() {
        ticket = endpoint.circuit.enterAnyway();
        state = State.RETAINED;
        return this;
    }

    private @Nullable Reason held(int entered) {
        ticket = entered;
        hasPlace = endpoint.limit != null;
        state = State.RETAINED;
        return null;
    }

    /** Gives everything back, and enters what the attempt showed where it counts. */
    void settle(Assessment assessment, long startedNanos, Duration took) {
        if (!returned()) {
            return;
        }
        try {
            upstream.attempted(endpoint);
            switch (assessment.verdict()) {
                case ANSWERED -> answered(took);
                case FAILED -> failed(assessment.fault().orElseThrow(), startedNanos, took);
                case NOTHING -> endpoint.circuit.abandoned(ticket);
            }
            assessment.fault().ifPresent(fault -> upstream.rest(endpoint, fault, assessment.isOfTenant()));
        } finally { // last: others may wait for the place, and are to find what came of this attempt
            leaveLimit(assessment.load(), took);
        }
    }

    private void answered(Duration took) {
        ended = endpoint.circuit.succeeded(ticket, took);
        upstream.answered(endpoint, took);
        upstream.budget.deposit(Math.max(1, tokens)); // a retry that succeeds pays itself back
    }

    private void failed(Fault fault, long startedNanos, Duration took) {
        endpoint.circuit.failed(ticket, took, fault.toString());
        upstream.failed(endpoint, fault, startedNanos, took);
    }

    /** Gives everything back; nothing is known of the endpoint. Tokens come back too if the attempt was never made. */
    void release() {
        boolean isMade = isHeld();
        if (!returned()) {
            return;
        }
        if (isMade) {
            endpoint.circuit.abandoned(ticket);
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
        return state == State.RETAINED;
    }

    private synchronized boolean returned() {
        boolean first = state != State.RETURNED;
        state = State.RETURNED;
        return first;
    }

    /** The answer that was settled turned out to be none: its body died, or told of an error. */
    void bodyFailed(String why) {
        endpoint.circuit.bodyFailed(ticket, ended, why);
        upstream.bodyFailed(endpoint, why);
    }
}
