package byroad.samples.drill;

import byroad.samples.drill.Arrivals.Arrival;
import byroad.samples.drill.ScenarioRun.ClientRun;
import byroad.samples.drill.ScenarioRun.Seen;
import byroad.samples.drill.Timetable.Slot;
import byroad.samples.drill.Traffic.ShiftStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the tables say of one client in one scenario.
 *
 * @param inside answered in time, of the calls scheduled in an outage
 * @param outside answered in time, of the others
 * @param p50 how long answers took inside the outage; empty where there were none
 * @param p99 the same
 * @param requestsPerCall what arrived at each party for each call of the outage
 * @param shifted for 50, 90 and 99 percent the time until so much of the traffic had shifted, the slowest outage
 *     counting; empty where it never did
 * @param back time from the end of the outage until 99 percent of the traffic is answered where it belongs
 * @param overdue the longest that any call went on after its deadline
 * @param firstSuccess time from the end of the outage to the first answer, of the calls scheduled after it
 */
record Measures(
        String client,
        Share inside,
        Share outside,
        Optional<Duration> p50,
        Optional<Duration> p99,
        Map<Party, Double> requestsPerCall,
        List<Optional<Duration>> shifted,
        Optional<Duration> back,
        Duration overdue,
        Optional<Duration> firstSuccess) {

    static final List<Integer> SHIFT_PERCENT = List.of(50, 90, 99);
    private static final int BACK_PERCENT = 99;

    static Measures of(ScenarioRun run, ClientRun client) {
        Scenario scenario = run.scenario();
        Timetable times = Timetable.of(scenario);
        List<CallRecord> inside = calls(client, call -> times.isInOutage(call.at()));
        List<CallRecord> outside = calls(client, call -> !times.isInOutage(call.at()));
        List<Duration> latencies = inside.stream()
                .filter(CallRecord::answered)
                .map(CallRecord::took)
                .toList();
        return new Measures(
                client.name(),
                Share.answered(inside),
                Share.answered(outside),
                Percentile.of(latencies, 50),
                Percentile.of(latencies, 99),
                requestsPerCall(run, client.name(), inside),
                SHIFT_PERCENT.stream()
                        .map(percent -> shifted(scenario, times, client.calls(), percent))
                        .toList(),
                Shift.time(
                        client.calls(),
                        times.recovery(),
                        times.end(),
                        BACK_PERCENT,
                        call -> call.answeredBy(scenario.traffic().home())),
                client.calls().stream()
                        .map(CallRecord::overdue)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO),
                firstSuccess(client.calls(), times.recovery()));
    }

    /** Returns the most that any party had to bear for a call. */
    double mostRequestsPerCall() {
        return requestsPerCall.values().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }

    private static List<CallRecord> calls(ClientRun client, Predicate<CallRecord> which) {
        return client.calls().stream().filter(which).toList();
    }

    /** Requests count for the call that sent them, whenever they arrive; those of no call count by time. */
    private static Map<Party, Double> requestsPerCall(ScenarioRun run, String client, List<CallRecord> inside) {
        Timetable times = Timetable.of(run.scenario());
        Set<Integer> numbers = inside.stream().map(CallRecord::number).collect(Collectors.toSet());
        Map<Party, Double> requests = new EnumMap<>(Party.class);
        for (Seen seen : run.arrivals()) {
            Arrival arrival = seen.arrival();
            boolean counts =
                    arrival.call() == Arrivals.NO_CALL ? times.isInOutage(seen.at()) : numbers.contains(arrival.call());
            if (counts && arrival.client().equals(client)) {
                requests.merge(arrival.party(), 1.0, Double::sum);
            }
        }
        requests.replaceAll((party, count) -> count / Math.max(1, inside.size()));
        return requests;
    }

    private static Optional<Duration> shifted(Scenario scenario, Timetable times, List<CallRecord> calls, int percent) {
        Predicate<CallRecord> there =
                call -> call.answeredByOtherThan(scenario.traffic().usual());
        if (scenario.traffic().shift() == ShiftStart.NONE) {
            return Optional.empty();
        }
        if (scenario.traffic().shift() == ShiftStart.RECOVERY) {
            return Shift.time(calls, times.recovery(), times.end(), percent, there);
        }
        List<Duration> each = new ArrayList<>();
        for (Slot outage : times.outages()) {
            Optional<Duration> time = Shift.time(calls, outage.from(), outage.to(), percent, there);
            if (time.isEmpty()) {
                return Optional.empty();
            }
            each.add(time.get());
        }
        return each.stream().max(Duration::compareTo);
    }

    private static Optional<Duration> firstSuccess(List<CallRecord> calls, Duration recovery) {
        return calls.stream()
                .filter(CallRecord::answered)
                .filter(call -> call.at().compareTo(recovery) >= 0)
                .map(call -> call.at().plus(call.took()).minus(recovery))
                .min(Duration::compareTo);
    }
}
