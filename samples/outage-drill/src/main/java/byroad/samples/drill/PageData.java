package byroad.samples.drill;

import byroad.samples.drill.ScenarioRun.ClientRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the page's script draws; the names of the components are those that the script reads.
 *
 * @param binMillis the width of a bar
 * @param fallbackBinMillis the width of a bar in the chart of a fallback endpoint
 */
record PageData(long binMillis, long fallbackBinMillis, List<Act> scenarios) {
    private static final Duration BIN = Duration.ofMillis(250);

    static PageData of(Findings findings) {
        return new PageData(
                BIN.toMillis(),
                Fallback.BIN.toMillis(),
                findings.runs().stream().map(run -> act(findings, run)).toList());
    }

    private static Act act(Findings findings, ScenarioRun run) {
        Scenario scenario = run.scenario();
        Timetable times = Timetable.of(scenario);
        List<Measures> measures = Findings.measures(run);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < measures.size(); i++) {
            rows.add(row(run, run.clients().get(i), measures.get(i), times));
        }
        return new Act(
                scenario.name(),
                scenario.summary(),
                scenario.traffic().usualWords(),
                scenario.traffic().otherWords(),
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
                rows,
                fallback(run, times));
    }

    /** Where a fallback endpoint carries a part only, what it got of each client that went there, and what came of it. */
    private static List<Burden> fallback(ScenarioRun run, Timetable times) {
        if (run.scenario().promise().aim() != Promise.Aim.SOME_ANSWERS) {
            return List.of();
        }
        List<Fallback.Allowed> allowed = Fallback.allowed(run);
        return Stream.of(run.scenario().guest().client(), ByroadClient.NAME)
                .map(client -> new Burden(
                        client,
                        perSecond(Fallback.arrived(run, client), times.end()),
                        perSecond(Fallback.useful(run, client), times.end()),
                        BoundedService.CAPACITY,
                        Fallback.usefulPerSecond(run, client, Duration.ZERO),
                        Fallback.isUsedWell(run, client),
                        client.equals(ByroadClient.NAME)
                                ? allowed.stream()
                                        .map(one -> List.of(seconds(one.at()), one.calls()))
                                        .toList()
                                : List.of()))
                .toList();
    }

    private static List<Double> perSecond(List<Duration> moments, Duration end) {
        double[] rates = new double[(int) ((end.toMillis() + Fallback.BIN.toMillis() - 1) / Fallback.BIN.toMillis())];
        for (Duration at : moments) {
            int bin = (int) Math.floorDiv(at.toNanos(), Fallback.BIN.toNanos());
            if (bin >= 0 && bin < rates.length) {
                rates[bin] += 1000.0 / Fallback.BIN.toMillis();
            }
        }
        return Arrays.stream(rates).boxed().toList();
    }

    private static Row row(ScenarioRun run, ClientRun client, Measures measures, Timetable times) {
        Scenario scenario = run.scenario();
        Duration end = times.end();
        List<CallRecord> calls = client.calls();
        boolean noHarm = scenario.promise().aim() == Promise.Aim.NO_HARM;
        double most = measures.mostRequestsPerCall();
        return new Row(
                client.name(),
                bins(calls, end, call -> call.answeredBy(scenario.traffic().usual())),
                bins(
                        calls,
                        end,
                        call -> call.answeredByOtherThan(scenario.traffic().usual())),
                bins(calls, end, call -> call.result() == CallRecord.Result.FAILED),
                bins(calls, end, call -> call.result() == CallRecord.Result.LATE),
                noHarm
                        ? String.format(Locale.ROOT, "%.2f", most)
                        : measures.inside().percent(),
                noHarm
                        ? "requests for each call, at the party asked most"
                        : "in time during the outage, " + measures.inside().part() + " of "
                                + measures.inside().whole() + " calls",
                isGood(run, measures),
                Words.millis(measures.p50()),
                Words.millis(measures.p99()),
                Words.requests(measures.requestsPerCall()).lines().toList(),
                TextReport.back(measures, times),
                measures.overdue().isZero() ? "-" : Words.millis(measures.overdue()));
    }

    /** Returns whether a client did there as well as one can. */
    private static boolean isGood(ScenarioRun run, Measures measures) {
        return switch (run.scenario().promise().aim()) {
            case ANSWERS -> measures.inside().isWhole();
            case SOME_ANSWERS -> Fallback.isUsedWell(run, measures.client());
            case NO_HARM -> measures.mostRequestsPerCall() <= Clauses.MOST_REQUESTS_PER_CALL;
        };
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
            List<Row> clients,
            List<Burden> fallback) {}

    /**
     * What one client asked of a fallback.
     *
     * @param asked requests a second that arrived there
     * @param useful answers a second that reached their caller in time
     * @param usefulInOutage the mean of the latter inside the outage
     * @param good whether that is most of what was possible
     * @param allowed pairs of a time and the calls in flight that the concurrency limit allowed then; none without a concurrency limit
     */
    record Burden(
            String name,
            List<Double> asked,
            List<Double> useful,
            int capacity,
            double usefulInOutage,
            boolean good,
            List<List<Double>> allowed) {}

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
