package byroad.call;

import byroad.Fault;
import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import byroad.Seams;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sending one call again to the endpoint it went to first: a few times, after waits, out of the budget. Its {@link CallPlan}
 * holds the lock.
 */
final class Repeats {
    private final Seams seams;
    private final UpstreamHealth upstream;
    private final Limits limits;
    private final Story story;

    private @Nullable EndpointHealth preferred;
    private @Nullable Outcome outcome; // of the preferred alone: what a stand-in met says nothing of who is asked again
    private @Nullable Fault fault;
    private int made;
    private int withdrawn;
    private boolean freeOneUsed;

    Repeats(Seams seams, UpstreamHealth upstream, Limits limits, Story story) {
        this.seams = seams;
        this.upstream = upstream;
        this.limits = limits;
        this.story = story;
    }

    /** The call goes there; where it goes first is where it is repeated. */
    void sentTo(EndpointHealth health) {
        preferred = preferred == null ? health : preferred;
    }

    void took(EndpointHealth health, Outcome came, @Nullable Fault itsFault) {
        if (health == preferred) {
            outcome = came;
            fault = itsFault;
        }
    }

    /** Whom a repeat goes to; null where there is nobody to repeat to. */
    @Nullable
    EndpointHealth endpoint() {
        boolean answers = fault != null && fault.layer() != Layer.RESOLVER;
        return answers && preferred != null && preferred.rank == 0 ? preferred : null;
    }

    /** Which attempt at that endpoint comes next; 1 is the first. */
    int nextAttempt() {
        return made + 1;
    }

    /** What this call has taken out of the budget for the repeat under way. */
    int withdrawn() {
        return withdrawn;
    }

    /** How long to wait before the next repeat, which is paid for; null if there is none, and the story tells why. */
    @Nullable
    Duration waitBeforeNext(EndpointHealth again) {
        String enough = whyEnough(again);
        if (enough != null) {
            return none(enough);
        }
        boolean free = fault != null && fault.delivery() == Delivery.NEVER_SENT && !freeOneUsed;
        if (free) {
            freeOneUsed = true;
            made++;
            return Duration.ZERO;
        }
        Duration wait = wait(again);
        if (limits.endBefore(wait)) {
            return none("a wait of " + wait.toMillis() + "ms ends after the deadline of " + limits);
        }
        int cost = Attribution.isThrottled(outcome) ? RetryBudget.THROTTLED_COST : RetryBudget.TRANSIENT_COST;
        if (!upstream.budget.tryWithdraw(cost)) {
            return none("budget empty (" + upstream.budget + ", " + cost + " needed)");
        }
        long now = seams.time().nanoTime();
        if (!upstream.waits.tryStart(now, now + wait.toNanos())) {
            upstream.budget.deposit(cost);
            return none(Tuning.MOST_WAITING + " calls wait already");
        }
        withdrawn = cost;
        made++;
        return wait;
    }

    private @Nullable String whyEnough(EndpointHealth again) {
        if (made + 1 >= Tuning.MOST_TO_PREFERRED) {
            return (made + 1) + " attempts to " + again.endpoint.name();
        }
        return again.circuit.isClosed() ? null : "the circuit of " + again.endpoint.name() + " is open";
    }

    /** Notes why there is no further repeat. */
    @Nullable
    Duration none(String because) {
        story.note("no further retry: " + because);
        return null;
    }

    /** Never less than the endpoint asked for; jitter on top of that only ever adds, and not much. */
    private Duration wait(EndpointHealth again) {
        Duration wait = upstream.backoff(made + 1, outcome instanceof Outcome.Answered);
        if (!again.isResting()) {
            return wait;
        }
        boolean isLong = wait.compareTo(Tuning.MOST_ADDED_TO_RETRY_AFTER) > 0;
        return again.restLeft().plus(isLong ? Tuning.MOST_ADDED_TO_RETRY_AFTER : wait);
    }
}
