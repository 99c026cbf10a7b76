package byroad.benchmarks.names;

import byroad.benchmarks.figures.Figure;
import byroad.benchmarks.figures.Machine;
import byroad.benchmarks.figures.Table;
import byroad.benchmarks.figures.Verdict;
import byroad.benchmarks.jmh.HostsFile;
import byroad.benchmarks.jmh.JmhRun;
import byroad.benchmarks.jmh.JmhRun.Measured;
import byroad.benchmarks.names.FirstSilent.Times;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Name resolution beside what users would pick instead: four tables, and a line for each criterion. */
@Command(
        name = "names",
        mixinStandardHelpOptions = true,
        description =
                "Looks names up with Byroad and with others, side by side. Exit status 1 if a criterion is not held.")
public final class NamesCommand implements Callable<Integer> {
    /** What is measured. */
    enum Part {
        WARM,
        COLD,
        SILENT,
        DEADLINE
    }

    @Option(names = "--quick", description = "Fewer repeats: about a minute in place of five.")
    private boolean quick;

    @Option(names = "--only", split = ",", description = "Some parts only: ${COMPLETION-CANDIDATES}.")
    private Set<Part> only = EnumSet.allOf(Part.class);

    private final PrintStream out = System.out;
    private final List<Verdict> verdicts = new ArrayList<>();

    private NamesCommand() {}

    /** Runs it and exits. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new NamesCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Effort effort = quick ? Effort.QUICK : Effort.FULL;
        out.println(Machine.words());
        if (only.contains(Part.WARM)) {
            warm(measured(WarmLookUp.class, effort, WarmLookUp.CLIENTS));
        }
        if (only.contains(Part.COLD)) {
            cold(measured(ColdLookUp.class, effort, ColdClients.ALL));
        }
        if (only.contains(Part.SILENT)) {
            System.err.println("First server silent");
            silent(new FirstSilent(effort).run());
        }
        if (only.contains(Part.DEADLINE)) {
            System.err.println("All servers silent");
            deadlines(new Deadlines(effort).run());
        }
        int status = Verdict.print(verdicts, out);
        out.printf(Locale.ROOT, "%nload at the end %.1f%n", Machine.load());
        return status;
    }

    private static Map<String, Measured> measured(Class<?> benchmark, Effort effort, List<String> clients)
            throws Exception {
        try (HostsFile hosts = HostsFile.naming(WarmLookUp.HOST)) {
            return new JmhRun(benchmark, effort.length(), List.of(hosts.jvmArg()), System.err).of(clients);
        }
    }

    private void warm(Map<String, Measured> measured) {
        Figure ours = Criteria.of(measured, WarmLookUp.OURS).time();
        Table table = new Table(
                "A name looked up before (one thread; ns a lookup: median of iterations, their spread)",
                "",
                "ns",
                "spread",
                "of ours",
                "bytes");
        measured.forEach((client, it) -> table.row(
                client,
                Table.number(it.time().median()),
                it.time().spread(),
                ratio(it.time(), ours),
                Table.number(it.allocated().median())));
        table.print(out);
        verdicts.addAll(Criteria.warm(measured));
    }

    private void cold(Map<String, Measured> measured) throws Exception {
        Figure ours = Criteria.of(measured, ColdClients.OURS).time();
        Table table = new Table(
                "A name not looked up before, A and AAAA, one round trip on loopback (us a lookup: p50 of each iteration; the"
                        + " server is a thread of the same JVM, and its bytes are in)",
                "",
                "p50",
                "spread",
                "p99",
                "of ours",
                "bytes",
                "threads started by 200");
        for (Map.Entry<String, Measured> one : measured.entrySet()) {
            Measured it = one.getValue();
            long started = ColdClients.threadsStarted(one.getKey(), 200);
            table.row(
                    one.getKey(),
                    Table.number(it.time().median()),
                    it.time().spread(),
                    Table.number(it.p99().median()),
                    ratio(it.time(), ours),
                    Table.number(it.allocated().median()),
                    String.valueOf(started));
            if (one.getKey().equals(ColdClients.OURS)) {
                verdicts.add(Criteria.threads(started));
            }
        }
        table.print(out);
        verdicts.add(Criteria.cold(measured));
    }

    private static String ratio(Figure one, Figure ours) {
        return "x" + Table.number(one.median() / ours.median());
    }

    private void silent(Map<String, Times> measured) {
        Table table = new Table(
                "The first of two servers silent, a new client each time (ms)",
                "",
                "runs",
                "first lookup p50",
                "max",
                "second name p50",
                "max");
        measured.forEach((client, it) -> {
            Figure first = Figure.of(it.first());
            Figure second = it.second().isEmpty() ? first : Figure.of(it.second());
            table.row(
                    client,
                    String.valueOf(first.count()),
                    Table.number(first.median()),
                    Table.number(first.max()),
                    it.second().isEmpty() ? "-" : Table.number(second.median()),
                    it.second().isEmpty() ? "-" : Table.number(second.max()));
        });
        table.print(out);
        verdicts.addAll(Criteria.silent(measured));
    }

    private void deadlines(Map<String, List<Double>> late) {
        Table table = new Table(
                "Every resolver silent, calls with a deadline of 1 s, 8 at a time (ms after the deadline)",
                "",
                "calls",
                "min",
                "p50",
                "p90",
                "max");
        late.forEach((client, it) -> {
            Figure ends = Figure.of(it);
            table.row(
                    client,
                    String.valueOf(ends.count()),
                    Table.number(ends.min()),
                    Table.number(ends.median()),
                    Table.number(ends.percentile(90)),
                    Table.number(ends.max()));
        });
        table.print(out);
        verdicts.addAll(Criteria.deadlines(late));
    }
}
