package byroad.benchmarks.outages;

import static byroad.benchmarks.figures.Table.number;

import byroad.benchmarks.figures.Figure;
import byroad.benchmarks.figures.Verdict;
import byroad.benchmarks.figures.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the figures of {@link Contestants#OURS} must show. The worst run decides; where the machine itself stood still for too
 * long, a miss proves nothing.
 */
final class Criteria {
    /** How late a load generator may be for its run to say something. */
    static final double STALL_MILLIS = 100;

    private static final double SMALL_LOAD = 2; // calls in flight: what a concurrency limit lets through from the start
    private static final double MOST_MILLIS = Limits.ATTEMPT.toMillis() + 200;

    private final CellResult result;
    private final List<Verdict> verdicts = new ArrayList<>();

    private Criteria(CellResult result) {
        this.result = result;
    }

    static List<Verdict> of(CellResult result) {
        Criteria criteria = new Criteria(result);
        switch (result.cell) {
            case EDGE_5XX, REFUSED -> criteria.answered();
            case BLACK_HOLE -> {
                criteria.answered();
                criteria.notSlowerThanFallback();
                criteria.atMost(
                        "no call takes more than " + number(MOST_MILLIS) + " ms",
                        MOST_MILLIS,
                        one -> one.took().max());
                criteria.atMost("at most 1.05 requests per call at any endpoint", 1.05, Criteria::atWorstDoor);
            }
            case BROWN_OUT -> {
                criteria.answered();
                criteria.atMost("at most 1.05 requests per call at the primary", 1.05, Measured::edgeRequests);
                criteria.atMost("at most 1.40 requests per call in all", 1.40, Measured::allRequests);
            }
            case ALL_DOWN -> {
                criteria.atMost("at most 1.1 requests per call at any endpoint", 1.1, Criteria::atWorstDoor);
                criteria.atMost("first success within 500 ms of the end", 500, Measured::firstSuccess);
            }
        }
        return criteria.verdicts;
    }

    private static double atWorstDoor(Measured one) {
        return Math.max(one.edgeRequests(), one.originRequests());
    }

    private void answered() {
        double load = result.figure(Contestants.OURS, Measured::ownConcurrency).median();
        Figure percent = result.figure(Contestants.OURS, Measured::answered);
        double least = load <= SMALL_LOAD ? 100 : 99;
        long unnamed = result.missed()
                .filter(call -> call.answer().report().notes().isEmpty())
                .count();
        verdict(
                number(least) + " % answered in time" + (least < 100 ? ", every refusal named" : ""),
                percent.min() >= least && unnamed == 0,
                percent + " % at " + number(load) + " calls in flight");
    }

    private void notSlowerThanFallback() {
        Figure ours = result.figure(Contestants.OURS, one -> one.took().percentile(99));
        Figure theirs = result.figure(Contestants.FALLBACK, one -> one.took().percentile(99));
        boolean overlap = ours.min() <= theirs.max() && theirs.min() <= ours.max();
        boolean tiny = ours.median() - theirs.median() <= result.lag(); // the machine alone does as much
        Outcome outcome = ours.median() <= theirs.median()
                ? Outcome.HELD
                : overlap || tiny ? Outcome.UNRESOLVED : Outcome.NOT_HELD;
        add("p99 no worse than the hand-written fallback's", outcome, "ours " + ours + " ms, theirs " + theirs + " ms");
    }

    private void atMost(String criterion, double most, ToDoubleFunction<Measured> what) {
        Figure figure = result.figure(Contestants.OURS, what);
        verdict(criterion, figure.max() <= most, figure.toString());
    }

    private void verdict(String criterion, boolean held, String figures) {
        boolean stalled = result.lag() > STALL_MILLIS;
        Outcome outcome = held ? Outcome.HELD : stalled ? Outcome.UNRESOLVED : Outcome.NOT_HELD;
        String why =
                outcome == Outcome.UNRESOLVED ? "; the machine stood still for " + number(result.lag()) + " ms" : "";
        add(criterion, outcome, figures + why);
    }

    private void add(String criterion, Outcome outcome, String figures) {
        verdicts.add(new Verdict(result.cell + ": " + criterion, outcome, figures));
    }
}
