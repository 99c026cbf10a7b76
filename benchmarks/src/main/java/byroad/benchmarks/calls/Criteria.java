package byroad.benchmarks.calls;

import static byroad.benchmarks.figures.Table.number;

import byroad.benchmarks.figures.Figure;
import byroad.benchmarks.figures.Verdict;
import byroad.benchmarks.jmh.JmhRun.Measured;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

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

    /** How much more a turn of one client takes than the other's of the same round. */
    static Figure more(Map<String, List<Double>> turns, String client, String other) {
        List<Double> its = Objects.requireNonNull(turns.get(client), client);
        List<Double> others = Objects.requireNonNull(turns.get(other), other);
        return Figure.of(IntStream.range(0, its.size())
                .mapToObj(round -> its.get(round) - others.get(round))
                .toList());
    }

    /** In most turns no slower than one of two equal clients is in some. */
    static Verdict time(Map<String, List<Double>> turns, String client) {
        Figure ours = more(turns, client, Clients.PLAIN);
        Figure equal = more(turns, Clients.PLAIN_AGAIN, Clients.PLAIN);
        return Verdict.of(
                client + " over loopback: what it takes more is within the noise of two equal clients",
                ours.median() <= equal.percentile(90),
                number(ours.median()) + " us more; of two equal ones, one takes up to " + number(equal.percentile(90))
                        + " us more in 9 of 10 turns");
    }
}
