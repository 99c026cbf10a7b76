package byroad.call;

import byroad.Fault;
import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import byroad.Refusal;
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
    private boolean notTakenInBefore;
    private boolean waitedOn;

    Repeats(EndpointHealth endpoint, UpstreamHealth upstream, Limits limits, Story story) {
        this.endpoint = endpoint;
        this.upstream = upstream;
        this.limits = limits;
        this.story = story;
    }

    /** What came of the latest attempt at it. */
    void took(Outcome came, Optional<Fault> itsFault) {
        notTakenInBefore |= isNotTakenIn();
        outcome = came;
        fault = itsFault;
    }

    /** What this call took out of the budget for the repeat that is made or waited for. */
    int withdrawn() {
        return withdrawn;
    }

    /** A further wait where the endpoint asked for more rest meanwhile, once; null if it did not, or there is no time for that. */
    Step.@Nullable Await waitOn() {
        if (waitedOn || !endpoint.isResting()) {
            return null;
        }
        waitedOn = true;
        Step.Await wait = await(backoff());
        return limits.endBefore(wait.duration()) || !upstream.tryWait(wait) ? null : wait;
    }

    /** The wait is over: the epoch to send the repeat in, or {@link Circuit#REFUSED}, and the story tells why. */
    int enter(RequestTraits request) {
        String name = endpoint.endpoint.name();
        if (endpoint.isResting()) {
            return notMade(new Why(Refusal.REST, name + " asked to be left alone meanwhile"));
        }
        if (upstream.shunned.isForbidden(endpoint, request)) {
            return notMade(new Why(Refusal.AVOIDED, name + " is to be avoided since"));
        }
        int epoch = endpoint.circuit.enter();
        return epoch != Circuit.REFUSED
                ? epoch
                : notMade(new Why(Refusal.CIRCUIT, "the circuit of " + name + " opened meanwhile"));
    }

    private int notMade(Why why) {
        notMade();
        none(why);
        return Circuit.REFUSED;
    }

    /** The repeat that was waited for is not made: it is not paid for either. */
    void notMade() {
        upstream.budget.deposit(withdrawn);
        withdrawn = 0;
    }

    /** The wait before the next repeat, which is paid for; null if there is none, and the story tells why. */
    Step.@Nullable Await waitBeforeNext(boolean refusedByGate) {
        if (!fault.isPresent() || fault.get().layer() == Layer.RESOLVER) {
            return null; // by a name that leads nowhere nothing is reached
        }
        boolean isOfConnection = outcome instanceof Outcome.Failed && made == 0; // and not of the endpoint, maybe
        Why enough = refusedByGate && !isOfConnection
                ? new Why(Refusal.GATE, "the call was refused by a gate")
                : whyEnough();
        if (enough != null) {
            return none(enough);
        }
        if (fault.get().delivery() == Delivery.NEVER_SENT && !freeOneUsed && !endpoint.isResting()) {
            freeOneUsed = true;
            withdrawn = 0;
            made++;
            return await(Duration.ZERO);
        }
        Duration wait = backoff();
        if (limits.endBefore(wait)) {
            return none(new Why(
                    Refusal.DEADLINE, "a wait of " + wait.toMillis() + "ms ends after the deadline of " + limits));
        }
        return paid(await(wait));
    }

    private @Nullable Why whyEnough() {
        if (made + 1 >= Tuning.MOST_TO_PREFERRED) {
            return new Why(Refusal.ATTEMPTS, (made + 1) + " attempts to " + endpoint.endpoint.name());
        }
        if (notTakenInBefore && isNotTakenIn()) {
            return new Why(Refusal.ATTEMPTS, fault.get().evidence() + " once more");
        }
        return endpoint.circuit.isClosed()
                ? null
                : new Why(Refusal.CIRCUIT, "the circuit of " + endpoint.endpoint.name() + " is open");
    }

    private boolean isNotTakenIn() {
        return fault.filter(its -> its.delivery() == Delivery.NOT_TAKEN_IN).isPresent();
    }

    private Step.@Nullable Await paid(Step.Await wait) {
        int cost = Attribution.isThrottled(outcome) ? RetryBudget.THROTTLED_COST : RetryBudget.TRANSIENT_COST;
        if (!upstream.budget.tryWithdraw(cost)) {
            return none(new Why(Refusal.BUDGET, "budget empty (" + upstream.budget + ", " + cost + " needed)"));
        }
        if (!upstream.tryWait(wait)) {
            upstream.budget.deposit(cost);
            return none(new Why(Refusal.WAITING, Tuning.MOST_WAITING + " calls wait already"));
        }
        withdrawn = cost;
        made++;
        return wait;
    }

    private Step.Await await(Duration wait) {
        return new Step.Await(wait, "before another attempt to " + endpoint.endpoint.name(), null);
    }

    private Step.@Nullable Await none(Why why) {
        story.refused(why.kind(), "no further retry: " + why.words());
        return null;
    }

    /** Never less than the endpoint asked for; jitter on top of that only ever adds, and not much. */
    private Duration backoff() {
        Duration wait = upstream.backoff(
                made + 1, outcome instanceof Outcome.Answered || outcome instanceof Outcome.FalseStart);
        if (!endpoint.isResting()) {
            return wait;
        }
        boolean isLong = wait.compareTo(Tuning.MOST_ADDED_TO_RETRY_AFTER) > 0;
        return endpoint.restLeft().plus(isLong ? Tuning.MOST_ADDED_TO_RETRY_AFTER : wait);
    }
}
