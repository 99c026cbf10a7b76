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

    /** What a report says when the gate did not admit the call to a stand-in. */
    static final String GATE_IS_FULL = "its gate is full";
    /** What a report says when a door was passed by because it had failed before. */
    static final String CIRCUIT_IS_OPEN = "circuit is open";

    boolean says(String words) {
        return report.notes().stream().anyMatch(note -> note.contains(words));
    }

    /** Returns whether the call was sent to another door than the first. */
    boolean triedAtStandIn(List<Door> doors) {
        return report.attempts().stream()
                .anyMatch(attempt -> doors.stream()
                        .skip(1)
                        .anyMatch(door -> attempt.endpoint().startsWith(door.connectTo())));
    }
}
