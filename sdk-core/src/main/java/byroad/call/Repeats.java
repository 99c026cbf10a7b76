package byroad.call;

import byroad.Fault;
import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sending one call again to its preferred endpoint, which has failed it: a few times, after waits, out of the budget. Its
 * {@link CallPlan} holds the lock.
 */
final class Repeats {
    private final EndpointHealth endpoint;
    private final UpstreamHealth upstream;
    private final Limits limits;
    private final Story story;

    // Of that endpoint alone: what a stand-in met says nothing of who is asked again.
    private @Nullable Outcome outcome;
    private Optional<Fault> fault = Optional.empty();
    private int made;
    private int withdrawn;
    private boolean freeOneUsed;

    Repeats(EndpointHealth endpoint, UpstreamHealth upstream, Limits limits, Story story) {
        this.endpoint = endpoint;
        this.upstream = upstream;
        this.limits = limits;
        this.story = story;
    }

    /** What came of the latest attempt at it. */
    void took(Outcome came, Optional<Fault> itsFault) {
        outcome = came;
        fault = itsFault;
    }

    /** What this call took out of the budget for the repeat that is made or waited for. */
    int withdrawn() {
        return withdrawn;
    }

    /** The repeat that was waited for is not made: it is not paid for either. */
    void notMade(String because) {
        upstream.budget.deposit(withdrawn);
        story.note("no further retry: " + because);
    }

    /** How long to wait before the next repeat, which is paid for; null if there is none, and the story tells why. */
    @Nullable
    Duration waitBeforeNext(boolean refusedByGate) {
        if (!fault.isPresent() || fault.get().layer() == Layer.RESOLVER) {
            return null; // by a name that leads nowhere nothing is reached
        }
        String enough = refusedByGate ? "the call was refused by a gate" : whyEnough();
        if (enough != null) {
            return none(enough);
        }
        if (fault.get().delivery() == Delivery.NEVER_SENT && !freeOneUsed) {
            freeOneUsed = true;
            withdrawn = 0;
            made++;
            return Duration.ZERO;
        }
        Duration wait = backoff();
        if (limits.endBefore(wait)) {
            return none("a wait of " + wait.toMillis() + "ms ends after the deadline of " + limits);
        }
        return paid(wait);
    }

    private @Nullable String whyEnough() {
        if (made + 1 >= Tuning.MOST_TO_PREFERRED) {
            return (made + 1) + " attempts to " + endpoint.endpoint.name();
        }
        return endpoint.circuit.isClosed() ? null : "the circuit of " + endpoint.endpoint.name() + " is open";
    }

    private @Nullable Duration paid(Duration wait) {
        int cost = Attribution.isThrottled(outcome) ? RetryBudget.THROTTLED_COST : RetryBudget.TRANSIENT_COST;
        if (!upstream.budget.tryWithdraw(cost)) {
            return none("budget empty (" + upstream.budget + ", " + cost + " needed)");
        }
        if (!upstream.mayWait(wait)) {
            upstream.budget.deposit(cost);
            return none(Tuning.MOST_WAITING + " calls wait already");
        }
        withdrawn = cost;
        made++;
        return wait;
    }

    private @Nullable Duration none(String because) {
        story.note("no further retry: " + because);
        return null;
    }

    /** Never less than the endpoint asked for; jitter on top of that only ever adds, and not much. */
    private Duration backoff() {
        Duration wait = upstream.backoff(made + 1, outcome instanceof Outcome.Answered);
        if (!endpoint.isResting()) {
            return wait;
        }
        boolean isLong = wait.compareTo(Tuning.MOST_ADDED_TO_RETRY_AFTER) > 0;
        return endpoint.restLeft().plus(isLong ? Tuning.MOST_ADDED_TO_RETRY_AFTER : wait);
    }
}
