package byroad.benchmarks.jmh;

import byroad.benchmarks.figures.Figure;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One JMH benchmark for all clients, round by round: each client has a JVM of its own in every round, so that what drifts on
 * the machine hits them alike.
 */
public final class JmhRun {
    private final Class<?> benchmark;
    private final Length length;
    private final List<String> jvmArgs;
    private final PrintStream progress;
    private final Map<String, Measured> byClient = new LinkedHashMap<>();

    /** For the benchmark of that class, which has a parameter named {@code client}; the arguments are added to those of each JVM. */
    public JmhRun(Class<?> benchmark, Length length, List<String> jvmArgs, PrintStream progress) {
        this.benchmark = benchmark;
        this.length = length;
        this.jvmArgs = List.copyOf(jvmArgs);
        this.progress = progress;
    }

    /** Per iteration: the time of a lookup (mean, or median where single ones are timed), the 99th percentile, bytes. */
    public record Measured(List<Double> times, List<Double> slow, List<Double> bytes) {
        public Figure time() {
            return Figure.of(times);
        }

        public Figure p99() {
            return Figure.of(slow);
        }

        public Figure allocated() {
            return Figure.of(bytes);
        }
    }

    /** Runs it for all of them, and returns what was measured of each. */
    public Map<String, Measured> of(List<String> clients) throws RunnerException {
        for (int round = 1; round <= length.rounds(); round++) {
            for (String client : clients) {
                progress.printf("%s %d/%d: %s%n", benchmark.getSimpleName(), round, length.rounds(), client);
                new Runner(options(client).build()).run().forEach(result -> add(client, result));
            }
        }
        return byClient;
    }

    private ChainedOptionsBuilder options(String client) {
        return new OptionsBuilder()
                .include("\\Q" + benchmark.getName() + "\\E\\..*")
                .param("client", client)
                .forks(1)
                .warmupIterations(length.warmUps())
                .warmupTime(TimeValue.milliseconds(length.iterationMillis()))
                .measurementIterations(length.iterations())
                .measurementTime(TimeValue.milliseconds(length.iterationMillis()))
                .jvmArgs("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:ActiveProcessorCount=2")
                .jvmArgsAppend(jvmArgs.toArray(String[]::new))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }

    private void add(String client, RunResult result) {
        Measured measured = byClient.computeIfAbsent(
                client, first -> new Measured(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                Result<?> time = iteration.getPrimaryResult();
                measured.times.add(time.getStatistics().getPercentile(50));
                measured.slow.add(time.getStatistics().getPercentile(99));
                iteration.getSecondaryResults().forEach((name, value) -> {
                    if (name.endsWith("gc.alloc.rate.norm")) {
                        measured.bytes.add(value.getScore());
                    }
                });
            }
        }
    }
}
