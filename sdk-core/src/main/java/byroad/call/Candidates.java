package byroad.call;

import byroad.FailureDomain;
import byroad.Fault;
import byroad.Refusal;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that one call may go to next: in their order, each once, free of suspicion, in good health, and a stand-in
 * only through its gate. It tells the story whom it passes over, and why. Its {@link CallPlan} holds the lock.
 */
final class Candidates {
    /** An endpoint that lets the call in, and the epoch of its circuit to give back with what came of it. */
    record Admission(EndpointHealth health, int epoch) {}

    private static final Why CIRCUIT_IS_OPEN = new Why(Refusal.CIRCUIT, "its circuit is open");

    private final UpstreamHealth upstream;
    private final RequestTraits request;
    private final Shunned shunned;
    private final Story story;

    // They stay empty in a call without incident, which is not to pay for them.
    private Set<EndpointHealth> tried = Set.of();
    private Set<FailureDomain> suspects = Set.of();
    private Set<EndpointHealth> doubted = Set.of();
    private boolean refusedByGate;
    private boolean hasWaited;
    private @Nullable EndpointHealth full; // and worth a wait
    private @Nullable EndpointHealth placeKept; // after a wait

    Candidates(UpstreamHealth upstream, RequestTraits request, Shunned shunned, Story story) {
        this.upstream = upstream;
        this.request = request;
        this.shunned = shunned;
        this.story = story;
    }

    /** The first that lets the call in; null if none does. */
    @Nullable
    Admission next() {
        full = null;
        for (EndpointHealth health : upstream.endpoints) {
            Admission admission = tried.contains(health) ? null : admission(health);
            if (admission != null) {
                return admission;
            }
        }
        return null;
    }

    /** Whether that one lets the call in once more, tried or not; null if it does not. */
    @Nullable
    Admission again(EndpointHealth health) {
        full = null;
        return admission(health);
    }

    /** Whether that one lets the call in; null if it does not. */
    private @Nullable Admission admission(EndpointHealth health) {
        Why refusal = refusal(health);
        int epoch = refusal == null ? health.circuit.enter() : Circuit.REFUSED;
        if (refusal == null && epoch == Circuit.REFUSED) {
            refusal = CIRCUIT_IS_OPEN;
        } else if (refusal == null && health.gate != null && !enters(health, health.gate)) {
            health.circuit.abandoned(epoch);
            if (!hasWaited && health.gate.isWorthAWait()) {
                full = full == null ? health : full;
                return null;
            }
            refusedByGate = true;
            tried(health); // its no is for the whole call: asked again, a chance of a quarter becomes a half
            refusal = ofGate(health);
        }
        if (refusal != null) {
            story.refused(refusal.kind(), health.endpoint.name() + " not tried: " + refusal.words());
            return null;
        }
        return new Admission(health, epoch);
    }

    private boolean enters(EndpointHealth health, Gate gate) {
        if (health != placeKept) {
            return gate.enter();
        }
        placeKept = null;
        return true;
    }

    /** Whether somebody is full with a burst, after {@link #next} or {@link #again} has found nobody, and the call has not waited yet. */
    boolean mayWait() {
        return full != null;
    }

    /** A wait for a place at the first of those; null if too many wait already. A call waits once: what is full then is a refusal. */
    Step.@Nullable Await waitForPlace(Limits limits) {
        EndpointHealth waitedFor = Objects.requireNonNull(full);
        hasWaited = true;
        String place = "for a place at " + waitedFor.endpoint.name();
        Step.Await wait = new Step.Await(limits.ofWaitForPlace(), place, waitedFor.gate);
        if (!upstream.tryWait(wait)) {
            story.refused(Refusal.WAITING, "no wait " + place + ": " + Tuning.MOST_WAITING + " calls wait already");
            return null;
        }
        story.note("waited " + place);
        return wait;
    }

    /** The wait is over; whether a place was kept for the call. */
    void waited(boolean isPlaceKept) {
        placeKept = isPlaceKept ? full : null;
    }

    /** The call goes elsewhere, or nowhere: the place that was kept for it is free. */
    void freePlace() {
        if (placeKept != null && placeKept.gate != null) {
            placeKept.gate.abandon();
        }
        placeKept = null;
    }

    /** Tells the story where a call that is only watched would have gone first, if not there. */
    void tellWhereTo(EndpointHealth called) {
        EndpointHealth instead = wouldBe();
        if (instead == null) {
            story.note("watching only: no endpoint would have been used but as a last resort");
        } else if (instead != called) {
            story.note("watching only: would have gone to " + instead.endpoint.name());
        }
    }

    /** Tells the story where a call that is only watched, and failed, would have gone on to. */
    void tellWhereOn() {
        EndpointHealth next = wouldBe();
        story.note("watching only: would have gone on"
                + (next == null ? ", by a repeat at most" : " to " + next.endpoint.name()));
    }

    /** Where the call would go if it were not only watched; null if nowhere. Enters nothing. */
    private @Nullable EndpointHealth wouldBe() {
        for (EndpointHealth health : upstream.endpoints) {
            if (tried.contains(health)) {
                continue;
            }
            Why refusal = refusal(health);
            if (refusal == null && !health.circuit.wouldEnter()) {
                refusal = CIRCUIT_IS_OPEN;
            } else if (refusal == null && health.gate != null && !health.gate.mightEnter()) {
                refusal = ofGate(health);
            }
            if (refusal == null) {
                return health;
            }
            story.note("watching only: " + health.endpoint.name() + " would not be tried: " + refusal.words());
        }
        return null;
    }

    /**
     * The least bad one, where none lets the call in: the first that neither an operator nor the call avoids, a stand-in only
     * through its gate; else the preferred.
     */
    EndpointHealth lastResort() {
        for (EndpointHealth health : upstream.endpoints) {
            if (tried.contains(health)
                    || shunned.isForbidden(health, request)
                    || shunned.whyNotInFor(health, request) != null) {
                continue;
            }
            if (health.gate == null || enters(health, health.gate)) {
                return health;
            }
            refusedByGate = true;
            Why full = ofGate(health);
            story.refused(full.kind(), health.endpoint.name() + " not tried: " + full.words());
        }
        return upstream.endpoints.get(0);
    }

    /** Why that endpoint must not be used now, circuit and gate aside. */
    private @Nullable Why refusal(EndpointHealth health) {
        for (FailureDomain suspect : suspects) {
            if (suspect.coversAny(health.dependsOn)) {
                return new Why(Refusal.SUSPICION, suspect + " is under suspicion");
            }
        }
        String avoided = shunned.whyNot(health, request);
        if (avoided != null) {
            return new Why(Refusal.AVOIDED, avoided);
        }
        if (health.isResting()) {
            return new Why(
                    Refusal.REST,
                    "it asked to be left alone for another " + health.restLeft().toMillis() + "ms");
        }
        String role = shunned.whyNotInFor(health, request);
        return role == null ? null : new Why(Refusal.ROLE, role);
    }

    private static Why ofGate(EndpointHealth health) {
        return new Why(Refusal.GATE, "its gate is full (" + health.gate + ")");
    }

    /** The call is not to go there by itself again. */
    void tried(EndpointHealth health) {
        tried = tried.isEmpty() ? new HashSet<>(4) : tried;
        tried.add(health);
    }

    /** Whether the answer of that one's name may be put in doubt: once a call. */
    boolean mayDoubt(EndpointHealth health) {
        doubted = doubted.isEmpty() ? new HashSet<>(2) : doubted;
        return doubted.add(health);
    }

    /** The call failed there: whoever is to blame, and whoever would answer the same, is not tried by it any more. */
    void failedAt(EndpointHealth health, Outcome outcome, Fault fault) {
        if (Attribution.isBetweenCallerAndService(outcome)) {
            upstream.doorsOfTenant(health).forEach(this::tried); // each would say the same, and nobody is to blame
            return;
        }
        suspects = suspects.isEmpty() ? new HashSet<>(4) : suspects;
        suspects.addAll(fault.suspects());
    }

    /** Whether a gate kept the call out. */
    boolean isRefusedByGate() {
        return refusedByGate;
    }

    /**
     * How long a call may take that is sent to the least bad one; empty for as long as any. What a gate refused gets a short
     * limit, so that in a black hole its caller does not wait for nothing.
     */
    Optional<Duration> limitOfLastResort(EndpointHealth leastBad) {
        Optional<Duration> atMost =
                refusedByGate && leastBad.gate == null ? upstream.ownLoad.limitOfRefused() : Optional.empty();
        story.refused(
                Refusal.LAST_RESORT,
                "no endpoint may be used: " + leastBad.endpoint.name() + " is tried once all the same"
                        + atMost.map(limit -> ", for at most " + limit.toMillis() + "ms")
                                .orElse(""));
        return atMost;
    }
}
