package byroad.samples.drill;

import byroad.CallReport;
import java.util.List;

/**
 * What the caller was told of a call beside its answer.
 *
 * @param status the HTTP status; {@link #NO_STATUS} where there was an exception
 * @param report Byroad's report on the call; {@link CallReport#NONE} from the peers
 */
record Told(int status, CallReport report) {
    static final int NO_STATUS = 0;

    /** What a report says when the concurrency limit did not admit the call to a fallback. */
    static final String LIMIT_IS_FULL = "its concurrency limit is reached";
    /** What a report says when a endpoint was passed by because it had failed before. */
    static final String CIRCUIT_IS_OPEN = "circuit is open";

    boolean says(String words) {
        return report.notes().stream().anyMatch(note -> note.contains(words));
    }

    /** Returns whether the call was sent to another endpoint than the first. */
    boolean triedAtFallback(List<Route> endpoints) {
        return report.attempts().stream()
                .anyMatch(attempt -> endpoints.stream()
                        .skip(1)
                        .anyMatch(endpoint -> attempt.endpoint().startsWith(endpoint.connectTo())));
    }
}
