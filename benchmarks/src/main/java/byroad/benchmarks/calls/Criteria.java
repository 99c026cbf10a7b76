package byroad.benchmarks.calls;

import static byroad.benchmarks.figures.Table.number;

import byroad.benchmarks.figures.Figure;
import byroad.benchmarks.figures.Verdict;
import byroad.benchmarks.figures.Verdict.Outcome;
import byroad.benchmarks.jmh.JmhRun.Measured;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the figures must show. Medians decide. */
final class Criteria {
    private static final double MORE_IN_FULL = 450;
    private static final double MORE_AS_INTERCEPTOR = 650;

    private Criteria() {}

    static Measured of(Map<String, Measured> measured, String client) {
        return Objects.requireNonNull(measured.get(client), client);
    }

    /** How many bytes more than a no-op interceptor that client allocates. */
    static double more(Map<String, Measured> measured, String client) {
        return of(measured, client).allocated().median()
                - of(measured, Clients.NO_OP).allocated().median();
    }

    static List<Verdict> bytes(Map<String, Measured> measured) {
        return List.of(
                atMost(measured, Clients.FULL, MORE_IN_FULL),
                atMost(measured, Clients.FULL_DECLARED, MORE_IN_FULL),
                atMost(measured, Clients.SINGLE, MORE_AS_INTERCEPTOR),
                atMost(measured, Clients.SINGLE_DECLARED, MORE_AS_INTERCEPTOR));
    }

    private static Verdict atMost(Map<String, Measured> measured, String client, double bytes) {
        double more = more(measured, client);
        return Verdict.of(
                client + ": at most " + number(bytes) + " bytes more than a no-op interceptor",
                more <= bytes,
                number(more) + " bytes more");
    }

    /** No slower than two equal clients can be; where only some of ours is within their spread, nothing is claimed. */
    static Verdict time(Map<String, Measured> measured, String client) {
        Figure ours = of(measured, client).time();
        Figure one = of(measured, Clients.PLAIN).time();
        Figure other = of(measured, Clients.PLAIN_AGAIN).time();
        double slowest = Math.max(one.max(), other.max());
        Outcome outcome =
                ours.median() <= slowest ? Outcome.HELD : ours.min() <= slowest ? Outcome.UNRESOLVED : Outcome.NOT_HELD;
        return new Verdict(
                client + " over loopback: its median within the spread of two equal clients",
                outcome,
                "ours " + ours + " us, theirs " + one + " and " + other + " us");
    }
}
