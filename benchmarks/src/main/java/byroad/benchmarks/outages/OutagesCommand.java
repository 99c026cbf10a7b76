package byroad.benchmarks.outages;

import byroad.CallReport;
import byroad.benchmarks.figures.Figure;
import byroad.benchmarks.figures.Machine;
import byroad.benchmarks.figures.Table;
import byroad.benchmarks.figures.Verdict;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.logging.LogManager;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Calls in outages beside what users would pick instead: a table for each outage, and a line for each criterion. */
@Command(
        name = "outages",
        mixinStandardHelpOptions = true,
        description = {
            "Calls a service with Byroad and with others, side by side, while its edge or everything fails: an open loop,"
                    + " HTTP/2 over TLS, a deadline of 2 s, 600 ms per attempt.",
            "A run in which the load generator was late by more than 100 ms is repeated, a few times.",
            "Exit status 1 if a criterion is not held."
        })
public final class OutagesCommand implements Callable<Integer> {
    @Option(names = "--quick", description = "Two short runs of each outage: two minutes in place of nine.")
    private boolean quick;

    @Option(names = "--runs", description = "Runs of each outage. Defaults to 5, with --quick to 2.")
    private int runs;

    @Option(names = "--only", split = ",", description = "Some outages only: ${COMPLETION-CANDIDATES}.")
    private Set<Cell> only = EnumSet.allOf(Cell.class);

    @Option(names = "--rate", description = "Calls a second of each client. Defaults to ${DEFAULT-VALUE}.")
    private int rate = 100;

    @Option(
            names = "--service-time",
            description = "Milliseconds that a good answer takes. Defaults to ${DEFAULT-VALUE}.")
    private int serviceTime = 20;

    private final PrintStream out = System.out;

    private OutagesCommand() {}

    /** Runs it and exits. */
    public static void main(String[] args) {
        LogManager.getLogManager().reset(); // Netty would tell of every stream that was given up
        System.exit(new CommandLine(new OutagesCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Effort effort = quick ? Effort.QUICK : Effort.FULL;
        effort = runs > 0 ? effort.runs(runs) : effort;
        out.printf(
                "%s; %d calls a second and client, answers take %d ms, %d runs%n",
                Machine.words(), rate, serviceTime, effort.runs());
        List<Verdict> verdicts = new ArrayList<>();
        try (Site site = Site.open(Duration.ofMillis(serviceTime))) {
            System.err.println("Warming up");
            Run.of(site, Cell.EDGE_5XX, Timetable.of(rate, Effort.WARM_UP, Cell.EDGE_5XX), 0);
            for (Cell cell : only) {
                verdicts.addAll(play(site, cell, effort));
            }
        }
        return Verdict.print(verdicts, out);
    }

    private List<Verdict> play(Site site, Cell cell, Effort effort) throws InterruptedException {
        CellResult result = new CellResult(cell);
        List<Double> loads = new ArrayList<>();
        while (loads.size() < effort.runs()) {
            System.err.println(cell + ", run " + (loads.size() + 1) + " of " + effort.runs());
            Map<String, Measured> run = Run.of(site, cell, Timetable.of(rate, effort, cell), loads.size());
            boolean disturbed = CellResult.lag(run.values()) > Criteria.STALL_MILLIS;
            if (disturbed && result.discarded() < effort.spareRuns()) {
                result.discard();
            } else {
                result.add(run);
                loads.add(Machine.load());
            }
        }
        print(result, Figure.of(loads));
        return Criteria.of(result);
    }

    private void print(CellResult result, Figure load) {
        Table table = new Table(
                String.format(
                        Locale.ROOT,
                        "%s: %s (median of runs and their spread; load average %s, load generator late by %s ms at most, %d runs discarded)",
                        result.cell,
                        result.cell.words,
                        load,
                        Table.number(result.lag()),
                        result.discarded()),
                "",
                "in time %",
                "p50 ms",
                "p99 ms",
                "max ms",
                "requests per call: edge",
                "origin",
                "first success ms",
                "edge again ms");
        for (String client : result.clients()) {
            List<ToDoubleFunction<Measured>> columns = List.of(
                    Measured::answered,
                    one -> one.took().median(),
                    one -> one.took().percentile(99),
                    one -> one.took().max(),
                    Measured::edgeRequests,
                    Measured::originRequests,
                    Measured::firstSuccess,
                    Measured::backAtEdge);
            List<String> row = new ArrayList<>(List.of(client));
            columns.forEach(column -> row.add(result.figure(client, column).toString()));
            table.row(row.toArray(String[]::new));
        }
        table.print(out);
        if (result.cell != Cell.ALL_DOWN) {
            printMissed(result);
        }
    }

    /** Why calls of ours were not answered in time: each reason with how many there were, and the story of one. */
    private void printMissed(CellResult result) {
        Map<String, List<CallRecord>> byReason = result.missed()
                .collect(Collectors.groupingBy(
                        call -> reason(call.answer().report()), LinkedHashMap::new, Collectors.toList()));
        byReason.forEach((reason, calls) -> out.printf(
                "  %d of %s not answered in time: %s%n    %s%n",
                calls.size(),
                Contestants.OURS,
                reason,
                calls.get(0).answer().report().toString().replace("\n", "\n    ")));
    }

    private static String reason(CallReport report) {
        String notes = String.join("; ", report.notes());
        return notes.isEmpty() ? "no reason in its report" : notes.replaceAll("\\b\\d[\\d.:TZ-]*", "n");
    }
}
