package byroad.samples.drill;

import byroad.okhttp.Byroad;
import byroad.samples.drill.CallRecord.Result;
import byroad.samples.drill.ScenarioRun.ClientRun;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The open-loop load: each client's calls start on schedule, whatever happens to earlier ones. Each call has a thread of
 * its own, as long as it lasts, so that a client that waits does not slow down the others.
 */
final class Load {
    private static final MediaType JSON = MediaType.get("application/json");
    // Name lookups cannot be cancelled: two servers, two rounds, then the deadline once more for good measure.
    private static final Duration STRAGGLERS = Duration.ofSeconds(8);

    private final ExecutorService threads;
    private final HttpUrl url;
    private final List<Lane> lanes;
    private final AtomicInteger underWay = new AtomicInteger();

    Load(ExecutorService threads, HttpUrl url, List<? extends DrillClient> clients) {
        this.threads = threads;
        this.url = url;
        this.lanes = clients.stream().<Lane>map(Lane::new).toList();
    }

    List<Tally> tallies() {
        return lanes.stream().map(Lane::tally).toList();
    }

    /**
     * Runs the load and waits for its last call.
     *
     * @param startNanos when the first call is due, on the clock of {@link System#nanoTime}
     * @param rate calls a second for each client
     */
    void run(long startNanos, int rate, Duration length) {
        long periodNanos = TimeUnit.SECONDS.toNanos(1) / rate;
        long calls = length.toNanos() / periodNanos;
        for (int i = 0; i < calls; i++) {
            for (int lane = 0; lane < lanes.size(); lane++) {
                // Clients take turns within the period, so that they do not disturb each other more than they must.
                long due = i * periodNanos + lane * periodNanos / lanes.size();
                waitUntil(startNanos + due);
                start(lanes.get(lane), i, startNanos, due);
            }
        }
        awaitStragglers();
    }

    List<ClientRun> results() {
        return lanes.stream().map(Lane::run).toList();
    }

    private static void waitUntil(long nanoTime) {
        while (true) {
            long left = nanoTime - System.nanoTime();
            if (left <= 0) {
                return;
            }
            LockSupport.parkNanos(left);
        }
    }

    private void start(Lane lane, int number, long startNanos, long dueNanos) {
        underWay.incrementAndGet();
        threads.execute(() -> {
            try {
                lane.record(call(lane.client, number, startNanos, dueNanos));
            } finally {
                underWay.decrementAndGet();
            }
        });
    }

    private CallRecord call(DrillClient client, int number, long startNanos, long dueNanos) {
        Duration lag = Duration.ofNanos(System.nanoTime() - startNanos - dueNanos);
        Party party = null;
        int status = Told.NO_STATUS;
        Call call = client.http().newCall(request(number));
        try (Response response = call.execute()) {
            status = response.code();
            response.body().bytes();
            String by = response.header(Party.HEADER);
            party = response.isSuccessful() && by != null ? Party.of(by) : null;
        } catch (IOException | RuntimeException e) {
            party = null; // what went wrong is not told apart here: the caller has nothing
        }
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos - dueNanos);
        Told told = new Told(status, Byroad.reportOf(call));
        return new CallRecord(number, Duration.ofNanos(dueNanos), lag, took, result(party, took), party, told);
    }

    private static Result result(@Nullable Party party, Duration took) {
        if (took.compareTo(Clients.DEADLINE) > 0) {
            return Result.LATE;
        }
        return party == null ? Result.FAILED : Result.ANSWERED;
    }

    private Request request(int number) {
        Request.Builder request = new Request.Builder().url(url).header(Arrivals.CALL_HEADER, String.valueOf(number));
        return number % 2 == 0
                ? request.build()
                : request.post(RequestBody.create("{\"item\":" + number + "}", JSON))
                        .build();
    }

    private void awaitStragglers() {
        long end = System.nanoTime() + STRAGGLERS.toNanos();
        while (underWay.get() > 0) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(underWay.get() + " calls still under way " + Words.seconds(STRAGGLERS)
                        + " after the last was due");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** One client and its calls so far. */
    private static final class Lane {
        private final DrillClient client;
        private final Tally tally;
        private final Queue<CallRecord> calls = new ConcurrentLinkedQueue<>();

        Lane(DrillClient client) {
            this.client = client;
            this.tally = new Tally(client.name());
        }

        Tally tally() {
            return tally;
        }

        void record(CallRecord call) {
            calls.add(call);
            tally.count(call);
        }

        ClientRun run() {
            return new ClientRun(
                    client.name(),
                    calls.stream().sorted(Comparator.comparing(CallRecord::at)).toList());
        }
    }
}
