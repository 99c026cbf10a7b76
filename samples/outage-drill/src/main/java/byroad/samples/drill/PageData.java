package byroad.samples.drill;

import byroad.samples.drill.ScenarioRun.ClientRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What the page's script draws; the names of the components are those that the script reads.
 *
 * @param binMillis the width of a bar
 */
record PageData(long binMillis, List<Act> scenarios) {
    private static final Duration BIN = Duration.ofMillis(250);

    static PageData of(Findings findings) {
        return new PageData(
                BIN.toMillis(),
                findings.runs().stream().map(run -> act(findings, run)).toList());
    }

    private static Act act(Findings findings, ScenarioRun run) {
        Scenario scenario = run.scenario();
        Timetable times = Timetable.of(scenario);
        List<Measures> measures = Findings.measures(run);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < measures.size(); i++) {
            rows.add(row(scenario, run.clients().get(i), measures.get(i), times.end()));
        }
        return new Act(
                scenario.name(),
                scenario.summary(),
                scenario.usualWords(),
                scenario.otherWords(),
                findings.judgements().stream()
                        .filter(judgement -> judgement.scenario().equals(scenario.name()))
                        .map(judgement -> judgement.kept() ? "promise kept" : "promise missed")
                        .findFirst()
                        .orElse("promise not judged"),
                seconds(times.end()),
                times.slots().stream()
                        .map(slot -> new Span(
                                slot.phase().words(),
                                seconds(slot.from()),
                                seconds(slot.to()),
                                slot.phase().isOutage()))
                        .toList(),
                rows);
    }

    private static Row row(Scenario scenario, ClientRun client, Measures measures, Duration end) {
        List<CallRecord> calls = client.calls();
        boolean noHarm = scenario.expectation() == Scenario.Expectation.NO_HARM;
        double most = measures.mostRequestsPerCall();
        return new Row(
                client.name(),
                bins(calls, end, call -> call.answeredBy(scenario.usual())),
                bins(calls, end, call -> call.answeredByOtherThan(scenario.usual())),
                bins(calls, end, call -> call.result() == CallRecord.Result.FAILED),
                bins(calls, end, call -> call.result() == CallRecord.Result.LATE),
                noHarm
                        ? String.format(Locale.ROOT, "%.2f", most)
                        : measures.inside().percent(),
                noHarm
                        ? "requests for each call, at the party asked most"
                        : "in time during the outage, " + measures.inside().part() + " of "
                                + measures.inside().whole() + " calls",
                noHarm
                        ? most <= Promise.MOST_REQUESTS_PER_CALL
                        : measures.inside().isWhole(),
                Words.millis(measures.p50()),
                Words.millis(measures.p99()),
                Words.requests(measures.requestsPerCall()).lines().toList(),
                measures.back().map(Words::seconds).orElse("never"),
                measures.overdue().isZero() ? "-" : Words.millis(measures.overdue()));
    }

    /** Counts calls by when they were due. */
    static List<Integer> bins(List<CallRecord> calls, Duration end, Predicate<CallRecord> which) {
        int[] counts = new int[(int) ((end.toMillis() + BIN.toMillis() - 1) / BIN.toMillis())];
        for (CallRecord call : calls) {
            int bin = (int) (call.at().toNanos() / BIN.toNanos());
            if (which.test(call) && bin < counts.length) {
                counts[bin]++;
            }
        }
        List<Integer> bins = new ArrayList<>(counts.length);
        for (int count : counts) {
            bins.add(count);
        }
        return bins;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    /** One scenario on the page. */
    record Act(
            String name,
            String summary,
            String usualWords,
            String otherWords,
            String promise,
            double seconds,
            List<Span> phases,
            List<Row> clients) {}

    /** A stretch of time with a label. */
    record Span(String words, double from, double to, boolean outage) {}

    /** One client's timeline and numbers. */
    record Row(
            String name,
            List<Integer> usual,
            List<Integer> other,
            List<Integer> failed,
            List<Integer> late,
            String big,
            String bigWords,
            boolean good,
            String p50,
            String p99,
            List<String> requests,
            String back,
            String overdue) {}
}
