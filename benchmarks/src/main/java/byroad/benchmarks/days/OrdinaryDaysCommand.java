package byroad.benchmarks.days;

import byroad.benchmarks.figures.Machine;
import byroad.benchmarks.figures.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ordinary days beside plain OkHttp: a table for each day, and one of all days. */
@Command(
        name = "ordinary-days",
        mixinStandardHelpOptions = true,
        description = {
            "Plays days on which nothing is down for plain OkHttp and for each way of using Byroad, in turn. Worse is what lies, in"
                    + " the median, outside the spread of plain OkHttp.",
            "The days of real servers run below build/real-http-servers.",
            "Exit status 1 if a client of ours got fewer answers."
        })
public final class OrdinaryDaysCommand implements Callable<Integer> {
    @Option(names = "--quick", description = "Two runs of a third of the calls.")
    private boolean quick;

    @Option(names = "--runs", description = "Runs of each day. Defaults to 5, with --quick to 2.")
    private int runs;

    @Option(names = "--only", description = "Days only whose name contains this.")
    private String only = "";

    @Option(names = "--markdown", description = "Where the table of all days goes as Markdown, too.")
    private @Nullable Path markdown;

    private final PrintStream out = System.out;

    private OrdinaryDaysCommand() {}

    /** Runs it and exits. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new OrdinaryDaysCommand()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        int times = runs > 0 ? runs : quick ? 2 : 5;
        List<Day> days = new ArrayList<>(Days.inProcess());
        days.addAll(RealDays.running());
        days.removeIf(day -> !day.name().contains(only));
        out.printf("%s; %d runs of %d days%n", Machine.words(), times, days.size());
        List<DayResult> results = new ArrayList<>();
        for (Day day : days) {
            DayResult result = played(day, times);
            results.add(result);
            print(result);
        }
        overview(results).print(out);
        Path file = markdown;
        if (file != null) {
            Files.writeString(file, inMarkdown(results), StandardCharsets.UTF_8);
        }
        boolean fewer = results.stream()
                .anyMatch(result -> List.of(ClientKind.values()).stream()
                        .anyMatch(kind -> result.worse(kind).contains("answers")));
        return fewer ? 1 : 0;
    }

    /** The first run warms up; clients take turns, and another one begins each time. */
    private DayResult played(Day day, int times) throws Exception {
        DayResult result = new DayResult(day);
        ClientKind[] kinds = ClientKind.values();
        int effort = quick ? 3 : 1;
        for (int run = 0; run <= times; run++) {
            for (int i = 0; i < kinds.length; i++) {
                ClientKind kind = kinds[(i + run) % kinds.length];
                Played played = day.scenario().play(kind, run == 0 ? 6 : effort);
                if (run > 0) {
                    result.add(kind, played);
                }
            }
        }
        return result;
    }

    private void print(DayResult result) throws IOException {
        Table table = new Table(
                result.day.name(), "", "answered", "requests", "connections", "ms", "worse in", "not answered");
        for (ClientKind kind : ClientKind.values()) {
            Map<String, Integer> failures = result.failures(kind);
            table.row(
                    kind.words,
                    DayResult.words(result.figure(kind, Played::answered)),
                    DayResult.words(result.figure(kind, Played::requests)),
                    DayResult.words(result.figure(kind, Played::connections)),
                    DayResult.words(result.figure(kind, Played::millis)),
                    String.join(", ", result.worse(kind)),
                    failures.isEmpty() ? "" : failures.toString());
        }
        table.print(out);
        out.flush();
    }

    private static String verdict(DayResult result, ClientKind kind) {
        List<String> worse = result.worse(kind);
        return worse.isEmpty() ? "as plain" : "worse: " + String.join(", ", worse);
    }

    private static Table overview(List<DayResult> results) {
        Table table = new Table("All days", "", "plain: answered", "installed", "interceptor", "two endpoints");
        for (DayResult result : results) {
            table.row(
                    result.day.name(),
                    DayResult.words(result.figure(ClientKind.PLAIN, Played::answered)),
                    verdict(result, ClientKind.INSTALLED),
                    verdict(result, ClientKind.INTERCEPTOR),
                    verdict(result, ClientKind.TWO_ENDPOINTS));
        }
        return table;
    }

    private static String inMarkdown(List<DayResult> results) {
        StringBuilder text = new StringBuilder("| day | plain | installed | interceptor | two endpoints |\n");
        text.append("|---|---|---|---|---|\n");
        for (DayResult result : results) {
            text.append("| ").append(result.day.name());
            for (ClientKind kind : ClientKind.values()) {
                List<String> worse = result.worse(kind);
                text.append(" | ").append(result.words(kind));
                if (!worse.isEmpty()) {
                    text.append("; **worse: ").append(String.join(", ", worse)).append("**");
                }
            }
            text.append(" |\n");
        }
        return text.toString();
    }
}
