package byroad.benchmarks.names;

import static byroad.benchmarks.figures.Table.number;

import byroad.benchmarks.figures.Figure;
import byroad.benchmarks.figures.Verdict;
import byroad.benchmarks.figures.Verdict.Outcome;
import byroad.benchmarks.jmh.JmhRun.Measured;
import byroad.benchmarks.names.FirstSilent.Times;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the figures must show. Medians decide; where the spread (lowest to highest iteration) would allow the opposite,
 * nothing is claimed.
 */
final class Criteria {
    private static final double NO_ALLOCATION =
            0.5; // bytes; the smallest object has 16, and the profiler's noise is below
    private static final double LATE_MILLIS = 50;

    private Criteria() {}

    /** What was measured of that client. */
    static <T> T of(Map<String, T> measured, String client) {
        return Objects.requireNonNull(measured.get(client), client);
    }

    static List<Verdict> warm(Map<String, Measured> measured) {
        Figure ours = of(measured, WarmLookUp.OURS).time();
        Figure system = of(measured, WarmLookUp.SYSTEM).time();
        Figure dnsjava = of(measured, WarmLookUp.DNSJAVA).time();
        double bytes = of(measured, WarmLookUp.OURS).allocated().median();
        return List.of(
                notSlower("warm: not slower than Dns.SYSTEM beyond the spread", ours, system),
                Verdict.of("warm: no allocation", bytes < NO_ALLOCATION, number(bytes) + " bytes a lookup"),
                atLeast("warm: 10 times faster than dnsjava as a Dns", dnsjava, ours, 10));
    }

    private static Verdict notSlower(String criterion, Figure ours, Figure theirs) {
        boolean overlap = ours.min() <= theirs.max();
        boolean wide = ours.max() > 1.5 * ours.min() || theirs.max() > 1.5 * theirs.min();
        Outcome outcome = ours.median() <= theirs.median() || overlap && !wide
                ? Outcome.HELD
                : overlap ? Outcome.UNRESOLVED : Outcome.NOT_HELD;
        return new Verdict(criterion, outcome, "ours " + ours + " ns, theirs " + theirs + " ns");
    }

    static Verdict cold(Map<String, Measured> measured) {
        return atLeast(
                "cold: at most a quarter of dnsjava's time",
                of(measured, ColdClients.DNSJAVA).time(),
                of(measured, ColdClients.OURS).time(),
                4);
    }

    private static Verdict atLeast(String criterion, Figure theirs, Figure ours, double times) {
        boolean byMedians = theirs.median() / ours.median() >= times;
        boolean always = theirs.min() / ours.max() >= times;
        boolean never = theirs.max() / ours.min() < times;
        boolean clear = byMedians ? theirs.percentile(25) / ours.percentile(75) >= times : never;
        Outcome outcome = always || byMedians && clear ? Outcome.HELD : clear ? Outcome.NOT_HELD : Outcome.UNRESOLVED;
        String figures = "x" + number(theirs.median() / ours.median()) + " (" + number(theirs.min() / ours.max()) + ".."
                + number(theirs.max() / ours.min()) + ")";
        return new Verdict(criterion, outcome, figures);
    }

    static Verdict threads(long started) {
        return Verdict.of(
                "cold: no thread started per lookup", started <= 2, started + " by 200 lookups after the first");
    }

    static List<Verdict> silent(Map<String, Times> measured) {
        Figure first = Figure.of(of(measured, FirstSilent.OURS).first());
        Figure second = Figure.of(of(measured, FirstSilent.OURS).second());
        Figure healthy = Figure.of(of(measured, FirstSilent.OURS_HEALTHY).first());
        Figure timer = Figure.of(of(measured, FirstSilent.TIMER).first());
        double bound = timer.max() + healthy.max();
        return List.of(
                Verdict.of(
                        "first silent: answered within the stagger and a round trip",
                        first.median() <= bound,
                        "ours " + first + " ms; a bare timer " + timer + " ms and a round trip " + healthy + " ms"),
                Verdict.of(
                        "first silent: the second lookup pays nothing",
                        second.median() <= healthy.max(),
                        "ours " + second + " ms; with the healthy server alone " + healthy + " ms"));
    }

    static List<Verdict> deadlines(Map<String, List<Double>> late) {
        Figure floor = Figure.of(of(late, Deadlines.FLOOR));
        return List.of(
                deadline(Deadlines.DECLARED, Figure.of(of(late, Deadlines.DECLARED)), floor),
                deadline(Deadlines.CALL_TIMEOUT, Figure.of(of(late, Deadlines.CALL_TIMEOUT)), floor));
    }

    private static Verdict deadline(String client, Figure ends, Figure floor) {
        Outcome outcome = ends.max() <= LATE_MILLIS
                ? Outcome.HELD
                : floor.max() > LATE_MILLIS ? Outcome.UNRESOLVED : Outcome.NOT_HELD;
        return new Verdict(
                "all silent: no call ends more than 50 ms late (" + client + ")",
                outcome,
                "at most " + number(ends.max()) + " ms of " + ends.count() + "; without DNS " + number(floor.max())
                        + " ms");
    }
}
