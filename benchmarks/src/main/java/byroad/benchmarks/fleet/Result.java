package byroad.benchmarks.fleet;

import byroad.benchmarks.fleet.Scenario.Reported;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What one row came to, by one or more seeds. */
record Result(Scenario scenario, List<Run> runs) {
    /** How far below expectation, in points, is still the same: the simulation's own spread between seeds. */
    private static final double TOLERANCE = 1;
    /** Where nothing was reported: the share of the oracle's. */
    private static final double FAIR = 0.9;
    /** Requests to the edge for each call, with 30 % failing and three attempts. */
    private static final double MOST_ASKED = 1.4;
    /** Seconds until the concurrency limits have found out; here a second counts as soon as half the capacity is of no use. */
    private static final int FINDING_OUT = 3;

    /** One seed. */
    record Run(Tally tally, Figures engine, Figures oracle, Figures fixed, List<Integer> shifted) {
        static Run of(Scenario scenario, long seed) {
            Figures oracle = Figures.of(Trial.run(scenario, Trial.Kind.ORACLE, seed), scenario);
            Figures fixed = Figures.of(Trial.run(scenario, Trial.Kind.FIXED, seed), scenario);
            Tally tally = Trial.run(scenario, Trial.Kind.ENGINE, seed);
            List<Integer> shifted = new ArrayList<>();
            for (double share : new double[] {0.5, 0.9, 0.99}) {
                shifted.add(Figures.shifted(tally, oracle.answered(), share, scenario));
            }
            return new Run(tally, Figures.of(tally, scenario), oracle, fixed, shifted);
        }
    }

    double mean(ToDoubleFunction<Run> of) {
        return runs.stream().mapToDouble(of).average().orElse(0);
    }

    double most(ToDoubleFunction<Run> of) {
        return runs.stream().mapToDouble(of).max().orElse(0);
    }

    /** Standard deviation between seeds. */
    double spread(ToDoubleFunction<Run> of) {
        double mean = mean(of);
        double squares = runs.stream()
                .mapToDouble(run -> Math.pow(of.applyAsDouble(run) - mean, 2))
                .sum();
        return Math.sqrt(squares / Math.max(1, runs.size() - 1));
    }

    /** What is missed, empty where nothing is. */
    Optional<String> missed() {
        double answered = mean(run -> run.engine().answered());
        double oracle = mean(run -> run.oracle().answered());
        Reported reported = scenario.reported().orElse(new Reported(oracle, FAIR * oracle, 0, 0));
        double expected = oracle - (reported.oracle() - reported.prototype()) - TOLERANCE;
        // Where the world itself keeps an origin from working, the oracle has such seconds, too.
        double collapsed = mean(run -> run.engine().collapsed() - run.oracle().collapsed());
        double crashes = mean(run -> run.engine().crashes());
        if (answered < expected) {
            return Optional.of(String.format("answers %.1f %%, expected %.1f", answered, expected));
        }
        if (collapsed > reported.collapsed() + FINDING_OUT) {
            return Optional.of(String.format("%.0f s collapsed, expected %d", collapsed, reported.collapsed()));
        }
        if (crashes > reported.crashes() + 0.5) {
            return Optional.of(String.format("%.1f crashes, expected %.1f", crashes, reported.crashes()));
        }
        double asked = mean(run -> run.engine().edgePerCall());
        return asked > MOST_ASKED
                ? Optional.of(String.format("asks the edge %.2f times a call", asked))
                : Optional.empty();
    }
}
