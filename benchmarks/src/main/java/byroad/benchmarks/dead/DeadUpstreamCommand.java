package byroad.benchmarks.dead;

import byroad.EndpointStatus;
import byroad.benchmarks.dead.Run.Seen;
import byroad.benchmarks.dead.Run.Slice;
import byroad.benchmarks.dead.Run.Timetable;
import byroad.benchmarks.figures.Machine;
import byroad.benchmarks.figures.Plot;
import byroad.benchmarks.figures.Table;
import byroad.benchmarks.figures.Verdict;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a dead upstream gets: requests per call over time, with Byroad and without, as a table and as a picture. */
@Command(
        name = "dead-upstream",
        mixinStandardHelpOptions = true,
        description = {
            "Calls an upstream on loopback that dies, with plain OkHttp, with three retries and with Byroad, one after the"
                    + " other, and counts what arrives there.",
            "Exit status 1 if a criterion is not held."
        })
public final class DeadUpstreamCommand implements Callable<Integer> {
    private static final double AT_MOST = 1.05;
    private static final int TOKENS_OF_A_REPEAT = 14;

    @Option(names = "--rate", description = "Calls a second. Defaults to ${DEFAULT-VALUE}.")
    private int rate = 1_000;

    @Option(names = "--dead", description = "Seconds for which the upstream is dead. Defaults to ${DEFAULT-VALUE}.")
    private int dead = 15;

    @Option(names = "--page", description = "Where the picture goes. Defaults to ${DEFAULT-VALUE}.")
    private Path page = Path.of("dead-upstream.html");

    private final PrintStream out = System.out;

    private DeadUpstreamCommand() {}

    /** Runs it and exits. */
    public static void main(String[] args) {
        LogManager.getLogManager().reset();
        System.exit(new CommandLine(new DeadUpstreamCommand()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        String title = rate + " calls a second, the upstream dead for " + dead + " s (" + Machine.words() + ")";
        Timetable table = new Timetable(rate, 5, dead, 5);
        Map<String, Seen> byClient = new LinkedHashMap<>();
        System.err.println("Warming up");
        Run.of(Clients.OURS, new Timetable(rate, 2, 2, 1));
        for (String client : Clients.ALL) {
            System.err.println(client);
            byClient.put(client, Run.of(client, table));
        }
        print(title, byClient);
        plot(title, byClient);
        List<Verdict> verdicts = verdicts(byClient);
        return Verdict.print(verdicts, out);
    }

    private void print(String title, Map<String, Seen> byClient) {
        List<String> columns = new ArrayList<>(List.of("s from the death"));
        byClient.keySet().forEach(client -> columns.addAll(List.of(client + ": requests per call", "answers per 100")));
        columns.add(Clients.OURS + " sees");
        Table table = new Table(title, columns.toArray(String[]::new));
        List<Slice> ours = slices(byClient, Clients.OURS);
        for (int i = 0; i < ours.size(); i++) {
            List<String> row = new ArrayList<>(
                    List.of(String.format(Locale.ROOT, "%.1f", ours.get(i).second())));
            for (String client : byClient.keySet()) {
                Slice slice = slices(byClient, client).get(i);
                row.add(String.format(Locale.ROOT, "%.2f", slice.requestsPerCall()));
                row.add(Table.number(100.0 * slice.answered() / slice.calls()));
            }
            row.add(inWords(ours.get(i).health()));
            table.row(row.toArray(String[]::new));
        }
        table.print(out);
        byClient.forEach((client, seen) ->
                out.printf(Locale.ROOT, "  %s: load generator late by %.1f ms at most%n", client, seen.lateMillis()));
    }

    private static String inWords(List<EndpointStatus> health) {
        return health.stream()
                .map(status -> status.circuit() + ", " + status.budget())
                .collect(Collectors.joining("; "));
    }

    private void plot(String title, Map<String, Seen> byClient) throws Exception {
        Plot plot = new Plot(
                "Requests per call at an upstream that dies",
                title,
                "seconds from its death",
                slices(byClient, Clients.OURS).stream().map(Slice::second).toList());
        byClient.forEach((client, seen) -> plot.line(
                client, seen.slices().stream().map(Slice::requestsPerCall).toList()));
        plot.write(page);
        out.println("  picture: " + page.toAbsolutePath());
    }

    private static List<Slice> slices(Map<String, Seen> byClient, String client) {
        Seen seen = byClient.get(client);
        if (seen == null) {
            throw new IllegalStateException(client + " did not take part");
        }
        return seen.slices();
    }

    private List<Verdict> verdicts(Map<String, Seen> byClient) {
        List<Slice> whileDead = whileDead(slices(byClient, Clients.OURS));
        int spent = 0;
        while (spent < whileDead.size() && mayRepeat(whileDead.get(spent))) {
            spent++;
        }
        List<Slice> afterwards = whileDead.subList(Math.min(spent + 1, whileDead.size()), whileDead.size());
        double worst = worst(afterwards);
        double naive = worst(whileDead(slices(byClient, Clients.NAIVE)));
        return List.of(
                Verdict.of(
                        "at most 1.05 requests per call once the budget is spent or the circuit is open",
                        !afterwards.isEmpty() && worst <= AT_MOST,
                        String.format(
                                Locale.ROOT,
                                "from %.1f s after the death on, %.3f in the worst half second, %.3f on average",
                                (spent + 1.0) / Timetable.SLICES_A_SECOND,
                                worst,
                                afterwards.stream()
                                        .mapToDouble(Slice::requestsPerCall)
                                        .average()
                                        .orElse(Double.NaN))),
                Verdict.of(
                        "the yardstick works: three retries show as more than three requests per call",
                        naive > 3,
                        Table.number(naive)));
    }

    /** Whether at the end of that time there was budget for a retry, and a circuit that lets it through. */
    private static boolean mayRepeat(Slice slice) {
        return slice.health().stream()
                .anyMatch(status -> status.circuit() == EndpointStatus.Circuit.CLOSED
                        && status.budget().tokens() >= TOKENS_OF_A_REPEAT);
    }

    private List<Slice> whileDead(List<Slice> slices) {
        return slices.stream()
                .filter(slice -> slice.second() >= 0 && slice.second() < dead)
                .toList();
    }

    private static double worst(List<Slice> slices) {
        return slices.stream().mapToDouble(Slice::requestsPerCall).max().orElse(Double.NaN);
    }
}
