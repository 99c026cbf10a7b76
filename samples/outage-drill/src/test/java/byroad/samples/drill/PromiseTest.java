package byroad.samples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.samples.drill.ScenarioRun.ClientRun;
import byroad.samples.drill.ScenarioRun.Seen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromiseTest {
    private static final Scenario DOWN = Runs.everythingDown();
    private static final Timetable DOWN_TIMES = Timetable.of(DOWN);

    @Test
    void everyCallAnsweredKeepsIt() {
        ScenarioRun run = Runs.run(Runs.dynamodb(), Runs.calls(Runs.dynamodb().length(), at -> Party.ORIGIN));

        assertThat(Promise.judge(run).faults()).isEmpty();
    }

    @Test
    void oneUnansweredCallMissesItInsideAndOutside() {
        Duration length = Runs.dynamodb().length();
        ScenarioRun inside =
                Runs.run(Runs.dynamodb(), Runs.calls(length, at -> at.equals(Runs.OUTAGE_START) ? null : Party.ORIGIN));
        ScenarioRun outside = Runs.run(Runs.dynamodb(), Runs.calls(length, at -> at.isZero() ? null : Party.ORIGIN));

        assertThat(Promise.judge(inside).faults())
                .containsExactly("answered in time inside the outage: 99.0% (99 of 100) (expected: every call)");
        assertThat(Promise.judge(outside).faults())
                .containsExactly("answered in time outside the outage: 98.6% (69 of 70) (expected: every call)");
    }

    @Test
    void whereNothingCanAnswerTheLoadTheNumberOfCallsAndTheEndCount() {
        assertThat(downFaults(1_000, 1_100, Duration.ofMillis(900))).isEmpty();
        assertThat(downFaults(1_000, 1_101, Duration.ofMillis(900)))
                .containsExactly("requests per call at edge A: 1.101 (expected: <= 1.1)");
        assertThat(downFaults(999, 999, Duration.ofMillis(900)))
                .containsExactly("calls in the outage: 999 (expected: >= 1000)");
        assertThat(downFaults(1_000, 1_000, Duration.ofMillis(1_300)))
                .containsExactly("first success after the end: 1.3s (expected: <= 1.0s)");
    }

    @Test
    void aCallOfAnyByroadThatOutlivesItsDeadlineMissesItButNotOneOfAPeer() {
        Scenario silent = Runs.scenario("every-resolver-silent");
        List<CallRecord> answered = Runs.calls(silent.length(), at -> Party.EDGE_A);
        List<CallRecord> overdue =
                List.of(Runs.late(0, Runs.OUTAGE_START, Duration.ofMillis(30), Duration.ofMillis(2_081)));
        List<CallRecord> inTime =
                List.of(Runs.late(0, Runs.OUTAGE_START, Duration.ofMillis(30), Duration.ofMillis(2_080)));

        assertThat(faults(silent, answered, inTime, overdue)).isEmpty();
        assertThat(faults(silent, answered, overdue, inTime))
                .containsExactly("Byroad, just started: a call ended 51ms after its deadline (expected: <= 50ms)");
        assertThat(faults(silent, overdue, inTime, inTime))
                .contains("Byroad: a call ended 51ms after its deadline (expected: <= 50ms)");
    }

    @Test
    void whereAStrangerIsNamedFewCallsMayBeLostInsideAndNoneOutside() {
        Scenario disagree = Runs.scenario("resolvers-disagree"); // 150 calls inside at ten a second

        assertThat(faultsWithLosses(disagree, 3)).isEmpty();
        assertThat(faultsWithLosses(disagree, 4))
                .containsExactly("answered in time inside the outage: 97.3% (146 of 150) (expected: >= 98%)");
        assertThat(faults(disagree, Runs.calls(disagree.length(), at -> at.isZero() ? null : Party.EDGE_A)))
                .containsExactly("answered in time outside the outage: 98.6% (69 of 70) (expected: every call)");
    }

    private static List<String> faultsWithLosses(Scenario scenario, int lost) {
        Duration until = Runs.OUTAGE_START.plusMillis(100L * lost);
        return faults(scenario, Runs.calls(scenario.length(), at -> {
            boolean isLost = at.compareTo(Runs.OUTAGE_START) >= 0 && at.compareTo(until) < 0;
            return isLost ? null : Party.EDGE_A;
        }));
    }

    private static List<String> faults(Scenario scenario, List<CallRecord> byroad) {
        return Promise.judge(Runs.run(scenario, byroad)).faults();
    }

    @Test
    void aSecondByroadNeedNotAnswer() {
        Scenario restart = Runs.scenario("restart-in-outage");
        List<CallRecord> nothing = Runs.calls(restart.length(), at -> null);

        assertThat(faults(restart, Runs.calls(restart.length(), at -> Party.ORIGIN), nothing, nothing))
                .isEmpty();
    }

    private static List<String> faults(
            Scenario scenario, List<CallRecord> byroad, List<CallRecord> twin, List<CallRecord> plain) {
        List<ClientRun> clients = List.of(
                new ClientRun(PeerClient.PLAIN, plain),
                new ClientRun(ByroadClient.NAME, byroad),
                new ClientRun(scenario.guest().client(), twin));
        return Promise.judge(new ScenarioRun(scenario, clients, List.of(), Duration.ZERO))
                .faults();
    }

    @Test
    void aRateOrAnOutageOfOnesOwnIsNotJudged() {
        Path page = Path.of("page.html");
        assertThat(Runs.defaults().isJudged()).isTrue();
        assertThat(Settings.of(List.of(), 61, Optional.empty(), page).isJudged())
                .isFalse();
        assertThat(Settings.of(List.of(), 60, Optional.of(10), page).isJudged()).isFalse();
    }

    @Test
    void theVerdictSaysKeptMissedOrNotJudged() {
        ScenarioRun missed =
                Runs.run(Runs.dynamodb(), Runs.calls(Runs.dynamodb().length(), at -> null));
        ScenarioRun kept = Runs.run(Runs.dynamodb(), Runs.calls(Runs.dynamodb().length(), at -> Party.MOVED));
        Settings own = Settings.of(List.of(), 10, Optional.empty(), Path.of("page.html"));

        assertThat(new Findings(Runs.defaults(), List.of(missed)).verdict()).isEqualTo("Promise missed.");
        assertThat(new Findings(Runs.defaults(), List.of(kept)).verdict()).isEqualTo("Promise kept.");
        assertThat(new Findings(own, List.of(missed)).verdict()).startsWith("Promise not judged");
        assertThat(new Findings(own, List.of(missed)).isMissed()).isFalse();
    }

    /** The faults found when so many calls of the outage made so many requests, and the first answer came then. */
    private static List<String> downFaults(int calls, int requests, Duration firstSuccess) {
        Duration start = DOWN_TIMES.outages().get(0).from();
        List<CallRecord> records = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            records.add(Runs.failed(i, start.plusMillis(i)));
        }
        Duration due = DOWN_TIMES.recovery().plus(firstSuccess).minusMillis(20);
        records.add(Runs.answered(calls, due, Party.EDGE_A));
        Seen[] arrivals = new Seen[requests];
        for (int i = 0; i < requests; i++) {
            arrivals[i] = Runs.seen(start.plusMillis(i), Party.EDGE_A, i % calls);
        }
        return Promise.judge(Runs.run(DOWN, records, arrivals)).faults();
    }
}
