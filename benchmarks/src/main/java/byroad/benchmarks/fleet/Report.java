package byroad.benchmarks.fleet;

import byroad.benchmarks.fleet.Result.Run;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What is printed. */
final class Report {
    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    /** Second by second, what the endpoints see and what callers get, from just before the outage. */
    void seconds(Scenario scenario, Tally tally) {
        out.printf("%s: %s%n", scenario.name(), scenario.about());
        out.printf(
                "%6s %8s %9s %9s %9s %8s %9s%n", "second", "calls", "edge", "origin", "in C", "queued s", "answered");
        for (int i = scenario.warm() - 2; i < tally.seconds; i++) {
            out.printf(
                    Locale.ROOT,
                    "%6d %8d %9d %9d %9.2f %8.2f %8.1f%%%s%s%n",
                    i - scenario.warm(),
                    tally.calls[i],
                    tally.edgeAsked[i],
                    tally.directAsked[i],
                    tally.directAsked[i] / tally.capacity[i],
                    tally.wait[i],
                    100.0 * tally.good[i] / Math.max(1, tally.calls[i]),
                    Figures.isCollapsed(tally, i) ? " collapsed" : "",
                    tally.dead[i] ? " dead" : "");
        }
        out.println();
    }

    void head() {
        out.printf(
                "%-4s | %-8s %-13s %-8s | %-8s %-9s | %-9s %-7s | %-5s %-6s %-5s %-6s | %-11s %-5s %-6s | %-5s %-5s | %s%n",
                "row",
                "oracle",
                "engine",
                "fixed",
                "reported",
                "prototype",
                "collapsed",
                "crashes",
                "edge",
                "direct",
                "peak",
                "opened",
                "50/90/99 %",
                "back",
                "after",
                "p50",
                "p99",
                "verdict");
    }

    void row(Result result) {
        Scenario scenario = result.scenario();
        Function<Function<Figures, Double>, Double> mean = of -> result.mean(run -> of.apply(run.engine()));
        out.printf(
                Locale.ROOT,
                "%-4s | %-8.1f %-13s %-8s | %-8s %-9s | %-9s %-7s | %-5.2f %-6.2f %-5.2f %-6.0f | %-11s %-5.0f %-6.1f | %-5.2f %-5.2f | %s%n",
                scenario.name(),
                result.mean(run -> run.oracle().answered()),
                answered(result),
                fixed(result),
                scenario.reported()
                        .map(known -> String.format(Locale.ROOT, "%.1f", known.oracle()))
                        .orElse(""),
                scenario.reported().map(Report::prototype).orElse(""),
                mostAndMean(result, run -> (double) run.engine().collapsed()),
                mostAndMean(result, run -> (double) run.engine().crashes()),
                mean.apply(Figures::edgePerCall),
                mean.apply(Figures::directPerCall),
                mean.apply(Figures::peak),
                result.mean(run -> run.tally().opened),
                shifted(result),
                mean.apply(figures -> (double) figures.back()),
                mean.apply(Figures::afterwards),
                mean.apply(Figures::median),
                mean.apply(Figures::slowest),
                result.missed().map(why -> "MISSED: " + why).orElse("ok"));
    }

    private static String prototype(Scenario.Reported known) {
        String collapsed = known.collapsed() > 0 ? " [" + known.collapsed() + "]" : "";
        return String.format(Locale.ROOT, "%.1f%s", known.prototype(), collapsed);
    }

    private static String answered(Result result) {
        double mean = result.mean(run -> run.engine().answered());
        return result.runs().size() == 1
                ? String.format(Locale.ROOT, "%.1f", mean)
                : String.format(
                        Locale.ROOT,
                        "%.1f +-%.2f",
                        mean,
                        result.spread(run -> run.engine().answered()));
    }

    private static String fixed(Result result) {
        return String.format(
                Locale.ROOT,
                "%.1f[%.0f]",
                result.mean(run -> run.fixed().answered()),
                result.mean(run -> run.fixed().collapsed()));
    }

    private static String mostAndMean(Result result, Function<Run, Double> of) {
        return result.runs().size() == 1
                ? String.format(Locale.ROOT, "%.0f", result.mean(of::apply))
                : String.format(Locale.ROOT, "%.1f max %.0f", result.mean(of::apply), result.most(of::apply));
    }

    private static String shifted(Result result) {
        List<Integer> first = result.runs().get(0).shifted();
        return first.get(0) + "/" + first.get(1) + "/" + first.get(2) + " s";
    }
}
