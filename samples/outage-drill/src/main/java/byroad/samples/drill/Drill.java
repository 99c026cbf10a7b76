package byroad.samples.drill;

import byroad.samples.drill.ScenarioRun.ClientRun;
import byroad.samples.drill.ScenarioRun.Seen;
import byroad.samples.drill.Timetable.Slot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The stage manager: brings parties and clients together, and breaks and mends things on time. */
final class Drill implements AutoCloseable {
    // The first seconds of a JVM are slow for everybody and would be taken for an effect of the outage.
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration HEAD_START = Duration.ofMillis(50);

    private final Parties parties = Parties.start();
    private final ExecutorService threads = Executors.newSingleThreadExecutor(OpenLoop::daemon);
    private final int rate;
    private final Progress progress;

    Drill(int rate, Progress progress) {
        this.rate = rate;
        this.progress = progress;
    }

    /** Runs some load that nobody counts. */
    void warmUp(Scenario like) throws IOException, InterruptedException {
        run(like.calm("warm-up", "warming up, nothing is counted", WARM_UP));
    }

    /** Runs a scenario with new clients. */
    ScenarioRun run(Scenario scenario) throws IOException, InterruptedException {
        parties.reset();
        List<Restartable> clients = Clients.make(scenario, parties);
        try {
            for (Restartable client : clients) {
                client.warmUp();
            }
            return run(scenario, clients);
        } finally {
            clients.forEach(Restartable::close);
        }
    }

    private ScenarioRun run(Scenario scenario, List<Restartable> clients) throws InterruptedException {
        Load load = new Load(Clients.url(scenario, parties), clients);
        parties.arrivals().clear();
        long start = System.nanoTime() + HEAD_START.toNanos();
        Future<?> running = threads.submit(() -> {
            load.run(start, rate, scenario.length());
            return null;
        });
        Progress.Watch watch = progress.watch(scenario, load.tallies());
        for (Slot slot : Timetable.of(scenario).slots()) {
            OpenLoop.waitUntil(start + slot.from().toNanos());
            slot.phase().begins().apply(parties, clients);
            watch.begins(slot);
            watchUntilEnd(watch, slot, start);
        }
        try {
            running.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(scenario.name() + ": the load generator failed", e.getCause());
        }
        return new ScenarioRun(scenario, load.results(), seen(start), lag(load.results()));
    }

    private static void watchUntilEnd(Progress.Watch watch, Slot slot, long start) {
        long end = start + slot.to().toNanos();
        while (end - System.nanoTime() > 0) {
            watch.look(slot, Duration.ofNanos(System.nanoTime() - start));
            long next = System.nanoTime() + Progress.interval().toNanos();
            OpenLoop.waitUntil(next - end > 0 ? end : next);
        }
    }

    private List<Seen> seen(long start) {
        List<Seen> seen = new ArrayList<>();
        parties.arrivals()
                .copy()
                .forEach(arrival -> seen.add(new Seen(Duration.ofNanos(arrival.nanoTime() - start), arrival)));
        return seen;
    }

    private static Duration lag(List<ClientRun> clients) {
        List<Duration> lags = clients.stream()
                .flatMap(client -> client.calls().stream().map(CallRecord::lag))
                .toList();
        return Percentile.of(lags, 99).orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        parties.close();
    }
}
