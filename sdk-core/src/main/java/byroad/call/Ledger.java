package byroad.call;

import byroad.Fault;
import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/** Enters what came of a send where it counts: in the endpoint's circuit and gate, in the upstream's budget and load. */
final class Ledger {
    private Ledger() {}

    static void settle(
            Step.Send send,
            Outcome outcome,
            Optional<Fault> fault,
            Duration took,
            UpstreamHealth upstream,
            int withdrawn) {
        EndpointHealth health = send.health;
        try {
            if (health.rank > 0) {
                upstream.ownLoad.interrupted(); // why ever it does not go to the preferred one
            }
            if (!happened(send, outcome, took) || fault.isPresent() && !charges(fault.get(), outcome, health)) {
                health.circuit.abandoned(send.circuitEpoch);
            } else if (fault.isPresent()) {
                String why = fault.get().toString();
                health.circuit.failed(send.circuitEpoch, took, why);
                upstream.laterDoors(health, fault.get())
                        .forEach(door -> chargeIfClosed(door, send.startedNanos, took, why));
                upstream.accusations.heard(health, fault.get());
                if (health.rank == 0) {
                    upstream.ownLoad.interrupted();
                    upstream.shift.failed(health, fault.get());
                }
            } else {
                send.ended = health.circuit.succeeded(send.circuitEpoch, took);
                health.answered();
                upstream.budget.deposit(Math.max(1, withdrawn));
                if (health.rank == 0) {
                    upstream.ownLoad.answered(took);
                    upstream.shift.answered(health);
                }
            }
            if (fault.isPresent()) {
                rest(fault.get(), Attribution.isBetweenCallerAndService(outcome), health, upstream);
            }
        } finally {
            leaveGate(send, outcome, fault, took, upstream); // last, and whatever a listener throws
        }
    }

    /** Whether that says anything of the endpoint. */
    private static boolean happened(Step.Send send, Outcome outcome, Duration took) {
        if (outcome instanceof Outcome.Failed failed) {
            return !(failed.failure() instanceof SocketTimeoutException && send.isCutShort(took));
        }
        return outcome instanceof Outcome.Answered || outcome instanceof Outcome.FalseStart;
    }

    /** Nobody will ever know what came of it: it leaves its places, and no mark. */
    static void forget(Step.Send send) {
        send.health.circuit.abandoned(send.circuitEpoch);
        if (send.health.gate != null) {
            send.health.gate.abandon();
        }
    }

    /** Last, for others may be waiting for the place, and are to know what came of it. */
    private static void leaveGate(
            Step.Send send, Outcome outcome, Optional<Fault> fault, Duration took, UpstreamHealth upstream) {
        Gate gate = send.health.gate;
        if (gate == null) {
            return;
        }
        boolean ofOthers = fault.filter(found -> found.layer() == Layer.CLIENT_NETWORK
                        || found.layer() == Layer.RESOLVER
                        || found.delivery() == Delivery.NOT_TAKEN_IN)
                .isPresent();
        Duration silence = send.silence(took);
        boolean late = outcome.isAnswer() && send.isLate(silence) && upstream.ownLoad.isSlow(silence);
        boolean overloaded = late || Attribution.isOverload(outcome);
        if (happened(send, outcome, took) && !ofOthers && (overloaded || !fault.isPresent())) {
            gate.exit(took, overloaded);
        } else {
            gate.abandon(); // an error or a connection that breaks is no sign of overload, nor of strength
        }
    }

    /**
     * Leaves alone for as long as it asked the endpoint that asked; where its host asked, the host's later doors as well.
     * A quota or a policy is the tenant's, so that all its doors rest: none takes the calls of another.
     */
    private static void rest(Fault fault, boolean isOfTenant, EndpointHealth health, UpstreamHealth upstream) {
        fault.retryAfter().ifPresent(rest -> {
            health.leaveAloneFor(rest);
            boolean ofTenant = isOfTenant || fault.layer() == Layer.EDGE_POLICY;
            (ofTenant ? upstream.doorsOfTenant(health) : upstream.laterDoors(health, fault))
                    .forEach(door -> door.leaveAloneFor(rest));
        });
    }

    /** A body that died after its headers: a failure of the endpoint all the same. */
    static void bodyFailed(Step.Send send, UpstreamHealth upstream, String why) {
        send.health.circuit.bodyFailed(send.circuitEpoch, send.ended, "body: " + why);
        if (send.health.rank == 0) {
            upstream.shift.failed(
                    send.health, Fault.of(Layer.UNKNOWN, "body: " + why).suspecting(send.health.domain));
        }
    }

    private static void chargeIfClosed(EndpointHealth door, long sent, Duration took, String why) {
        if (door.circuit.isClosedSince(sent)) { // a probe of its own is not decided by somebody else
            door.circuit.failed(door.circuit.enterAnyway(), took, why);
        }
    }

    /** Only what the endpoint, its edges or its host are suspected of; quota and policy are not failures of theirs. */
    private static boolean charges(Fault fault, Outcome outcome, EndpointHealth health) {
        return !Attribution.isBetweenCallerAndService(outcome)
                && fault.layer() != Layer.CLIENT_NETWORK
                && fault.layer() != Layer.EDGE_POLICY
                && fault.suspects().stream().anyMatch(suspect -> suspect.coversAny(health.dependsOn));
    }
}
