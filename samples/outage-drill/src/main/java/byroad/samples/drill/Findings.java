package byroad.samples.drill;

import byroad.samples.drill.Promise.Judgement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Everything that the drill found out: what was seen, what it measures to, and whether the promise was kept.
 *
 * @param runs one for each scenario, in order
 */
record Findings(Settings settings, List<ScenarioRun> runs) {
    private static final Duration TOLERABLE_LAG = Duration.ofMillis(100);

    Findings {
        runs = List.copyOf(runs);
    }

    static List<Measures> measures(ScenarioRun run) {
        return run.clients().stream().map(client -> Measures.of(run, client)).toList();
    }

    /** Returns the judgement of each scenario; none if nothing is judged. */
    List<Judgement> judgements() {
        if (!settings.isJudged()) {
            return List.of();
        }
        return runs.stream().map(Promise::judge).toList();
    }

    boolean isMissed() {
        return judgements().stream().anyMatch(judgement -> !judgement.kept());
    }

    /** Returns in one sentence whether the promise was kept. */
    String verdict() {
        if (!settings.isJudged()) {
            return "Promise not judged: it is made for the default rate and outage.";
        }
        return isMissed() ? "Promise missed." : "Promise kept.";
    }

    /** Returns in one sentence how many calls each client answered while something was broken. */
    String headline() {
        List<ScenarioRun> survivable = runs.stream()
                .filter(run -> run.scenario().promise().aim() == Promise.Aim.ANSWERS)
                .toList();
        if (survivable.isEmpty()) {
            return loadHeadline();
        }
        String where = survivable.size() == runs.size() ? "." : ", where all could be.";
        List<String> parts = new ArrayList<>();
        for (String client : Clients.NAMES) {
            long part = 0;
            long whole = 0;
            for (ScenarioRun run : survivable) {
                for (Measures measures : measures(run)) {
                    boolean counts = measures.client().equals(client);
                    part += counts ? measures.inside().part() : 0;
                    whole += counts ? measures.inside().whole() : 0;
                }
            }
            parts.add(client + " answered " + new Share(part, whole).percent());
        }
        return "While something was broken, " + sentence(parts) + " of its calls in time" + where;
    }

    /** Returns what was wrong with the measuring itself, if anything. */
    List<String> doubts() {
        return runs.stream()
                .filter(run -> run.lag().compareTo(TOLERABLE_LAG) > 0)
                .map(
                        run -> run.scenario().name() + ": the load generator lagged, 1% of calls started "
                                + Words.millis(run.lag())
                                + " late or more; this machine is too busy to compare latencies, and a promise missed here may be its fault")
                .toList();
    }

    private String loadHeadline() {
        List<String> parts = measures(runs.get(0)).stream()
                .map(m -> m.client() + String.format(Locale.ROOT, " sent %.2f", m.mostRequestsPerCall()))
                .toList();
        return "While not all could be answered, " + sentence(parts)
                + " requests for each call to the party it asked most.";
    }

    private static String sentence(List<String> parts) {
        int last = parts.size() - 1;
        return String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
    }
}
