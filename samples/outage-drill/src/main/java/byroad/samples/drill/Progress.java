package byroad.samples.drill;

import byroad.samples.drill.Tally.Snapshot;
import byroad.samples.drill.Timetable.Slot;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The line that says what is happening. In a terminal it rewrites itself four times a second; elsewhere there is one
 * line a phase.
 */
final class Progress {
    private static final String START_OF_LINE = "\r";
    private static final String CLEAR_TO_END = "\u001b[K";
    private static final int LOOKS_A_SECOND = 4;

    private final PrintStream out;
    private final Style style;

    /** Who reads it. */
    enum Style {
        TERMINAL,
        PIPE;

        static Style detected() {
            return Boolean.getBoolean("terminal") ? TERMINAL : PIPE;
        }
    }

    Progress(PrintStream out, Style style) {
        this.out = out;
        this.style = style;
    }

    /** How often to call {@link Watch#look}. */
    static Duration interval() {
        return Duration.ofSeconds(1).dividedBy(LOOKS_A_SECOND);
    }

    void note(String words) {
        if (style == Style.TERMINAL) {
            out.print(START_OF_LINE + CLEAR_TO_END);
        }
        out.println(words);
        out.flush();
    }

    Watch watch(Scenario scenario, List<Tally> tallies) {
        return new Watch(scenario, tallies);
    }

    /** One scenario being watched. Used by one thread. */
    final class Watch {
        private final Scenario scenario;
        private final List<Tally> tallies;
        // The looks of the last second, oldest first.
        private final Deque<List<Snapshot>> recent = new ArrayDeque<>();

        private Watch(Scenario scenario, List<Tally> tallies) {
            this.scenario = scenario;
            this.tallies = tallies;
        }

        /** Says that a phase has begun. */
        void begins(Slot slot) {
            if (style == Style.PIPE) {
                out.println(place(slot) + ", " + Words.seconds(slot.phase().length()) + calls(snapshots()));
                out.flush();
            }
        }

        /** Says how it stands. */
        void look(Slot slot, Duration at) {
            List<Snapshot> now = snapshots();
            recent.addLast(now);
            if (recent.size() > LOOKS_A_SECOND + 1) {
                recent.removeFirst();
            }
            if (style == Style.TERMINAL) {
                Duration left = slot.to().minus(at);
                String lastSecond = lastSecond(recent.getFirst(), now);
                out.print(START_OF_LINE + place(slot) + ", " + Math.max(0, left.toSeconds() + 1) + "s left" + calls(now)
                        + " | last second: " + lastSecond + CLEAR_TO_END);
                out.flush();
            }
        }

        private String place(Slot slot) {
            return scenario.name() + ": " + slot.phase().words();
        }

        private String calls(List<Snapshot> now) {
            int calls = now.stream().mapToInt(s -> s.answered() + s.failed()).sum();
            return ", " + calls + " calls so far";
        }

        private String lastSecond(List<Snapshot> then, List<Snapshot> now) {
            return IntStream.range(0, now.size())
                    .mapToObj(i -> now.get(i).since(then.get(i)))
                    .map(s -> s.client() + " " + s.answered() + " ok " + s.failed() + " failed")
                    .collect(Collectors.joining(", "));
        }

        private List<Snapshot> snapshots() {
            return tallies.stream().map(Tally::snapshot).toList();
        }
    }
}
