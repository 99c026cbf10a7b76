package byroad.samples.drill;

import byroad.samples.drill.Promise.Clause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The clauses that promises are made of. */
final class Clauses {
    /** What a first attempt that is never refused, and the odd repeat, come to. */
    static final double MOST_REQUESTS_PER_CALL = 1.1;

    static final long FEWEST_CALLS = 1_000;
    static final Duration LATEST_FIRST_SUCCESS = Duration.ofSeconds(1);

    private static final int ALL = 100;

    private Clauses() {}

    /** Every call is answered in time. */
    static Clause everyCallAnswered() {
        return answered(ALL);
    }

    /** So many percent of the calls are answered in time inside the outage, and all outside. */
    static Clause answered(int percent) {
        return (run, byroad) -> {
            List<String> faults = new ArrayList<>();
            if (byroad.inside().part() * ALL < byroad.inside().whole() * percent) {
                String expected = percent == ALL ? "every call" : ">= " + percent + "%";
                faults.add("answered in time inside the outage: " + byroad.inside() + " (expected: " + expected + ")");
            }
            faults.addAll(everyCallAnsweredOutside().faults(run, byroad));
            return faults;
        };
    }

    static Clause everyCallAnsweredOutside() {
        return (run, byroad) -> byroad.outside().isWhole()
                ? List.of()
                : List.of("answered in time outside the outage: " + byroad.outside() + " (expected: every call)");
    }

    /** Inside the outage every caller gets that status, within the deadline. */
    static Clause everyCallerGets(int status) {
        return (run, byroad) -> {
            List<CallRecord> inside = inside(run);
            long got = inside.stream()
                    .filter(call -> call.told().status() == status && call.result() != CallRecord.Result.LATE)
                    .count();
            Share share = new Share(got, inside.size());
            return share.isWhole()
                    ? List.of()
                    : List.of("callers who got the " + status + " as it was: " + share + " (expected: all)");
        };
    }

    /** There are calls enough inside the outage to tell a request in ten from chance. */
    static Clause callsEnough() {
        return (run, byroad) -> byroad.inside().whole() >= FEWEST_CALLS
                ? List.of()
                : List.of("calls in the outage: " + byroad.inside().whole() + " (expected: >= " + FEWEST_CALLS + ")");
    }

    /** No party gets more than {@link #MOST_REQUESTS_PER_CALL}. */
    static Clause noPartyBearsMore() {
        return (run, byroad) -> byroad.requestsPerCall().keySet().stream()
                .flatMap(party -> mostRequests(party, MOST_REQUESTS_PER_CALL).faults(run, byroad).stream())
                .toList();
    }

    /** That party gets at most so many requests for each call of the outage. */
    static Clause mostRequests(Party party, double most) {
        return (run, byroad) -> atMost(
                "requests per call at " + party.title(),
                byroad.requestsPerCall().getOrDefault(party, 0.0),
                most);
    }

    /** All parties together get at most so many requests for each call of the outage. */
    static Clause mostRequestsInAll(double most) {
        return (run, byroad) -> atMost(
                "requests per call in all",
                byroad.requestsPerCall().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum(),
                most);
    }

    /**
     * That party gets at most so many requests for each call that the concurrency limit refused, from {@code settled} after the start
     * of the outage on: until its circuit opens, the budget allows 35 repeats, once.
     */
    static Clause mostRequestsPerRefusedCall(Party party, Duration settled, double most) {
        return (run, byroad) -> {
            Duration from = Timetable.of(run.scenario()).outages().get(0).from().plus(settled);
            Set<Integer> refused = inside(run).stream()
                    .filter(call -> call.at().compareTo(from) >= 0)
                    .filter(call -> call.told().says(Told.LIMIT_IS_FULL))
                    .map(CallRecord::number)
                    .collect(Collectors.toSet());
            if (refused.isEmpty()) {
                return List.of(
                        "calls refused by the concurrency limit: none (expected: some, for the fallback endpoint carries a part only)");
            }
            long requests = run.arrivals().stream()
                    .map(ScenarioRun.Seen::arrival)
                    .filter(arrival ->
                            arrival.party() == party && arrival.client().equals(ByroadClient.NAME))
                    .filter(arrival -> refused.contains(arrival.call()))
                    .count();
            return atMost("requests per refused call at " + party.title(), requests / (double) refused.size(), most);
        };
    }

    /** Whoever is not answered finds in the report of the call that the concurrency limit was full, or that the fallback endpoint had no capacity. */
    static Clause refusalsAreNamed() {
        return (run, byroad) -> {
            Share named = share(
                    inside(run).stream().filter(call -> !call.answered()).toList(),
                    call -> call.told().says(Told.LIMIT_IS_FULL)
                            || call.told().triedAtFallback(run.scenario().endpoints()));
            return named.isWhole()
                    ? List.of()
                    : List.of("calls without an answer whose report names the refusal: " + named + " (expected: all)");
        };
    }

    /** No call of the outage meets an open circuit. */
    static Clause circuitsStayClosed() {
        return (run, byroad) -> {
            long met = inside(run).stream()
                    .filter(call -> call.told().says(Told.CIRCUIT_IS_OPEN))
                    .count();
            return met == 0 ? List.of() : List.of("calls that met an open circuit: " + met + " (expected: none)");
        };
    }

    static Clause firstSuccessAtOnce() {
        return (run, byroad) -> byroad.firstSuccess()
                        .filter(time -> time.compareTo(LATEST_FIRST_SUCCESS) <= 0)
                        .isPresent()
                ? List.of()
                : List.of("first success after the end: "
                        + byroad.firstSuccess().map(Words::seconds).orElse("none") + " (expected: <= "
                        + Words.seconds(LATEST_FIRST_SUCCESS) + ")");
    }

    /** From {@code settled} after the start of the outage on, a fallback endpoint gives that share of the useful answers it could. */
    static Clause fallbackKeepsUp(Duration settled, double leastShare) {
        return (run, byroad) -> {
            double useful = Fallback.usefulPerSecond(run, ByroadClient.NAME, settled);
            double least = leastShare * BoundedService.CAPACITY;
            return useful >= least
                    ? List.of()
                    : List.of(String.format(
                            Locale.ROOT,
                            "useful answers of the fallback endpoint: %.1f a second (expected: >= %.1f of %d)",
                            useful,
                            least,
                            BoundedService.CAPACITY));
        };
    }

    /** In no second of the outage but the first does a fallback endpoint give less than that share of what it could. */
    static Clause fallbackNeverCollapses(Duration settled, double leastShare) {
        return (run, byroad) -> {
            long fewest = Fallback.usefulEachSecond(run, ByroadClient.NAME, settled).stream()
                    .mapToLong(Long::longValue)
                    .min()
                    .orElse(0);
            double least = leastShare * BoundedService.CAPACITY;
            return fewest >= least
                    ? List.of()
                    : List.of(String.format(
                            Locale.ROOT,
                            "useful answers of the fallback endpoint in its worst second: %d (expected: >= %.1f of %d)",
                            fewest,
                            least,
                            BoundedService.CAPACITY));
        };
    }

    private static List<CallRecord> inside(ScenarioRun run) {
        Timetable times = Timetable.of(run.scenario());
        return run.client(ByroadClient.NAME).calls().stream()
                .filter(call -> times.isInOutage(call.at()))
                .toList();
    }

    private static Share share(List<CallRecord> calls, Predicate<CallRecord> which) {
        return new Share(calls.stream().filter(which).count(), calls.size());
    }

    private static List<String> atMost(String what, double found, double most) {
        String expected = String.format(Locale.ROOT, "%.2f", most).replaceFirst("0$", "");
        return found <= most
                ? List.of()
                : List.of(String.format(Locale.ROOT, "%s: %.3f (expected: <= %s)", what, found, expected));
    }
}
