package byroad.samples.drill;

import byroad.CallReport;
import byroad.samples.drill.Arrivals.Arrival;
import byroad.samples.drill.CallRecord.Result;
import byroad.samples.drill.ScenarioRun.ClientRun;
import byroad.samples.drill.ScenarioRun.Seen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs that never took place: ten calls a second through a scenario of 3 s before, 10 s outage and 4 s after. */
final class Runs {
    static final Duration OUTAGE_START = Duration.ofSeconds(3);
    static final Duration OUTAGE_END = Duration.ofSeconds(13);

    private Runs() {}

    static Scenario dynamodb() {
        return scenario("dynamodb-2025-10-20");
    }

    static Scenario everythingDown() {
        return scenario("everything-down");
    }

    static Scenario scenario(String name) {
        return Scenarios.all(Optional.empty()).stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Settings defaults() {
        return Settings.of(List.of(), Settings.DEFAULT_RATE, Optional.empty(), Path.of("page.html"));
    }

    static CallRecord answered(int number, Duration at, Party by) {
        return new CallRecord(number, at, Duration.ZERO, Duration.ofMillis(20), Result.ANSWERED, by, told(200));
    }

    static CallRecord failed(int number, Duration at) {
        return new CallRecord(number, at, Duration.ZERO, Duration.ofMillis(5), Result.FAILED, null, told(500));
    }

    private static Told told(int status) {
        return new Told(status, CallReport.NONE);
    }

    /** A call that was started so late, and ended so long after it was due. */
    static CallRecord late(int number, Duration at, Duration lag, Duration took) {
        return new CallRecord(number, at, lag, took, Result.LATE, null, told(Told.NO_STATUS));
    }

    /** Calls at ten a second; who answers depends on when, and nobody means that the call failed. */
    static List<CallRecord> calls(Duration length, Function<Duration, @Nullable Party> by) {
        List<CallRecord> calls = new ArrayList<>();
        for (int i = 0; i < length.toMillis() / 100; i++) {
            Duration at = Duration.ofMillis(100L * i);
            Party party = by.apply(at);
            calls.add(party == null ? failed(i, at) : answered(i, at, party));
        }
        return calls;
    }

    static ScenarioRun run(Scenario scenario, List<CallRecord> byroad, Seen... arrivals) {
        return new ScenarioRun(
                scenario, List.of(new ClientRun(ByroadClient.NAME, byroad)), List.of(arrivals), Duration.ZERO);
    }

    static Seen seen(Duration at, Party party, int call) {
        return new Seen(at, new Arrival(at.toNanos(), party, ByroadClient.NAME, call));
    }

    static Measures measures(ScenarioRun run) {
        return Measures.of(run, run.clients().get(0));
    }
}
