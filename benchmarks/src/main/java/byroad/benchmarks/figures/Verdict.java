package byroad.benchmarks.figures;

import java.io.PrintStream;
import java.util.List;

/**
 * What became of one criterion.
 *
 * @param criterion in words
 * @param outcome what the figures say
 * @param figures that say so
 */
public record Verdict(String criterion, Outcome outcome, String figures) {
    /** What figures can say. */
    public enum Outcome {
        HELD("held"),
        NOT_HELD("not held"),
        UNRESOLVED("cannot be resolved");

        final String words;

        Outcome(String words) {
            this.words = words;
        }
    }

    /** A yes or no that leaves no doubt. */
    public static Verdict of(String criterion, boolean held, String figures) {
        return new Verdict(criterion, held ? Outcome.HELD : Outcome.NOT_HELD, figures);
    }

    /** Prints them, and returns the exit status: 1 if one is not held. */
    public static int print(List<Verdict> verdicts, PrintStream out) {
        out.println();
        verdicts.forEach(out::println);
        return verdicts.stream().anyMatch(one -> one.outcome == Outcome.NOT_HELD) ? 1 : 0;
    }

    /** As in {@code held: 0 bytes per lookup (0.00)}. */
    @Override
    public String toString() {
        return String.format("%-18s  %s: %s", outcome.words, criterion, figures);
    }
}
