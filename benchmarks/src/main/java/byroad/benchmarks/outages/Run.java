package byroad.benchmarks.outages;

import byroad.benchmarks.outages.Contestant.Answer;
import byroad.samples.drill.OpenLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * One outage of all contestants at a time, in an open loop: calls start when they are due, whatever became of earlier
 * ones, and their time counts from when they were due.
 */
final class Run {
    private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Duration STRAGGLERS = Duration.ofSeconds(30);

    private final Site site;
    private final Cell cell;
    private final Timetable table;
    private final int first;
    private final List<Bulkhead> bulkheads = new ArrayList<>();
    private long start;
    private long struck;
    private long healed;

    private Run(Site site, Cell cell, Timetable table, int first) {
        this.site = site;
        this.cell = cell;
        this.table = table;
        this.first = first;
    }

    /**
     * Plays it with new clients, and returns what each has seen by its name.
     *
     * @param first who calls first in each period: all of them turn to the origin at once, and the last waits longest for a processor
     */
    static Map<String, Measured> of(Site site, Cell cell, Timetable table, int first) throws InterruptedException {
        return new Run(site, cell, table, first).play();
    }

    private Map<String, Measured> play() throws InterruptedException {
        site.heal();
        site.arrivals.clear();
        List<Contestant> contestants = new ArrayList<>(Contestants.all(site));
        Collections.rotate(contestants, first);
        contestants.forEach(one -> bulkheads.add(new Bulkhead(one)));
        try (OpenLoop loop = new OpenLoop()) {
            start = System.nanoTime() + LEAD_NANOS;
            loop.start(start, table.periodNanos(), table.calls(), bulkheads, this::due);
            loop.awaitEnd(STRAGGLERS);
        } finally {
            site.heal();
            contestants.forEach(Contestant::close);
        }
        Map<String, Measured> measured = new LinkedHashMap<>();
        for (Bulkhead bulkhead : bulkheads) {
            measured.put(bulkhead.contestant.name(), bulkhead.measured());
        }
        return measured;
    }

    private Runnable due(Bulkhead bulkhead, int number, long due) {
        if (bulkhead == bulkheads.get(0)) {
            change(number);
        }
        return () -> bulkhead.call(number, due);
    }

    private void change(int call) {
        if (call == table.strike()) {
            struck = System.nanoTime() - start;
            cell.strike(site);
        } else if (call == table.heal()) {
            site.heal();
            healed = System.nanoTime() - start;
        }
    }

    /** One contestant and its calls. */
    private final class Bulkhead {
        private final Contestant contestant;
        private final ConcurrentLinkedQueue<CallRecord> calls = new ConcurrentLinkedQueue<>();

        Bulkhead(Contestant contestant) {
            this.contestant = contestant;
        }

        void call(int number, long due) {
            long lag = System.nanoTime() - start - due;
            Answer answer = contestant.call(number);
            calls.add(new CallRecord(number, due, lag, System.nanoTime() - start - due, answer));
        }

        Measured measured() {
            List<CallRecord> sorted = calls.stream()
                    .sorted(Comparator.comparing(CallRecord::number))
                    .toList();
            return Measured.of(contestant.name(), sorted, site.arrivals.copy(), struck, healed);
        }
    }
}
