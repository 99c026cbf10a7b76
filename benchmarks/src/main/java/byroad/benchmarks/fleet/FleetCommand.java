package byroad.benchmarks.fleet;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the fleet simulation. */
@Command(
        name = "run-fleet",
        sortOptions = false,
        header = "Runs fleets of the engine itself through outages, in virtual time.",
        footerHeading = "%nColumns:%n",
        footer = {
            "oracle, engine, fixed   percent answered in the outage: the best possible, ours, and plain failover [seconds of collapse]",
            "reported, prototype     what the simulation of 2026-11-23 said of its oracle and of its prototype [seconds of collapse]",
            "edge, direct            requests for each call; peak: the busiest second of the origin in multiples of its capacity",
            "opened                  how often circuits of the edge opened, all processes together",
            "50/90/99 %%             seconds until that share of what the oracle answers is answered",
            "back, after             seconds until the edge answers 99 %% again; percent answered in the minute after the outage",
            "p50, p99                seconds, of what was answered in the outage"
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:every row is as good as reported", "1:a row is not", "2:a wrong argument"})
final class FleetCommand implements Callable<Integer> {
    static final int AS_GOOD = 0;
    static final int MISSED = 1;
    static final int WRONG = 2;

    @Option(
            names = "--row",
            paramLabel = "ROW",
            split = ",",
            description = "Which rows, as in H3 or H1,W2; one alone is shown second by second. Defaults to all.")
    private List<String> rows = new ArrayList<>();

    @Option(names = "--list", description = "Lists the rows and ends.")
    private boolean list;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The first seed. Defaults to ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many seeds, from 1 to 100. Defaults to ${DEFAULT-VALUE}.")
    private int seeds;

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "How many clients, origins scaled with them, 1 to 1000000. Defaults to what each row says.")
    private @Nullable Integer clients;

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Shows this and ends.")
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private final PrintStream out;

    FleetCommand(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) {
        System.exit(commandLine(System.out, System.err).execute(args));
    }

    static CommandLine commandLine(PrintStream out, PrintStream err) {
        return new CommandLine(new FleetCommand(out)).setParameterExceptionHandler((wrong, args) -> {
            err.println("run-fleet: " + wrong.getMessage() + "; --help says more");
            return WRONG;
        });
    }

    @Override
    public Integer call() throws InterruptedException {
        if (list) {
            Catalogue.all().forEach(row -> out.printf("%-4s %s%n", row.name(), row.about()));
            return AS_GOOD;
        }
        List<Scenario> chosen = chosen();
        ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            return run(chosen, workers);
        } finally {
            workers.shutdownNow();
        }
    }

    private int run(List<Scenario> chosen, ExecutorService workers) throws InterruptedException {
        List<List<Future<Result.Run>>> all = new ArrayList<>();
        for (Scenario scenario : chosen) {
            List<Future<Result.Run>> ofRow = new ArrayList<>();
            for (long i = seed; i < seed + seeds; i++) {
                long next = i;
                ofRow.add(workers.submit(() -> Result.Run.of(scenario, next)));
            }
            all.add(ofRow);
        }
        Report report = new Report(out);
        if (chosen.size() == 1) {
            report.seconds(chosen.get(0), ended(all.get(0).get(0)).tally());
        }
        report.head();
        boolean missed = false;
        for (int i = 0; i < chosen.size(); i++) {
            List<Result.Run> runs = new ArrayList<>();
            for (Future<Result.Run> run : all.get(i)) {
                runs.add(ended(run));
            }
            Result result = new Result(chosen.get(i), runs);
            report.row(result);
            missed |= result.missed().isPresent();
        }
        return missed ? MISSED : AS_GOOD;
    }

    private static Result.Run ended(Future<Result.Run> run) throws InterruptedException {
        try {
            return run.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a trial failed: " + e.getCause(), e.getCause());
        }
    }

    private List<Scenario> chosen() {
        require(seeds >= 1 && seeds <= 100, "--seeds: " + seeds + " (expected: 1 to 100)");
        Integer wanted = clients;
        require(
                wanted == null || wanted >= 1 && wanted <= 1_000_000,
                "--clients: " + wanted + " (expected: 1 to 1000000)");
        List<Scenario> all = Catalogue.all();
        for (String row : rows) {
            require(
                    all.stream().anyMatch(known -> known.name().equals(row)),
                    "--row: " + row + " (expected: "
                            + all.stream().map(Scenario::name).collect(Collectors.joining(", ")) + ")");
        }
        return all.stream()
                .filter(row -> rows.isEmpty() || rows.contains(row.name()))
                .map(row -> wanted == null ? row : row.withClients(wanted))
                .collect(Collectors.toList());
    }

    private void require(boolean met, String message) {
        if (!met && spec != null) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
