package byroad.benchmarks.calls;

import byroad.benchmarks.figures.Figure;
import byroad.benchmarks.figures.Machine;
import byroad.benchmarks.figures.Table;
import byroad.benchmarks.figures.Verdict;
import byroad.benchmarks.jmh.HostsFile;
import byroad.benchmarks.jmh.JmhRun;
import byroad.benchmarks.jmh.JmhRun.Measured;
import byroad.benchmarks.jmh.Length;
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

/** What a good call costs: with the network cut out, over loopback, and which part allocates what. */
@Command(
        name = "calls",
        mixinStandardHelpOptions = true,
        description = "Makes good calls with Byroad and with others. Exit status 1 if a criterion is not held.")
public final class CallsCommand implements Callable<Integer> {
    private static final Length QUICK = new Length(1, 8, 4, 400);
    private static final Length FULL = new Length(3, 12, 5, 400); // it takes four seconds until all is compiled

    private static final int WARM_UP_ROUNDS = 30;
    private static final int QUICK_ROUNDS = 60;
    private static final int ROUNDS = 200;

    /** What is measured. */
    enum Part {
        CUT,
        WIRE,
        SITES
    }

    @Option(names = "--quick", description = "One JVM for each client: about three minutes in place of eight.")
    private boolean quick;

    @Option(names = "--only", split = ",", description = "Some parts only: ${COMPLETION-CANDIDATES}.")
    private Set<Part> only = EnumSet.allOf(Part.class);

    private final PrintStream out = System.out;
    private final List<Verdict> verdicts = new ArrayList<>();

    private CallsCommand() {}

    /** Runs it and exits. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new CallsCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Length length = quick ? QUICK : FULL;
        out.println(Machine.words());
        if (only.contains(Part.CUT) || only.contains(Part.SITES)) {
            cut(length);
        }
        if (only.contains(Part.WIRE)) {
            System.err.println("Over loopback, in turns");
            wire(WireTurns.of(Clients.ALL, WARM_UP_ROUNDS, quick ? QUICK_ROUNDS : ROUNDS));
        }
        return Verdict.print(verdicts, out);
    }

    private void cut(Length length) throws Exception {
        try (HostsFile hosts = HostsFile.naming(GoodCall.HOST)) {
            Map<String, Measured> measured =
                    new JmhRun(GoodCall.class, length, List.of(hosts.jvmArg()), System.err).of(Clients.ALL);
            cut(measured);
            if (only.contains(Part.SITES)) {
                for (String client : List.of(Clients.NO_OP, Clients.FULL, Clients.FULL_DECLARED)) {
                    double bytes = Criteria.of(measured, client).allocated().median();
                    Sites.of(client, bytes, hosts.jvmArg()).print(out);
                }
            }
        }
    }

    private void cut(Map<String, Measured> measured) {
        Figure noOp = Criteria.of(measured, Clients.NO_OP).time();
        Table table = new Table(
                "A good call, the network cut out (one thread; a call: median of iterations, their spread)",
                "",
                "bytes",
                "spread",
                "more than no-op",
                "ns",
                "spread",
                "of no-op",
                "more than no-op");
        measured.forEach((client, it) -> table.row(
                client,
                Table.number(it.allocated().median()),
                it.allocated().spread(),
                Table.number(Criteria.more(measured, client)),
                Table.number(it.time().median()),
                it.time().spread(),
                "x" + Table.number(it.time().median() / noOp.median()),
                Table.number(it.time().median() - noOp.median())));
        table.print(out);
        verdicts.addAll(Criteria.bytes(measured));
    }

    private void wire(Map<String, List<Double>> turns) {
        Table table = new Table(
                String.format(
                        Locale.ROOT,
                        "A good call over loopback, HTTP/2 and TLS (one thread; us a call; turns of %d calls; the server is in the same"
                                + " JVM; what a turn takes more than the first client's of the same round: median, 10th and 90th percentile)",
                        WireTurns.CALLS),
                "",
                "p50",
                "more",
                "from",
                "to");
        turns.forEach((client, its) -> {
            Figure more = Criteria.more(turns, client, Clients.PLAIN);
            table.row(
                    client,
                    Table.number(Figure.of(its).median()),
                    Table.number(more.median()),
                    Table.number(more.percentile(10)),
                    Table.number(more.percentile(90)));
        });
        table.print(out);
        verdicts.add(Criteria.time(turns, Clients.FULL));
        verdicts.add(Criteria.time(turns, Clients.FULL_DECLARED));
    }
}
