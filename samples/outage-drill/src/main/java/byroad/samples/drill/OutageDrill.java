package byroad.samples.drill;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of the drill. */
@Command(
        name = "outage-drill",
        mixinStandardHelpOptions = false,
        sortOptions = false,
        header = "Replays real outages over real sockets and compares three HTTP clients side by side.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the promise was kept, or was not judged",
            "1:the Byroad client missed its promise, judged at the default rate and outage only",
            "2:a wrong argument, or a machine without loopback addresses beyond 127.0.0.1"
        })
final class OutageDrill implements Callable<Integer> {
    static final int KEPT = 0;
    static final int MISSED = 1;
    static final int WRONG = 2;

    @Parameters(paramLabel = "SCENARIO", description = "What to replay. Defaults to those that --list marks.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "Replays every scenario. Takes five minutes.")
    private boolean all;

    @Option(names = "--list", description = "Lists the scenarios and ends.")
    private boolean list;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "" + Settings.DEFAULT_RATE,
            description =
                    "Calls a second for each client, up to " + Settings.MAX_RATE + ". Defaults to ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--outage",
            paramLabel = "SECONDS",
            description = "How long each outage lasts in all. Defaults to what each scenario says.")
    private @Nullable Integer outageSeconds;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            defaultValue = "${sys:drill.html:-outage-drill.html}",
            description = "Where the page goes. Defaults to ${DEFAULT-VALUE}.")
    private Path html = Path.of("outage-drill.html");

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Shows this and ends.")
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private final PrintStream out;

    OutageDrill(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) {
        System.exit(commandLine(System.out, System.err).execute(args));
    }

    static CommandLine commandLine(PrintStream out, PrintStream err) {
        return new CommandLine(new OutageDrill(out)).setParameterExceptionHandler((wrong, args) -> {
            err.println("outage-drill: " + wrong.getMessage() + "; --help says more");
            return WRONG;
        });
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (list) {
            list(Scenarios.usual(Optional.empty()), " *");
            list(Scenarios.further(Optional.empty()), "");
            out.println("* runs unless others are named, or all with --all");
            return KEPT;
        }
        Settings settings = settings();
        if (!Parties.canStartHere()) {
            System.err.println("outage-drill: cannot bind " + Party.EDGE_A.ip()
                    + " (expected: Linux, where all of 127.0.0.0/8 is loopback)");
            return WRONG;
        }
        return run(settings);
    }

    private void list(List<Scenario> scenarios, String mark) {
        scenarios.forEach(scenario -> out.println(scenario.name() + mark + "\n    " + scenario.summary()));
    }

    private Settings settings() {
        try {
            Path folder = html.toAbsolutePath().getParent();
            if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(html)) {
                throw new IllegalArgumentException("--html: " + html + " (expected: a file in a folder that exists)");
            }
            return Settings.of(all ? Scenarios.names() : names, rate, Optional.ofNullable(outageSeconds), html);
        } catch (IllegalArgumentException e) {
            if (spec == null) {
                throw e;
            }
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private int run(Settings settings) throws IOException, InterruptedException {
        TextReport report = new TextReport(out);
        report.settings(settings);
        Progress progress = new Progress(out, Progress.Style.detected());
        List<ScenarioRun> runs = new ArrayList<>();
        try (Drill drill = new Drill(settings.rate(), progress)) {
            drill.warmUp(settings.scenarios().get(0));
            for (Scenario scenario : settings.scenarios()) {
                runs.add(drill.run(scenario));
            }
        }
        progress.note("");
        Findings findings = new Findings(settings, runs);
        report.print(findings);
        HtmlPage.write(findings, settings.html());
        out.println("Page: " + settings.html().toAbsolutePath().normalize());
        return findings.isMissed() ? MISSED : KEPT;
    }
}
