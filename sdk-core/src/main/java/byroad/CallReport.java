package byroad;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The report of a call: its attempts, the fault of each failure, and what was not done and why. It holds no header
 * values, query strings, user info or bodies.
 *
 * @param upstream the name of the upstream
 * @param request method and path, as in {@code POST /v1/chat/completions}
 * @param outcome what the caller received, as in {@code 200} or the name of an exception; {@code under way} until then
 * @param took from the start of the call to its outcome
 * @param attempts in the order they were started
 * @param notes what was not done, and why, in words
 * @param refusals the same as kinds, for metrics
 */
public record CallReport(
        String upstream,
        String request,
        String outcome,
        Duration took,
        List<AttemptReport> attempts,
        List<String> notes,
        Set<Refusal> refusals) {
    /** The report of a call that was not made by this client. */
    public static final CallReport NONE =
            new CallReport("", "", "not a call of this client", Duration.ZERO, List.of(), List.of(), Set.of());

    /** Copies the collections. */
    public CallReport {
        attempts = List.copyOf(attempts);
        notes = List.copyOf(notes);
        refusals = Set.copyOf(refusals);
    }

    /** The name of the endpoint whose answer the caller received; empty if there was no answer. */
    public String answeredBy() {
        if (!isAnswer(outcome)) {
            return "";
        }
        for (int i = attempts.size() - 1; i >= 0; i--) {
            if (attempts.get(i).outcome().equals(outcome)) {
                return attempts.get(i).endpoint();
            }
        }
        return "";
    }

    private static boolean isAnswer(String outcome) {
        return Character.isDigit(outcome.charAt(0));
    }

    /** One line for the call, one for each attempt, one for each note. */
    @Override
    public String toString() {
        if (attempts.isEmpty() && upstream.isEmpty()) {
            return outcome;
        }
        StringBuilder text =
                new StringBuilder(upstream + " " + request + " " + outcome + " in " + took.toMillis() + "ms");
        attempts.forEach(attempt -> text.append("\n  ").append(attempt));
        notes.forEach(note -> text.append("\n  ").append(note));
        return text.toString();
    }
}
