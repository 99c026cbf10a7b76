package byroad.samples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallReport;
import byroad.samples.drill.Arrivals.Arrival;
import byroad.samples.drill.CallRecord.Result;
import byroad.samples.drill.ScenarioRun.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClausesTest {
    private static final String GATE =
            "origin.example.test not tried: its concurrency limit is reached (2 in flight, 2.50 allowed)";

    @Test
    void anotherEndpointOfTheFailedRegionIsToGetAboutNothing() {
        Scenario regionDown = Runs.scenario("region-down"); // 80 calls inside at ten a second
        List<CallRecord> calls = Runs.calls(regionDown.length(), at -> Party.OTHER_REGION);

        Seen[] three = arrivals(calls.subList(30, 33), Party.ORIGIN);

        assertThat(faults(regionDown, calls, arrivals(calls.subList(30, 32), Party.ORIGIN)))
                .isEmpty();
        assertThat(faults(regionDown, calls, three))
                .containsExactly("requests per call at origin: 0.038 (expected: <= 0.03)");
    }

    @Test
    void aRefusalOfTheEdgeIsToBeHandedOverOnceAndTakenNowhereElse() {
        Scenario policy = Runs.scenario("edge-policy"); // 60 calls inside
        List<CallRecord> refused = calls(policy, 403);
        Seen[] once = arrivals(refused, Party.EDGE_A);
        Seen[] twice = arrivals(refused, Party.EDGE_A, Party.EDGE_A);
        Seen[] elsewhere = arrivals(refused, Party.EDGE_A, Party.ORIGIN);

        assertThat(faults(policy, refused, once)).isEmpty();
        assertThat(faults(policy, refused, twice))
                .containsExactly("requests per call at edge A: 2.000 (expected: <= 1.0)");
        assertThat(faults(policy, refused, elsewhere))
                .containsExactly("requests per call at origin: 1.000 (expected: <= 0.0)");
        assertThat(faults(policy, calls(policy, 500), once))
                .containsExactly("callers who got the 403 as it was: 0% (0 of 60) (expected: all)");
    }

    @Test
    void aBrownOutIsToOpenNoCircuitAndToMoveOnlyWhatFailed() {
        Scenario brownOut = Runs.scenario("brown-out"); // 100 calls inside
        List<CallRecord> answered = Runs.calls(brownOut.length(), at -> Party.EDGE_A);
        List<CallRecord> met = new ArrayList<>(answered);
        met.set(30, told(answered.get(30), 200, "api.example.test not tried: its circuit is open"));

        assertThat(faults(brownOut, answered, arrivals(answered, Party.EDGE_A))).isEmpty();
        assertThat(faults(brownOut, met)).containsExactly("calls that met an open circuit: 1 (expected: none)");
        assertThat(faults(brownOut, answered, arrivals(answered, Party.EDGE_A, Party.ORIGIN)))
                .containsExactly("requests per call in all: 2.000 (expected: <= 1.4)");
    }

    @Test
    void aFallbackIsToGiveNearlyWhatItCanInTheMeanAndInItsWorstSecond() {
        assertThat(diverted(10, 0, 1)).isEmpty();
        assertThat(diverted(10, 2, 1))
                .anyMatch(fault -> fault.startsWith("useful answers of the fallback endpoint in its worst second: 0"));
        assertThat(diverted(0, 0, 1))
                .anyMatch(fault ->
                        fault.startsWith("useful answers of the fallback endpoint: 0.0 a second (expected: >= 12.8"));
    }

    @Test
    void aCallThatTheLimitRefusesCostsTheSickEdgeOneRequest() {
        assertThat(diverted(10, 0, 2))
                .containsExactly("requests per refused call at edge A: 2.000 (expected: <= 1.05)");
    }

    @Test
    void whoIsNotAnsweredIsToReadWhy() {
        Scenario overloaded = Runs.scenario("origin-overloaded-by-diversion");
        Duration at = Runs.OUTAGE_START.plusSeconds(1);
        List<CallRecord> named = List.of(told(Runs.failed(0, at), 500, GATE));
        List<CallRecord> nameless = List.of(Runs.failed(0, at));

        assertThat(faults(overloaded, named)).noneMatch(fault -> fault.contains("names the refusal"));
        assertThat(faults(overloaded, nameless))
                .contains("calls without an answer whose report names the refusal: 0% (0 of 1) (expected: all)");
    }

    @Test
    void whatTheLimitAllowedIsReadFromTheReports() {
        Scenario overloaded = Runs.scenario("origin-overloaded-by-diversion");
        ScenarioRun run = Runs.run(
                overloaded,
                List.of(told(Runs.failed(0, Runs.OUTAGE_START), 500, GATE), Runs.failed(1, Runs.OUTAGE_END)));

        assertThat(Fallback.allowed(run)).containsExactly(new Fallback.Allowed(Runs.OUTAGE_START, 2.5));
    }

    /**
     * A run in which the origin answers two calls of each tenth of a second, the concurrency limit refuses a third, and for so many
     * seconds after the fifth nothing is answered.
     */
    private static List<String> diverted(int answeredTenths, int silentSeconds, int requestsOfRefused) {
        Scenario overloaded = Runs.scenario("origin-overloaded-by-diversion");
        List<CallRecord> calls = new ArrayList<>();
        List<Seen> arrivals = new ArrayList<>();
        Duration silence = Runs.OUTAGE_START.plusSeconds(5);
        for (int tenth = 0; tenth < overloaded.length().toMillis() / 100; tenth++) {
            Duration at = Duration.ofMillis(100L * tenth);
            boolean isInside = Timetable.of(overloaded).isInOutage(at);
            boolean isSilent = at.compareTo(silence) >= 0 && at.compareTo(silence.plusSeconds(silentSeconds)) < 0;
            boolean isAnswered = !isSilent && tenth % 10 < answeredTenths;
            for (int i = 0; i < 3; i++) {
                int number = calls.size();
                boolean isRefused = isInside && (i == 2 || !isAnswered);
                calls.add(
                        isRefused
                                ? told(Runs.failed(number, at), 500, GATE)
                                : Runs.answered(number, at, isInside ? Party.ORIGIN : Party.EDGE_A));
                for (int request = 0; isRefused && request < requestsOfRefused; request++) {
                    arrivals.add(Runs.seen(at, Party.EDGE_A, number));
                }
            }
        }
        return faults(overloaded, calls, arrivals.toArray(Seen[]::new));
    }

    private static List<CallRecord> calls(Scenario scenario, int status) {
        Timetable times = Timetable.of(scenario);
        return Runs.calls(scenario.length(), at -> times.isInOutage(at) ? null : Party.EDGE_A).stream()
                .map(call -> call.answered() ? call : told(call, status))
                .toList();
    }

    /** One request of each call at each of these. */
    private static Seen[] arrivals(List<CallRecord> calls, Party... parties) {
        List<Seen> arrivals = new ArrayList<>();
        for (CallRecord call : calls) {
            for (Party party : parties) {
                arrivals.add(new Seen(call.at(), new Arrival(0, party, ByroadClient.NAME, call.number())));
            }
        }
        return arrivals.toArray(Seen[]::new);
    }

    private static CallRecord told(CallRecord call, int status, String... notes) {
        CallReport report = new CallReport(
                "items", "GET /v1/items", String.valueOf(status), call.took(), List.of(), List.of(notes), Set.of());
        Result result = status < 400 ? Result.ANSWERED : Result.FAILED;
        return new CallRecord(
                call.number(), call.at(), call.lag(), call.took(), result, call.party(), new Told(status, report));
    }

    private static List<String> faults(Scenario scenario, List<CallRecord> byroad, Seen... arrivals) {
        return Promise.judge(Runs.run(scenario, byroad, arrivals)).faults();
    }
}
