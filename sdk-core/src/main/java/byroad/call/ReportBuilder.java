package byroad.call;

import byroad.AttemptReport;
import byroad.CallReport;
import byroad.Fault;
import byroad.Refusal;
import byroad.UserCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects the report of one call while the call runs; its {@link CallPlan} holds the lock. */
final class ReportBuilder {
    static final String UNDER_WAY = "under way";
    private static final String OK = "200";

    private final String upstream;
    private final RequestTraits request;
    private List<AttemptReport> attempts = List.of(); // replaced, not changed: most calls have one attempt and no note
    private List<String> notes = List.of();
    private Set<Refusal> refusals = Set.of();

    ReportBuilder(String upstream, RequestTraits request) {
        this.upstream = upstream;
        this.request = request;
    }

    /** Adds an attempt that ended; attempts that started later come after it. */
    void attempted(Attempt attempt, Outcome outcome, Optional<Fault> fault, Duration startedAfter, Duration took) {
        AttemptReport ended = told(attempt, startedAfter, took, inWords(outcome), fault, outcome);
        if (attempts.isEmpty()) {
            attempts = List.of(ended);
        } else {
            attempts = new ArrayList<>(attempts);
            int place = attempts.size();
            while (place > 0 && attempts.get(place - 1).startedAfter().compareTo(startedAfter) > 0) {
                place--;
            }
            attempts.add(place, ended);
        }
        if (outcome instanceof Outcome.Local) {
            note("answered by the client itself, without the network");
        }
    }

    private static AttemptReport told(
            Attempt attempt, Duration startedAfter, Duration took, String outcome, Optional<Fault> fault, Outcome of) {
        EndpointHealth at = attempt.health;
        return new AttemptReport(at.endpoint.name(), at.through, startedAfter, took, outcome, fault, of.address());
    }

    /** The number of attempts that have ended. */
    int attempts() {
        return attempts.size();
    }

    /** Adds a note, unless it is there already. */
    void note(String what) {
        if (!notes.contains(what)) {
            notes = plus(notes, what);
        }
    }

    /** Adds a note and its kind. */
    void refused(Refusal kind, String what) {
        note(what);
        refusals = refusals.isEmpty() ? EnumSet.of(kind) : refusals;
        refusals.add(kind);
    }

    /** Adds a note of what is not done, with the reason. */
    void refused(String what, Reason reason) {
        refused(reason.kind(), what + ": " + reason.words());
    }

    private static <T> List<T> plus(List<T> before, T one) {
        if (before.isEmpty()) {
            return List.of(one);
        }
        List<T> more = new ArrayList<>(before);
        more.add(one);
        return more;
    }

    /** The report so far, with that outcome; these attempts are still under way. */
    CallReport report(String outcome, Duration took, List<Attempt> underWay, Limits limits) {
        List<AttemptReport> all = attempts;
        for (Attempt attempt : underWay) {
            Duration startedAfter = limits.since(attempt.startedNanos());
            all = plus(
                    all,
                    told(
                            attempt,
                            startedAfter,
                            took.minus(startedAfter),
                            UNDER_WAY,
                            Optional.empty(),
                            Outcome.impossible(UNDER_WAY)));
        }
        return new CallReport(upstream, request.summary(), outcome, took, all, notes, refusals);
    }

    static String inWords(Outcome outcome) {
        if (outcome.isAnswer()) {
            return outcome.status() == 200 ? OK : String.valueOf(outcome.status());
        }
        if (outcome instanceof Outcome.Cancelled) {
            return "cancelled";
        }
        return outcome instanceof Outcome.Impossible impossible
                ? "impossible: " + impossible.why()
                : outcome.thrown().map(UserCode::nameOf).orElse("");
    }

    @Override
    public String toString() {
        return attempts.toString();
    }
}
