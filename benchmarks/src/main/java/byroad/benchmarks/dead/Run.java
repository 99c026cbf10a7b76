package byroad.benchmarks.dead;

import byroad.EndpointStatus;
import byroad.benchmarks.dead.Clients.Client;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Request;
import okhttp3.Response;

/**
 * One client before, in and after the death of its upstream, in an open loop: calls start when they are due, whatever became
 * of earlier ones.
 */
final class Run {
    private static final int STRAGGLER_SECONDS = 30;

    private final Timetable table;
    private final Upstream upstream;
    private final Client client;
    private final Request request;
    private final AtomicInteger answered = new AtomicInteger();
    private final List<Slice> slices = new ArrayList<>();
    private long lateNanos;

    private Run(Timetable table, Upstream upstream, Client client) {
        this.table = table;
        this.upstream = upstream;
        this.client = client;
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
                Client client = Clients.start(name)) {
            Run run = new Run(table, upstream, client);
            run.play();
            return new Seen(run.slices, run.lateNanos / 1e6);
        }
    }

    private void play() throws InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            long start = System.nanoTime();
            for (int slice = 0; slice < table.slices(); slice++) {
                change(slice);
                int arrivedBefore = upstream.arrived();
                int answeredBefore = answered.get();
                for (int call = 0; call < table.callsOfSlice(); call++) {
                    long number = (long) slice * table.callsOfSlice() + call;
                    waitUntil(start + number * TimeUnit.SECONDS.toNanos(1) / table.rate());
                    threads.execute(this::call);
                }
                waitUntil(start + TimeUnit.SECONDS.toNanos(slice + 1) / Timetable.SLICES_A_SECOND);
                slices.add(new Slice(
                        (double) slice / Timetable.SLICES_A_SECOND - table.before(),
                        table.callsOfSlice(),
                        upstream.arrived() - arrivedBefore,
                        answered.get() - answeredBefore,
                        client.health().get()));
            }
            threads.shutdown();
            if (!threads.awaitTermination(STRAGGLER_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("calls under way " + STRAGGLER_SECONDS + " s after the last was due");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void change(int slice) {
        if (slice == table.before() * Timetable.SLICES_A_SECOND) {
            upstream.die();
        } else if (slice == (table.before() + table.dead()) * Timetable.SLICES_A_SECOND) {
            upstream.recover();
        }
    }

    private void waitUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        lateNanos = Math.max(lateNanos, System.nanoTime() - nanoTime);
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
