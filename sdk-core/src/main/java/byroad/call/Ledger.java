package byroad.call;

import byroad.Fault;
import byroad.Fault.Layer;
import java.io.IOException;
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
        boolean happened = outcome instanceof Outcome.Answered || outcome instanceof Outcome.Failed;
        if (send.passedGate() && health.gate != null) {
            if (happened) {
                health.gate.exit(took, Attribution.isOverload(outcome) || isSlow(send, took));
            } else {
                health.gate.abandon();
            }
        }
        if (!happened || fault.isPresent() && !charges(fault.get(), outcome, health)) {
            health.circuit.abandoned(send.circuitEpoch);
        } else if (fault.isPresent()) {
            health.circuit.failed(send.circuitEpoch, took, fault.get().toString());
        } else {
            health.circuit.succeeded(send.circuitEpoch, took);
            upstream.budget.deposit(Math.max(1, withdrawn));
            if (health.rank == 0) {
                upstream.ownLoad.answered(took);
            }
        }
        fault.flatMap(Fault::retryAfter).ifPresent(health::leaveAloneFor);
    }

    /** A body that died after its headers: a failure of the endpoint all the same. */
    static void bodyFailed(Step.Send send, IOException why) {
        send.health.circuit.failed(send.circuitEpoch, Duration.ZERO, "body: " + Attribution.describe(why));
    }

    /** Only what the endpoint, its edges or its host are suspected of; quota and policy are not failures of theirs. */
    private static boolean charges(Fault fault, Outcome outcome, EndpointHealth health) {
        boolean throttled =
                outcome instanceof Outcome.Answered answered && answered.head().status() == 429;
        return !throttled
                && fault.layer() != Layer.CLIENT_NETWORK
                && fault.layer() != Layer.EDGE_POLICY
                && fault.suspects().stream().anyMatch(suspect -> suspect.coversAny(health.dependsOn));
    }

    private static boolean isSlow(Step.Send send, Duration took) {
        return send.within()
                .filter(limit -> took.multipliedBy(2).compareTo(limit) > 0)
                .isPresent();
    }
}
