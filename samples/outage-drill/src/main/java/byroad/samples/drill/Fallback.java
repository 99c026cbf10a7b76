package byroad.samples.drill;

import byroad.samples.drill.ScenarioRun.Seen;
import byroad.samples.drill.Timetable.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What came of the origin with {@link BoundedService} while it stood in for an edge. */
final class Fallback {
    static final Party PARTY = Party.ORIGIN;

    /** Bars of its chart are half a second wide, for in less there are too few answers to make a height. */
    static final Duration BIN = Duration.ofMillis(500);

    private static final double USED_WELL = 0.75;
    private static final Pattern GATE =
            Pattern.compile(Told.LIMIT_IS_FULL + " \\(\\d+ in flight, ([0-9.]+) allowed\\)");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private Fallback() {}

    /** Returns the useful answers a second, from so long after the start of the outage to its end. */
    static double usefulPerSecond(ScenarioRun run, String client, Duration settled) {
        Slot outage = outage(run);
        Duration from = outage.from().plus(settled);
        return useful(run, client, from, outage.to())
                * 1000.0
                / Math.max(1, outage.to().minus(from).toMillis());
    }

    /** Returns whether that client got out of the fallback endpoint most of what was in it. */
    static boolean isUsedWell(ScenarioRun run, String client) {
        return usefulPerSecond(run, client, Duration.ZERO) >= USED_WELL * BoundedService.CAPACITY;
    }

    /** Returns the useful answers of each whole second, from so long after the start of the outage to its end. */
    static List<Long> usefulEachSecond(ScenarioRun run, String client, Duration settled) {
        Slot outage = outage(run);
        List<Long> each = new ArrayList<>();
        Duration from = outage.from().plus(settled);
        while (from.plus(SECOND).compareTo(outage.to()) <= 0) {
            each.add(useful(run, client, from, from.plus(SECOND)));
            from = from.plus(SECOND);
        }
        return each;
    }

    /** Returns how many calls were answered by it in that time, by when they ended. */
    private static long useful(ScenarioRun run, String client, Duration from, Duration to) {
        return useful(run, client).stream()
                .filter(end -> end.compareTo(from) >= 0 && end.compareTo(to) < 0)
                .count();
    }

    /** Returns when each useful answer was there. */
    static List<Duration> useful(ScenarioRun run, String client) {
        return run.client(client).calls().stream()
                .filter(call -> call.answeredBy(PARTY))
                .map(call -> call.at().plus(call.took()))
                .toList();
    }

    /** Returns when each request of that client arrived. */
    static List<Duration> arrived(ScenarioRun run, String client) {
        return run.arrivals().stream()
                .filter(seen -> seen.arrival().party() == PARTY
                        && seen.arrival().client().equals(client))
                .map(Seen::at)
                .toList();
    }

    /** Returns what the concurrency limit allowed whenever it refused a call, by the reports of those calls. */
    static List<Allowed> allowed(ScenarioRun run) {
        List<Allowed> allowed = new ArrayList<>();
        for (CallRecord call : run.client(ByroadClient.NAME).calls()) {
            for (String note : call.told().report().notes()) {
                Matcher limit = GATE.matcher(note);
                if (limit.find()) {
                    allowed.add(new Allowed(call.at(), Double.parseDouble(limit.group(1))));
                }
            }
        }
        return allowed;
    }

    private static Slot outage(ScenarioRun run) {
        return Timetable.of(run.scenario()).outages().get(0);
    }

    /** So many calls in flight were allowed at that moment. */
    record Allowed(Duration at, double calls) {}
}
