package byroad.samples.drill;

import byroad.samples.drill.Scenario.Expectation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What Byroad promises in a scenario, and whether it kept it. */
final class Promise {
    static final double MOST_REQUESTS_PER_CALL = 1.1;
    static final int FEWEST_ANSWERED_PERCENT = 98;
    static final long FEWEST_CALLS = 1_000;
    static final Duration LATEST_FIRST_SUCCESS = Duration.ofSeconds(1);

    /** In every scenario, and for a Byroad that knows nothing too. */
    static final Duration MOST_OVERDUE = Duration.ofMillis(50);

    private Promise() {}

    /** Judges one scenario by the measures of the Byroad client, and by when the calls of any Byroad ended. */
    static Judgement judge(ScenarioRun run) {
        Scenario scenario = run.scenario();
        List<String> faults = new ArrayList<>();
        for (Measures measures : Findings.measures(run)) {
            if (measures.client().equals(ByroadClient.NAME)) {
                faults.addAll(faults(scenario.expectation(), measures));
            }
            boolean isByroad = List.of(ByroadClient.NAME, scenario.twin()).contains(measures.client());
            if (isByroad && measures.overdue().compareTo(MOST_OVERDUE) > 0) {
                faults.add(measures.client() + ": a call ended " + Words.millis(measures.overdue())
                        + " after its deadline (expected: <= " + Words.millis(MOST_OVERDUE) + ")");
            }
        }
        return new Judgement(scenario.name(), faults);
    }

    private static List<String> faults(Expectation expectation, Measures byroad) {
        return switch (expectation) {
            case EVERY_CALL_ANSWERED -> unanswered(byroad, 100);
            case FEW_CALLS_LOST -> unanswered(byroad, FEWEST_ANSWERED_PERCENT);
            case NO_HARM -> harm(byroad);
        };
    }

    private static List<String> unanswered(Measures byroad, int percent) {
        List<String> faults = new ArrayList<>();
        if (byroad.inside().part() * 100 < byroad.inside().whole() * percent) {
            String expected = percent == 100 ? "every call" : ">= " + percent + "%";
            faults.add("answered in time inside the outage: " + byroad.inside() + " (expected: " + expected + ")");
        }
        if (!byroad.outside().isWhole()) {
            faults.add("answered in time outside the outage: " + byroad.outside() + " (expected: every call)");
        }
        return faults;
    }

    private static List<String> harm(Measures byroad) {
        List<String> faults = new ArrayList<>();
        if (byroad.inside().whole() < FEWEST_CALLS) {
            faults.add("calls in the outage: " + byroad.inside().whole() + " (expected: >= " + FEWEST_CALLS + ")");
        }
        byroad.requestsPerCall().forEach((party, requests) -> {
            if (requests > MOST_REQUESTS_PER_CALL) {
                faults.add(String.format(
                        Locale.ROOT,
                        "requests per call at %s: %.3f (expected: <= %.1f)",
                        party.title(),
                        requests,
                        MOST_REQUESTS_PER_CALL));
            }
        });
        if (byroad.firstSuccess().isEmpty() || byroad.firstSuccess().get().compareTo(LATEST_FIRST_SUCCESS) > 0) {
            faults.add("first success after the end: "
                    + byroad.firstSuccess().map(Words::seconds).orElse("none") + " (expected: <= "
                    + Words.seconds(LATEST_FIRST_SUCCESS) + ")");
        }
        return faults;
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
