package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallReport;
import byroad.ClientRuntime;
import byroad.TimeSource;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a call costs while it waits before it is sent again, as docs/waiting.md tells: a thread, and a slot of the dispatcher. */
class WaitingTest {
    /** Of OkHttp's dispatcher, by default. */
    private static final int SLOTS_OF_A_HOST = 5;

    private static final int MOST_WAITING = 32;
    private static final int LONG = 30;

    /**
     * Asks every call to wait for longer than any of these tests takes; none before so many have come, for who comes when it
     * has asked for a rest already does not wait for it.
     */
    private static void asksToWait(TestServer server, int together) {
        CountDownLatch all = new CountDownLatch(together);
        MockResponse busy = TestServer.answer(503, "")
                .newBuilder()
                .setHeader("Retry-After", LONG)
                .build();
        server.answers(request -> {
            all.countDown();
            try {
                assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return busy;
        });
    }

    @Test
    void fiveCallsThatWaitHoldUpTheHostAndNobodyElse() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            asksToWait(servers.edge, SLOTS_OF_A_HOST);
            servers.opened("healthy", "127.0.0.4");
            servers.name(TestServers.OTHER, "127.0.0.4");
            OkHttpClient client = servers.with(servers.closing(Byroad.create()));
            List<CompletableFuture<Integer>> rides = calls(client, servers.get("/"), SLOTS_OF_A_HOST + 1).stream()
                    .map(WaitingTest::start)
                    .toList();
            Eventually.holds(() -> assertThat(servers.edge.count()).isEqualTo(SLOTS_OF_A_HOST));

            assertThat(client.dispatcher().queuedCallsCount()).isEqualTo(1);
            assertThat(client.dispatcher().runningCallsCount()).isEqualTo(SLOTS_OF_A_HOST);
            Request elsewhere = new Request.Builder()
                    .url(servers.url(TestServers.OTHER, "/"))
                    .build();
            assertThat(ride(client, elsewhere).get(5, TimeUnit.SECONDS)).isEqualTo(200);

            client.dispatcher().runningCalls().get(0).cancel();
            Eventually.holds(() -> assertThat(servers.edge.count()).isEqualTo(SLOTS_OF_A_HOST + 1)); // its slot went on
            client.dispatcher().cancelAll();
            for (CompletableFuture<Integer> ride : rides.subList(0, SLOTS_OF_A_HOST)) { // the sixth may have its answer
                assertThat(failure(ride)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void aCallThatIsCancelledWhileItWaitsTellsItsStory() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            asksToWait(servers.edge, 1);
            Byroad byroad = servers.closing(Byroad.create());
            List<CallReport> reports = new CopyOnWriteArrayList<>();
            byroad.onReport(reports::add);
            Call call = servers.with(byroad).newCall(servers.get("/"));
            CompletableFuture<Integer> ride = start(call);
            Eventually.holds(() -> assertThat(Byroad.reportOf(call).attempts())
                    .singleElement()
                    .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo("503")));
            call.cancel();

            assertThat(Byroad.reportOf(failure(ride)).attempts()).hasSize(1);
            Eventually.holds(() -> assertThat(reports)
                    .singleElement()
                    .satisfies(report -> assertThat(report.outcome()).isEqualTo("IOException")));
        }
    }

    @Test
    void noMoreThanSoManyWaitAndWhoMayNotIsAnsweredAtOnce() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            asksToWait(servers.edge, MOST_WAITING + 3);
            OkHttpClient client = servers.with(servers.closing(Byroad.create()));
            client.dispatcher().setMaxRequestsPerHost(MOST_WAITING + 3);
            List<Call> calls = calls(client, servers.get("/"), MOST_WAITING + 3);
            List<CompletableFuture<Integer>> rides =
                    calls.stream().map(WaitingTest::start).toList();

            Eventually.holds(
                    () -> assertThat(client.dispatcher().runningCallsCount()).isEqualTo(MOST_WAITING));

            assertThat(rides)
                    .filteredOn(CompletableFuture::isDone)
                    .hasSize(3)
                    .allSatisfy(ride -> assertThat(ride.join()).isEqualTo(503));
            assertThat(calls)
                    .filteredOn(call -> Byroad.reportOf(call).toString().contains("32 calls wait already"))
                    .hasSize(3);
            client.dispatcher().cancelAll();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aCallThatIsCancelledWaitsNoLonger(Http http) throws Exception {
        List<Duration> late = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            try (TestServers servers = TestServers.open(http)) {
                asksToWait(servers.edge, 1);
                Call call = servers.with(servers.closing(Byroad.create())).newCall(servers.get("/"));
                CompletableFuture<Integer> ride = start(call);
                Eventually.holds(() -> assertThat(Byroad.reportOf(call).attempts())
                        .singleElement()
                        .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo("503")));
                long cancelled = System.nanoTime();

                call.cancel();

                assertThat(failure(ride)).hasMessage("Canceled");
                late.add(TestServers.took(cancelled));
                assertThat(Byroad.reportOf(call).attempts()).hasSize(1);
            }
        }
        late.sort(null);
        System.out.println("cancelled calls ended after " + late);
        assertThat(late.get(0)).isLessThan(Duration.ofMillis(1)); // at others the machine may have been busy
    }

    @Test
    void aCallWhoseThreadIsInterruptedWaitsNoLonger() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            asksToWait(servers.edge, 1);
            Call call = servers.with(servers.closing(Byroad.create())).newCall(servers.get("/"));
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                try {
                    call.execute().close();
                    interrupted.completeExceptionally(new AssertionError("answered"));
                } catch (InterruptedIOException e) {
                    interrupted.complete(Thread.currentThread().isInterrupted());
                } catch (IOException e) {
                    interrupted.completeExceptionally(e);
                }
            });
            caller.start();
            Eventually.holds(() -> assertThat(Byroad.reportOf(call).attempts())
                    .singleElement()
                    .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo("503")));

            caller.interrupt();

            assertThat(interrupted.get(5, TimeUnit.SECONDS)).as("still marked").isTrue();
        }
    }

    /** No clock ends a wait here. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aCallThatWaitsForAPlaceGoesAsSoonAsOneIsFree(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            Semaphore answers = failsOver(servers);
            List<Call> calls = calls(clientOf(servers, new NoAlarms()), servers.get("/"), 4);
            List<CompletableFuture<Integer>> rides =
                    calls.stream().map(WaitingTest::start).toList();
            Eventually.holds(() -> assertThat(calls)
                    .filteredOn(WaitingTest::isWaitingForAPlace)
                    .hasSize(2));
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(2));

            answers.release();
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(3));
            answers.release(3);

            for (CompletableFuture<Integer> ride : rides) {
                assertThat(ride.get(5, TimeUnit.SECONDS)).isEqualTo(200);
            }
        }
    }

    @Test
    void aPlaceKeptForACallThatIsCancelledJustThenIsTheNexts() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            Semaphore answers = failsOver(servers);
            NoAlarms time = new NoAlarms();
            List<Call> calls = calls(clientOf(servers, time), servers.get("/"), 4);
            calls.subList(0, 2).forEach(WaitingTest::start);
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(2));
            CompletableFuture<Integer> cancelled = start(calls.get(2));
            Eventually.holds(() -> assertThat(calls.get(2)).matches(WaitingTest::isWaitingForAPlace));
            CompletableFuture<Integer> next = start(calls.get(3));
            Eventually.holds(() -> assertThat(calls.get(3)).matches(WaitingTest::isWaitingForAPlace));

            time.whenAWaitIsOver = calls.get(2)::cancel;
            answers.release(1);

            assertThat(failure(cancelled)).hasMessage("Canceled");
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(3));
            answers.release(2);
            assertThat(next.get(5, TimeUnit.SECONDS)).isEqualTo(200);
        }
    }

    /** From an edge that fails to an origin that answers when told to. */
    private static Semaphore failsOver(TestServers servers) {
        servers.edge.answers(TestServer.edgePage(500));
        Semaphore answers = new Semaphore(0);
        servers.origin.answers(request -> {
            answers.acquireUninterruptibly();
            return TestServer.answer(200, "origin");
        });
        return answers;
    }

    private static OkHttpClient clientOf(TestServers servers, TimeSource time) {
        return servers.with(servers.closing(Byroad.builder()
                .runtime(ClientRuntime.standard().time(time))
                .upstream(servers.assistant())
                .build()));
    }

    private static boolean isWaitingForAPlace(Call call) {
        return Byroad.reportOf(call).toString().contains("waited for a place at origin");
    }

    /** The machine's time, in which nothing ever falls due. */
    private static final class NoAlarms implements TimeSource {
        private volatile Runnable whenAWaitIsOver = () -> {};

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public Scheduled schedule(Duration delay, Runnable task) {
            boolean isForPlace = delay.toMillis() > 900 && delay.toMillis() <= 1_000;
            return isForPlace ? () -> whenAWaitIsOver.run() : () -> {};
        }
    }

    private static List<Call> calls(OkHttpClient client, Request request, int count) {
        return IntStream.range(0, count).mapToObj(i -> client.newCall(request)).toList();
    }

    private static CompletableFuture<Integer> ride(OkHttpClient client, Request request) {
        return start(client.newCall(request));
    }

    private static CompletableFuture<Integer> start(Call call) {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException why) {
                status.completeExceptionally(why);
            }

            @Override
            public void onResponse(Call call, Response response) {
                response.close();
                status.complete(response.code());
            }
        });
        return status;
    }

    private static Throwable failure(CompletableFuture<Integer> ride) throws Exception {
        try {
            throw new AssertionError("answered " + ride.get(5, TimeUnit.SECONDS));
        } catch (ExecutionException failed) {
            return Objects.requireNonNull(failed.getCause());
        }
    }
}
