package byroad.samples.drill;

import byroad.samples.drill.Promise.Judgement;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The findings as text: a table for each scenario, then the promise. */
final class TextReport {
    private static final int FAILED_REPORTS = 3;

    private final PrintStream out;

    TextReport(PrintStream out) {
        this.out = out;
    }

    void settings(Settings settings) {
        out.println("Outage drill: three clients, the same load, real sockets on this machine.");
        settings.lines().forEach(line -> out.println("  " + line));
        out.println();
    }

    void print(Findings findings) {
        findings.runs().forEach(this::table);
        out.println();
        out.println("p50 and p99: of calls answered in time inside the outage. Shifted, back: over " + Shift.WINDOW
                + " calls in a row; back at 99%. Late by: the longest that any call went on after its deadline.");
        out.println("Shifted in dynamodb-2025-10-20: to the new address, from the moment the records came back.");
        findings.doubts().forEach(doubt -> out.println("Note: " + doubt + "."));
        out.println();
        out.println(findings.headline());
        promise(findings);
    }

    private void table(ScenarioRun run) {
        out.println();
        out.println(run.scenario().name());
        out.println(run.scenario().summary());
        List<Column> columns = List.of(
                text("client"),
                text("in time inside outage"),
                text("outside"),
                number("p50"),
                number("p99"),
                text("requests per call inside"),
                number("shifted 50/90/99%"),
                number("first success"),
                number("back"),
                number("late by"));
        Object[][] rows = Findings.measures(run).stream()
                .map(measures -> row(run.scenario(), measures))
                .toArray(Object[][]::new);
        out.println(AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(columns.toArray(Column[]::new), rows)
                .asString());
    }

    /** Whoever misses a promise wants to know why. */
    private void firstUnanswered(ScenarioRun run) {
        run.client(ByroadClient.NAME).calls().stream()
                .filter(call -> !call.answered())
                .limit(FAILED_REPORTS)
                .forEach(call -> out.println(("call due at " + Words.seconds(call.at()) + ": "
                                + call.told().report())
                        .indent(10)
                        .stripTrailing()));
    }

    private static Object[] row(Scenario scenario, Measures measures) {
        return new Object[] {
            measures.client(),
            measures.inside().toString(),
            measures.outside().toString(),
            Words.millis(measures.p50()),
            Words.millis(measures.p99()),
            Words.requests(measures.requestsPerCall()),
            scenario.traffic().shift() == Traffic.ShiftStart.NONE
                    ? "-"
                    : measures.shifted().stream().map(TextReport::time).collect(Collectors.joining(" / ")),
            time(measures.firstSuccess()),
            back(measures, Timetable.of(scenario)),
            overdue(measures.overdue())
        };
    }

    private static String time(Optional<Duration> time) {
        return time.map(Words::seconds).orElse("never");
    }

    /** Returns when traffic was back; it may well be later than anybody watched. */
    static String back(Measures measures, Timetable times) {
        String watched = Words.seconds(times.end().minus(times.recovery()));
        return measures.back().map(Words::seconds).orElse("> " + watched);
    }

    private static String overdue(Duration overdue) {
        return overdue.isZero() ? "-" : Words.millis(overdue);
    }

    private static Column text(String header) {
        return new Column().header(header).headerAlign(HorizontalAlign.LEFT).dataAlign(HorizontalAlign.LEFT);
    }

    private static Column number(String header) {
        return new Column().header(header).headerAlign(HorizontalAlign.RIGHT).dataAlign(HorizontalAlign.RIGHT);
    }

    private void promise(Findings findings) {
        for (Judgement judgement : findings.judgements()) {
            out.println("  " + (judgement.kept() ? "kept    " : "MISSED  ") + judgement.scenario());
            judgement.faults().forEach(fault -> out.println("          " + fault));
            if (!judgement.kept()) {
                findings.runs().stream()
                        .filter(run -> run.scenario().name().equals(judgement.scenario()))
                        .forEach(this::firstUnanswered);
            }
        }
        out.println(findings.verdict());
    }
}
