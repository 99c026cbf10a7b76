package byroad.call;

import byroad.Attempt;
import byroad.CallReport;
import byroad.Fault;
import byroad.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is told of one call while it happens; its {@link CallPlan} holds the lock. */
final class Story {
    private static final String UNDER_WAY = "under way";

    private final String upstream;
    private final RequestTraits request;
    private List<Attempt> attempts = List.of(); // replaced, not added to: most calls have one attempt and no note
    private List<String> notes = List.of();
    private Set<Refusal> refusals = Set.of();

    Story(String upstream, RequestTraits request) {
        this.upstream = upstream;
        this.request = request;
    }

    void attempted(Step.Send send, Outcome outcome, Optional<Fault> fault, Duration startedAfter, Duration took) {
        EndpointHealth at = send.health;
        attempts = plus(
                attempts,
                new Attempt(
                        at.endpoint.name(),
                        at.through,
                        startedAfter,
                        took,
                        inWords(outcome),
                        fault,
                        outcome.address()));
        if (outcome instanceof Outcome.Local) {
            note("answered by the client itself, without the network");
        }
    }

    /** How many there were. */
    int attempts() {
        return attempts.size();
    }

    /** Notes once what was refused or not done, and why. */
    void note(String what) {
        if (!notes.contains(what)) {
            notes = plus(notes, what);
        }
    }

    /** Notes it, and counts it by its kind. */
    void refused(Refusal kind, String what) {
        note(what);
        refusals = refusals.isEmpty() ? EnumSet.of(kind) : refusals;
        refusals.add(kind);
    }

    private static <T> List<T> plus(List<T> before, T one) {
        if (before.isEmpty()) {
            return List.of(one);
        }
        List<T> more = new ArrayList<>(before);
        more.add(one);
        return more;
    }

    CallReport report(Optional<Step> decision, Duration took) {
        String outcome = decision.map(this::outcomeOf).orElse(UNDER_WAY);
        return new CallReport(upstream, request.summary(), outcome, took, attempts, notes, refusals);
    }

    /** That report and the attempt that is under way. */
    CallReport with(Step.Send outstanding, Duration startedAfter, CallReport told) {
        EndpointHealth at = outstanding.health;
        Attempt underWay = new Attempt(
                at.endpoint.name(),
                at.through,
                startedAfter,
                told.took().minus(startedAfter),
                UNDER_WAY,
                Optional.empty(),
                Optional.empty());
        return new CallReport(
                told.upstream(),
                told.request(),
                told.outcome(),
                told.took(),
                plus(attempts, underWay),
                notes,
                refusals);
    }

    private String outcomeOf(Step decision) {
        if (decision instanceof Step.GiveUp gaveUp) {
            return gaveUp.failure().getClass().getSimpleName();
        }
        for (int i = attempts.size() - 1; i >= 0; i--) {
            String outcome = attempts.get(i).outcome();
            if (Character.isDigit(outcome.charAt(0))) {
                return outcome;
            }
        }
        throw new IllegalStateException("delivered without an answer: " + attempts);
    }

    private static String inWords(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answer) {
            return answer.head().status() == 200
                    ? "200"
                    : String.valueOf(answer.head().status());
        }
        if (outcome instanceof Outcome.FalseStart stream) {
            return String.valueOf(stream.head().status());
        }
        if (outcome instanceof Outcome.Local local) {
            return String.valueOf(local.head().status());
        }
        if (outcome instanceof Outcome.Failed failed) {
            return failed.failure().getClass().getSimpleName();
        }
        if (outcome instanceof Outcome.Unproven unproven) {
            return unproven.failure().getClass().getSimpleName();
        }
        return outcome instanceof Outcome.Impossible impossible ? "impossible: " + impossible.why() : "cancelled";
    }

    @Override
    public String toString() {
        return attempts.toString();
    }
}
