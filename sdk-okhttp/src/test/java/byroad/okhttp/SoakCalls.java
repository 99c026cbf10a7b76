package byroad.okhttp;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.BufferedSource;

/**
 * A caller that behaves as callers do: sometimes it gives up, by a cancel, an interrupt or a timeout, reads half of an answer
 * or nothing of it, fails while it writes, and makes many calls at once. One thread each.
 */
final class SoakCalls implements Runnable {
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final int AT_ONCE = 12;

    /** What the calls of all callers came to, by its name. */
    private final Map<String, Integer> seen;

    private final TestServers servers;
    private final List<OkHttpClient> clients;
    private final ScheduledExecutorService later;
    private final Random random;
    private volatile boolean enough;

    SoakCalls(
            TestServers servers,
            List<OkHttpClient> clients,
            ScheduledExecutorService later,
            Map<String, Integer> seen,
            long seed) {
        this.servers = servers;
        this.clients = clients;
        this.later = later;
        this.seen = seen;
        this.random = new Random(seed);
    }

    static Map<String, Integer> tally() {
        return new ConcurrentSkipListMap<>();
    }

    void end() {
        enough = true;
    }

    @Override
    public void run() {
        while (!enough) {
            try {
                if (chance(0.5)) {
                    execute(call());
                } else {
                    enqueue(chance(0.1) ? AT_ONCE : 1);
                }
            } catch (RuntimeException | TimeoutException | ExecutionException broken) {
                count("BROKEN: " + broken);
            } catch (InterruptedException interrupted) {
                count("interrupted");
            }
        }
    }

    private Call call() {
        OkHttpClient client = clients.get(random.nextInt(clients.size()));
        if (chance(0.15)) {
            client = client.newBuilder()
                    .callTimeout(Duration.ofMillis(1 + random.nextInt(500)))
                    .build();
        }
        Request.Builder request = new Request.Builder().url(servers.url(chance(0.3) ? "/v1/events" : "/v1/items"));
        if (chance(0.4)) {
            request.post(new Body(chance(0.2), chance(0.1)));
        }
        if (chance(0.1)) {
            request.header("Idempotency-Key", "key");
        }
        Call call = client.newCall(request.build());
        if (chance(0.2)) {
            later.schedule(call::cancel, random.nextInt(500), TimeUnit.MILLISECONDS);
        }
        return call;
    }

    private void execute(Call call) {
        count("executed");
        long started = System.nanoTime();
        Thread caller = Thread.currentThread();
        Future<?> interrupt = chance(0.05)
                ? later.schedule(caller::interrupt, random.nextInt(300), TimeUnit.MILLISECONDS)
                : CompletableFuture.completedFuture(null);
        try (Response response = call.execute()) {
            read(response, random.nextInt(3));
        } catch (IOException e) {
            failed(e);
        } finally {
            interrupt.cancel(false);
            Thread.interrupted();
            ended(call, started);
        }
    }

    private void enqueue(int calls) throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<?>[] all = new CompletableFuture<?>[calls];
        for (int i = 0; i < calls; i++) {
            all[i] = enqueued(call(), random.nextInt(3));
        }
        CompletableFuture.allOf(all).get(2 * LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Void> enqueued(Call call, int share) {
        count("enqueued");
        long started = System.nanoTime();
        CompletableFuture<Void> over = new CompletableFuture<>();
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException e) {
                failed(e);
                ended(call, started);
                over.complete(null);
            }

            @Override
            public void onResponse(Call call, Response response) {
                try (response) {
                    read(response, share);
                } catch (IOException e) {
                    failed(e);
                } finally {
                    ended(call, started);
                    over.complete(null);
                }
            }
        });
        return over;
    }

    private void read(Response response, int share) throws IOException {
        count("status " + response.code());
        BufferedSource source = response.body().source();
        switch (share) {
            case 0 -> count("read nothing of it");
            case 1 -> {
                count("read half of it");
                source.request(100);
                source.skip(Math.min(100, source.getBuffer().size()));
            }
            default -> {
                source.readByteString();
                count("read all of it");
            }
        }
    }

    private void failed(IOException e) {
        count("failed: " + e.getClass().getSimpleName());
    }

    private void ended(Call call, long started) {
        count(call.isCanceled() ? "cancelled" : "not cancelled");
        byroad.CallReport report = Byroad.reportOf(call);
        count("attempts: " + report.attempts().size());
        report.notes().forEach(note -> count("note: " + note.replaceAll("\\d[\\d.:TZ-]*", "n")));
        if (TestServers.took(started).compareTo(LONGEST) > 0) {
            count("BROKEN: took " + TestServers.took(started) + ": " + report);
        }
    }

    private void count(String what) {
        seen.merge(what, 1, Integer::sum);
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Some kilobytes, which may be written once only, or fail halfway. */
    private static final class Body extends RequestBody {
        private final boolean oneShot;
        private final boolean fails;

        Body(boolean oneShot, boolean fails) {
            this.oneShot = oneShot;
            this.fails = fails;
        }

        @Override
        public MediaType contentType() {
            return MediaType.get("text/plain");
        }

        @Override
        public boolean isOneShot() {
            return oneShot;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8("x".repeat(20_000)).flush();
            if (fails) {
                throw new IOException("the caller's own body failed");
            }
            sink.writeUtf8("x".repeat(20_000));
        }
    }
}
