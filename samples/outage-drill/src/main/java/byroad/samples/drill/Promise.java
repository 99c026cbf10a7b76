package byroad.samples.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What Byroad promises in a scenario.
 *
 * @param aim what a client can achieve there at best
 * @param clauses what is checked, beside that no call of a Byroad outlives its deadline
 */
record Promise(Aim aim, List<Clause> clauses) {
    /** In every scenario, and for a Byroad that knows nothing too. */
    static final Duration MOST_OVERDUE = Duration.ofMillis(50);

    /** What a client can achieve at best. */
    enum Aim {
        /** All calls can be answered. */
        ANSWERS,
        /** As many as the fallback endpoint carries. */
        SOME_ANSWERS,
        /** Nothing can be answered; what counts is what a client adds to the load. */
        NO_HARM
    }

    /** One thing that is promised. */
    @FunctionalInterface
    interface Clause {
        /**
         * Returns what was missed, with numbers; nothing if it was kept.
         *
         * @param byroad the measures of the Byroad client
         */
        List<String> faults(ScenarioRun run, Measures byroad);
    }

    Promise {
        clauses = List.copyOf(clauses);
    }

    static Promise of(Aim aim, Clause... clauses) {
        return new Promise(aim, List.of(clauses));
    }

    /** Judges one scenario by the measures of the Byroad client, and by when the calls of any Byroad ended. */
    static Judgement judge(ScenarioRun run) {
        Scenario scenario = run.scenario();
        List<String> faults = new ArrayList<>();
        for (Measures measures : Findings.measures(run)) {
            boolean isMain = measures.client().equals(ByroadClient.NAME);
            boolean isGuest = scenario.guest().isByroad()
                    && measures.client().equals(scenario.guest().client());
            if (isMain) {
                scenario.promise().clauses().forEach(clause -> faults.addAll(clause.faults(run, measures)));
            }
            if ((isMain || isGuest) && measures.overdue().compareTo(MOST_OVERDUE) > 0) {
                faults.add(measures.client() + ": a call ended " + Words.millis(measures.overdue())
                        + " after its deadline (expected: <= " + Words.millis(MOST_OVERDUE) + ")");
            }
        }
        return new Judgement(scenario.name(), faults);
    }

    /**
     * What came of it.
     *
     * @param faults what was missed, with numbers; none if the promise was kept
     */
    record Judgement(String scenario, List<String> faults) {
        Judgement {
            faults = List.copyOf(faults);
        }

        boolean kept() {
            return faults.isEmpty();
        }
    }
}
