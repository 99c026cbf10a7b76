package byroad.benchmarks.outages;

import byroad.benchmarks.figures.Figure;
import byroad.samples.drill.Arrivals.Arrival;
import byroad.samples.drill.Party;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What one client has seen of one outage. Calls of the outage are those due before its end and not over at its start.
 *
 * @param answered percent of them answered in time
 * @param took milliseconds of each, whatever came of it
 * @param edgeRequests requests per call that arrived at the edge
 * @param originRequests requests per call that arrived at the origin
 * @param firstSuccess milliseconds from the end of the outage to the first answer after it; infinite if there is none
 * @param backAtEdge the same to the first answer by the edge
 * @param ownConcurrency calls in flight on average before the outage
 * @param lag of the load generator, in milliseconds, at most, in the whole run
 * @param missed the calls of the outage that were not answered in time
 */
record Measured(
        double answered,
        Figure took,
        double edgeRequests,
        double originRequests,
        double firstSuccess,
        double backAtEdge,
        double ownConcurrency,
        double lag,
        List<CallRecord> missed) {

    static Measured of(String client, List<CallRecord> calls, List<Arrival> arrivals, long struck, long healed) {
        List<CallRecord> during = calls.stream()
                .filter(call -> call.due() < healed && call.end() > struck)
                .toList();
        List<CallRecord> missed = during.stream().filter(call -> !call.inTime()).toList();
        double busy = calls.stream()
                .filter(call -> call.due() < struck)
                .mapToDouble(call -> Math.min(call.end(), struck) - call.due() - call.lag())
                .sum();
        Set<Integer> numbers = during.stream().map(CallRecord::number).collect(Collectors.toSet());
        return new Measured(
                100.0 * (during.size() - missed.size()) / during.size(),
                Figure.of(during.stream().map(CallRecord::millis).toList()),
                perCall(client, numbers, arrivals, Party.EDGE_A),
                perCall(client, numbers, arrivals, Party.ORIGIN),
                first(calls, healed, call -> true),
                first(calls, healed, call -> call.answer().by().equals(Party.EDGE_A.id())),
                busy / struck,
                calls.stream().mapToLong(CallRecord::lag).max().orElse(0) / 1e6,
                missed);
    }

    private static double perCall(String client, Set<Integer> calls, List<Arrival> arrivals, Party party) {
        long requests = arrivals.stream()
                .filter(one -> one.party() == party && one.client().equals(client) && calls.contains(one.call()))
                .count();
        return (double) requests / calls.size();
    }

    private static double first(List<CallRecord> calls, long healed, Predicate<CallRecord> which) {
        return calls.stream()
                .filter(call -> call.inTime() && call.end() >= healed)
                .filter(which)
                .mapToDouble(call -> (call.end() - healed) / 1e6)
                .min()
                .orElse(Double.POSITIVE_INFINITY);
    }

    double allRequests() {
        return edgeRequests + originRequests;
    }
}
