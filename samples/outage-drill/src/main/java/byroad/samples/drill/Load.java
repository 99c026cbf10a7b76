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
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The load on all clients, in an {@link OpenLoop}. */
final class Load {
    private static final MediaType JSON = MediaType.get("application/json");
    // Name lookups cannot be cancelled: two servers, two rounds, then the deadline once more for good measure.
    private static final Duration STRAGGLERS = Duration.ofSeconds(8);

    private final HttpUrl url;
    private final List<Bulkhead> bulkheads;

    Load(HttpUrl url, List<? extends DrillClient> clients) {
        this.url = url;
        this.bulkheads = clients.stream().<Bulkhead>map(Bulkhead::new).toList();
    }

    List<Tally> tallies() {
        return bulkheads.stream().map(Bulkhead::tally).toList();
    }

    /**
     * Runs the load and waits for its last call.
     *
     * @param startNanos when the first call is due, on the clock of {@link System#nanoTime}
     * @param rate calls a second for each client
     */
    void run(long startNanos, int rate, Duration length) throws InterruptedException {
        long periodNanos = TimeUnit.SECONDS.toNanos(1) / rate;
        try (OpenLoop loop = new OpenLoop()) {
            loop.start(
                    startNanos,
                    periodNanos,
                    length.toNanos() / periodNanos,
                    bulkheads,
                    (bulkhead, number, due) -> () -> bulkhead.record(call(bulkhead.client, number, startNanos, due)));
            loop.awaitEnd(STRAGGLERS);
        }
    }

    List<ClientRun> results() {
        return bulkheads.stream().map(Bulkhead::run).toList();
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

    /** One client and its calls so far. */
    private static final class Bulkhead {
        private final DrillClient client;
        private final Tally tally;
        private final Queue<CallRecord> calls = new ConcurrentLinkedQueue<>();

        Bulkhead(DrillClient client) {
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
