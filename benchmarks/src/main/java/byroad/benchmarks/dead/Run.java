package byroad.benchmarks.dead;

import byroad.EndpointStatus;
import byroad.benchmarks.dead.Clients.Client;
import byroad.samples.drill.OpenLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Request;
import okhttp3.Response;

/**
 * One client before, in and after the death of its upstream, in an open loop: calls start when they are due, whatever became
 * of earlier ones.
 */
final class Run {
    private static final Duration STRAGGLERS = Duration.ofSeconds(30);

    private final Timetable table;
    private final Upstream upstream;
    private final Client client;
    private final OpenLoop loop;
    private final Request request;
    private final AtomicInteger answered = new AtomicInteger();
    private final List<Slice> slices = new ArrayList<>();

    private Run(Timetable table, Upstream upstream, Client client, OpenLoop loop) {
        this.table = table;
        this.upstream = upstream;
        this.client = client;
        this.loop = loop;
        this.request = new Request.Builder().url(upstream.url()).build();
    }

    /**
     * When what happens.
     *
     * @param rate calls a second
     * @param before seconds in good health
     * @param dead seconds
     * @param after seconds in good health again
     */
    record Timetable(int rate, int before, int dead, int after) {
        static final int SLICES_A_SECOND = 2;
        static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(1) / SLICES_A_SECOND;

        int slices() {
            return (before + dead + after) * SLICES_A_SECOND;
        }

        int callsOfSlice() {
            return rate / SLICES_A_SECOND;
        }
    }

    /**
     * Half a second of it.
     *
     * @param second at which it began, from the death of the upstream
     * @param calls that were begun
     * @param requests that arrived
     * @param answered calls that got a 2xx
     * @param health how the client saw its upstream at the end
     */
    record Slice(double second, int calls, int requests, int answered, List<EndpointStatus> health) {
        double requestsPerCall() {
            return (double) requests / calls;
        }
    }

    /**
     * What was seen.
     *
     * @param lateMillis by how much the load generator was late, at most
     */
    record Seen(List<Slice> slices, double lateMillis) {}

    static Seen of(String name, Timetable table) throws InterruptedException {
        try (Upstream upstream = Upstream.start();
                Client client = Clients.start(name);
                OpenLoop loop = new OpenLoop()) {
            Run run = new Run(table, upstream, client, loop);
            run.play();
            return new Seen(run.slices, loop.lateNanos() / 1e6);
        }
    }

    private void play() throws InterruptedException {
        long start = System.nanoTime();
        long period = TimeUnit.SECONDS.toNanos(1) / table.rate();
        for (int slice = 0; slice < table.slices(); slice++) {
            change(slice);
            int arrivedBefore = upstream.arrived();
            int answeredBefore = answered.get();
            long from = start + slice * Timetable.SLICE_NANOS;
            loop.start(from, period, table.callsOfSlice(), List.of(client), (client, number, due) -> this::call);
            OpenLoop.waitUntil(from + Timetable.SLICE_NANOS);
            slices.add(new Slice(
                    (double) slice / Timetable.SLICES_A_SECOND - table.before(),
                    table.callsOfSlice(),
                    upstream.arrived() - arrivedBefore,
                    answered.get() - answeredBefore,
                    client.health().get()));
        }
        loop.awaitEnd(STRAGGLERS);
    }

    private void change(int slice) {
        if (slice == table.before() * Timetable.SLICES_A_SECOND) {
            upstream.die();
        } else if (slice == (table.before() + table.dead()) * Timetable.SLICES_A_SECOND) {
            upstream.recover();
        }
    }

    private void call() {
        try (Response response = client.http().newCall(request).execute()) {
            response.body().bytes();
            if (response.isSuccessful()) {
                answered.incrementAndGet();
            }
        } catch (IOException notAnswered) {
            // shows in the difference to the calls
        }
    }
}
