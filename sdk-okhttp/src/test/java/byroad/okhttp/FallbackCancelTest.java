package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A cancel, or the timeout of the call, reaches the request to the fallback, and leaves nothing behind. */
class FallbackCancelTest {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static MockResponse withLateBody() {
        return TestServer.answer(200, "late")
                .newBuilder()
                .bodyDelay(20, TimeUnit.SECONDS)
                .build();
    }

    private static OkHttpClient client(TestServers servers, Fallback place) {
        return servers.with(servers.byroad(place.upstream(servers)));
    }

    /** The exception with which that call ends; its response is read to the end. */
    private static CompletableFuture<IOException> ending(Call call, CompletableFuture<Void> headers) {
        CompletableFuture<IOException> end = new CompletableFuture<>();
        Thread caller = new Thread(
                () -> {
                    try (Response response = call.execute()) {
                        headers.complete(null);
                        response.body().string();
                        end.completeExceptionally(new AssertionError("it was answered"));
                    } catch (IOException e) {
                        end.complete(e);
                    } catch (Throwable e) {
                        end.completeExceptionally(e);
                    }
                },
                "caller");
        caller.setDaemon(true);
        caller.start();
        return end;
    }

    private static IOException endOf(CompletableFuture<IOException> end) throws Exception {
        try {
            return end.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static void assertNothingInUse(OkHttpClient client) {
        Eventually.holds(() -> assertThat(Fallback.inUse(client)).isZero());
        assertThat(client.dispatcher().runningCallsCount()).isZero();
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCancelEndsTheWaitForTheHeadersOfTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.SILENCE);
            OkHttpClient client = client(servers, place);
            OkHttpClient plain = servers.built(Fallback.plain(servers));
            Call call = client.newCall(servers.get("/"));
            CompletableFuture<IOException> end = ending(call, new CompletableFuture<>());
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(1));

            call.cancel();

            IOException why = endOf(end);
            assertThat(call.isCanceled()).isTrue();
            assertNothingInUse(client);
            Call direct = plain.newCall(place.get(servers, "/"));
            CompletableFuture<IOException> directEnd = ending(direct, new CompletableFuture<>());
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(2));
            direct.cancel();
            assertThat(why).hasSameClassAs(endOf(directEnd));
            assertThat(servers.edge.count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCancelEndsTheReadingOfTheBodyOfTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(withLateBody());
            OkHttpClient client = client(servers, place);
            Call call = client.newCall(servers.get("/"));
            CompletableFuture<Void> headers = new CompletableFuture<>();
            CompletableFuture<IOException> end = ending(call, headers);
            headers.get(10, TimeUnit.SECONDS);

            call.cancel();

            endOf(end);
            assertThat(call.isCanceled()).isTrue();
            assertNothingInUse(client);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCancelEndsACallThatIsNotWaitedFor(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.SILENCE);
            OkHttpClient client = client(servers, place);
            Call call = client.newCall(servers.get("/"));
            CompletableFuture<IOException> end = new CompletableFuture<>();
            call.enqueue(new Callback() {
                @Override
                public void onFailure(Call failed, IOException why) {
                    end.complete(why);
                }

                @Override
                public void onResponse(Call answered, Response response) {
                    response.close();
                    end.completeExceptionally(new AssertionError("it was answered"));
                }
            });
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(1));

            call.cancel();

            endOf(end);
            Eventually.holds(() -> assertNothingInUse(client));
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCancelOfAllCallsOfTheDispatcherEndsTheRequestToTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.SILENCE);
            OkHttpClient client = client(servers, place);
            CompletableFuture<IOException> end = ending(client.newCall(servers.get("/")), new CompletableFuture<>());
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(1));

            client.dispatcher().cancelAll();

            endOf(end);
            assertNothingInUse(client);
        }
    }

    /** Another part of the application fails in the same event; a plain client is cut all the same. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aListenerThatThrowsInCanceledDoesNotKeepTheFallbackBusy(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.SILENCE);
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .eventListener(new EventListener() {
                        @Override
                        public void canceled(Call call) {
                            throw new IllegalStateException("of the listener");
                        }
                    }));
            Call call = client.newCall(servers.get("/"));
            CompletableFuture<IOException> end = ending(call, new CompletableFuture<>());
            Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(1));

            try {
                call.cancel();
            } catch (IllegalStateException ofTheListener) {
                // OkHttp lets it through
            }

            endOf(end);
            assertNothingInUse(client);
        }
    }

    /** Whatever moment of the request to the fallback it hits: by an event of the user's listener, from another thread. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCancelAtAnyMomentEndsTheCallAndLeavesNoConnectionInUse(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Heard whole = new Heard();
            OkHttpClient first = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .eventListener(whole));
            Got.of(first.newCall(servers.get("/")));
            Set<String> moments = new LinkedHashSet<>(whole.names());
            moments.removeAll(List.of("callEnd", "canceled"));
            if (http == Http.H2) {
                moments.remove("requestHeadersStart"); // plain OkHttp 5.5.1 leaks there: 8 of 1200
            }

            for (String moment : moments) {
                for (int occurrence = 1; occurrence <= whole.count(moment); occurrence++) {
                    cancelledAt(servers, place, moment, occurrence);
                }
            }
        }
    }

    private static void cancelledAt(TestServers servers, Fallback place, String moment, int occurrence)
            throws Exception {
        AtomicReference<Call> call = new AtomicReference<>();
        AtomicInteger times = new AtomicInteger();
        Heard heard = new Heard(name -> {
            if (name.equals(moment) && times.incrementAndGet() == occurrence) {
                CompletableFuture.runAsync(
                                () -> Objects.requireNonNull(call.get()).cancel())
                        .join();
            }
        });
        OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                .installOn(servers.client())
                .eventListener(heard));
        call.set(client.newCall(servers.get("/")));
        long started = System.nanoTime();
        try {
            Got.of(Objects.requireNonNull(call.get()));
        } catch (IOException canceled) {
            // or it was answered by then
        }
        assertThat(TestServers.took(started)).as(moment).isLessThan(Duration.ofSeconds(2));
        assertThat(Objects.requireNonNull(call.get()).isCanceled())
                .as(moment + " " + occurrence)
                .isTrue();
        Eventually.holds(() -> assertThat(Fallback.inUse(client)).as(moment).isZero());
        assertThat(heard.count("callEnd") + heard.count("callFailed"))
                .as(moment)
                .isEqualTo(1);
        assertThat(heard.count("canceled")).as(moment).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCallThatWasCancelledBeforeSendsNothing(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            OkHttpClient client = client(servers, place);
            Call call = client.newCall(servers.get("/"));
            call.cancel();

            endOf(ending(call, new CompletableFuture<>()));

            assertThat(servers.edge.count() + servers.origin.count()).isZero();
            assertNothingInUse(client);
        }
    }

    /** On HTTP/2 the caller waits for another thread; a read of a socket cannot be interrupted. */
    @ParameterizedTest
    @EnumSource(Fallback.class)
    void anInterruptEndsTheWaitForTheFallbackAsWithoutUs(Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(Http.H2)) {
            servers.origin.answers(TestServer.SILENCE);
            OkHttpClient client = client(servers, place);

            String seen = interrupted(servers, client.newCall(servers.get("/")), 1);

            OkHttpClient plain = servers.built(Fallback.plain(servers));
            assertThat(seen).isEqualTo(interrupted(servers, plain.newCall(place.get(servers, "/")), 2));
            assertThat(servers.edge.count()).isEqualTo(1);
            assertNothingInUse(client);
        }
    }

    /** What its caller gets, and whether it is still interrupted. */
    private static String interrupted(TestServers servers, Call call, int requests) throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        Thread caller = new Thread(
                () -> {
                    try (Response response = call.execute()) {
                        seen.complete("answered " + response.code());
                    } catch (IOException e) {
                        seen.complete(e.getClass() + " interrupted "
                                + Thread.currentThread().isInterrupted());
                    }
                },
                "caller");
        caller.start();
        Eventually.holds(() -> assertThat(servers.origin.count()).isEqualTo(requests));
        caller.interrupt();
        return seen.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void assertTimesOut(Call call) throws Exception {
        long started = System.nanoTime();
        CompletableFuture<IOException> end = ending(call, new CompletableFuture<>());
        IOException why = end.get(10, TimeUnit.SECONDS);
        Duration took = TestServers.took(started);
        assertThat(why).isExactlyInstanceOf(InterruptedIOException.class).hasMessage("timeout");
        assertThat(took).isBetween(TIMEOUT.multipliedBy(9).dividedBy(10), TIMEOUT.plusMillis(500));
    }

    private static OkHttpClient limited(TestServers servers, Fallback place) {
        return servers.built(servers.byroad(place.upstream(servers))
                .installOn(servers.client())
                .callTimeout(TIMEOUT));
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void theTimeoutOfTheCallCoversTheHeadersOfTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.edge.answers(late(TestServer.edgePage(500)));
            servers.origin.answers(TestServer.SILENCE);
            OkHttpClient client = limited(servers, place);

            assertTimesOut(client.newCall(servers.get("/")));

            assertThat(servers.origin.count()).isEqualTo(1);
            assertNothingInUse(client);
            assertTimesOut(
                    servers.built(Fallback.plain(servers).callTimeout(TIMEOUT)).newCall(place.get(servers, "/")));
        }
    }

    /** Half of the time is gone before the fallback is asked. */
    private static MockResponse late(MockResponse response) {
        return response.newBuilder()
                .headersDelay(TIMEOUT.toMillis() / 2, TimeUnit.MILLISECONDS)
                .build();
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void theTimeoutOfTheCallCoversTheBodyOfTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.edge.answers(late(TestServer.edgePage(500)));
            servers.origin.answers(withLateBody());
            OkHttpClient client = limited(servers, place);

            assertTimesOut(client.newCall(servers.get("/")));

            assertNothingInUse(client);
            assertTimesOut(
                    servers.built(Fallback.plain(servers).callTimeout(TIMEOUT)).newCall(place.get(servers, "/")));
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void theTimeoutThatWasSetOnTheCallCoversTheBodyOfTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.edge.answers(late(TestServer.edgePage(500)));
            servers.origin.answers(withLateBody());
            Call call = client(servers, place).newCall(servers.get("/"));
            call.timeout().timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);

            assertTimesOut(call);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void theDeadlineThatWasSetOnTheCallCoversTheBodyOfTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.edge.answers(late(TestServer.edgePage(500)));
            servers.origin.answers(withLateBody());
            Call call = client(servers, place).newCall(servers.get("/"));
            call.timeout().deadline(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);

            assertTimesOut(call);
        }
    }

    /** A timeout is for the call, not for what is left of it: a body that comes in time is read. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aBodyOfTheFallbackThatComesInTimeIsRead(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.answer(200, "in time")
                    .newBuilder()
                    .bodyDelay(TIMEOUT.toMillis() / 2, TimeUnit.MILLISECONDS)
                    .build());
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .callTimeout(TIMEOUT.multipliedBy(4)));

            assertThat(Got.of(client.newCall(servers.get("/"))).body()).isEqualTo("in time");
        }
    }
}
