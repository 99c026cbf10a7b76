package byroad.benchmarks.names;

import byroad.benchmarks.figures.Figure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
final class JmhRun {
    private final Class<?> benchmark;
    private final Effort effort;
    private final PrintStream progress;
    private final Map<String, Measured> byClient = new LinkedHashMap<>();

    JmhRun(Class<?> benchmark, Effort effort, PrintStream progress) {
        this.benchmark = benchmark;
        this.effort = effort;
        this.progress = progress;
    }

    /** Per iteration: the time of a lookup (mean, or median where single ones are timed), the 99th percentile, bytes. */
    record Measured(List<Double> times, List<Double> slow, List<Double> bytes) {
        Figure time() {
            return Figure.of(times);
        }

        Figure p99() {
            return Figure.of(slow);
        }

        double allocated() {
            return Figure.of(bytes).median();
        }
    }

    Map<String, Measured> of(List<String> clients) throws RunnerException, IOException {
        Path hosts = hostsFile();
        try {
            for (int round = 1; round <= effort.rounds(); round++) {
                for (String client : clients) {
                    progress.printf("%s %d/%d: %s%n", benchmark.getSimpleName(), round, effort.rounds(), client);
                    new Runner(options(client, hosts).build()).run().forEach(result -> add(client, result));
                }
            }
        } finally {
            Files.delete(hosts);
        }
        return byClient;
    }

    /** So that the JDK knows the name as the others do. */
    private static Path hostsFile() throws IOException {
        Path hosts = Files.createTempFile("byroad-benchmark", ".hosts");
        return Files.writeString(hosts, "198.51.100.7 " + WarmLookUp.HOST + "\n2001:db8::7 " + WarmLookUp.HOST + "\n");
    }

    private ChainedOptionsBuilder options(String client, Path hosts) {
        return new OptionsBuilder()
                .include("\\Q" + benchmark.getName() + "\\E\\..*")
                .param("client", client)
                .forks(1)
                .warmupIterations(effort.warmUps())
                .warmupTime(TimeValue.milliseconds(effort.iterationMillis()))
                .measurementIterations(effort.iterations())
                .measurementTime(TimeValue.milliseconds(effort.iterationMillis()))
                .jvmArgs(
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:ActiveProcessorCount=2",
                        "-Djdk.net.hosts.file=" + hosts)
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
