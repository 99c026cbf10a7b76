package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallOptions;
import byroad.CallReport;
import byroad.Event;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What must hold whatever happens, over real sockets. Threads and sockets have dice of their own, so a seed gives the same
 * world and not the same run.
 *
 * <p>{@code -Dworlds.first=7 -Dworlds.count=1} is the world of seed 7 alone.
 */
class FaultyWorldTest {
    private static final long FIRST = Long.getLong("worlds.first", 1);
    private static final long COUNT = Long.getLong("worlds.count", 20);
    private static final int CALLS = 8;
    private static final Duration SLACK = Duration.ofSeconds(3);

    /** Tells of each connection that a world cuts. */
    private static final Logger SERVER = Logger.getLogger("mockwebserver3");

    @BeforeAll
    static void silence() {
        SERVER.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        SERVER.setLevel(null);
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    @Timeout(value = 3, unit = TimeUnit.MINUTES) // each world waits out some silence
    void whateverHappensTheRulesHold(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            FaultyWorld world = new FaultyWorld(servers);
            for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
                world.turns(seed);
                try {
                    new Play(servers, world).toItsEnd("world " + seed);
                } catch (AssertionError | Exception broken) {
                    throw new AssertionError("world of seed " + seed + ": " + broken.getMessage(), broken);
                }
            }
        }
    }

    /** One world, and some calls at once. */
    private static final class Play {
        private final FaultyWorld world;
        private final Upstream upstream;
        private final List<Event> events = new CopyOnWriteArrayList<>();
        private final Byroad byroad;
        private final OkHttpClient client;
        private final List<Ride> rides = new ArrayList<>();

        Play(TestServers servers, FaultyWorld world) {
            this.world = world;
            this.upstream = world.upstream();
            this.byroad = servers.closing(
                    Byroad.builder().upstream(upstream).onEvent(events::add).build());
            this.client = servers.with(byroad);
            client.dispatcher().setMaxRequestsPerHost(CALLS); // none waits for its turn
        }

        /** The name tells its calls from those of earlier worlds, of which a server may still hear. */
        void toItsEnd(String name) throws Exception {
            for (int i = 0; i < CALLS; i++) {
                Ride ride = new Ride(client.newCall(world.request(name + " call " + i)));
                rides.add(ride);
                ride.start(world.patience());
            }
            for (Ride ride : rides) {
                ride.ended.get(30, TimeUnit.SECONDS);
            }
            for (Ride ride : rides) {
                endedWell(ride);
            }
            assertThat(world.strangers(upstream))
                    .allSatisfy(request -> assertThat(request.getHeaders()) // one by one: as a text they hide some
                            .noneMatch(header -> header.getSecond().contains(FaultyWorld.SECRET)));
            assertThat(events.toString()).doesNotContain(FaultyWorld.SECRET);
            everythingIsBack();
        }

        private void everythingIsBack() {
            Eventually.holds(() -> assertThat(client.connectionPool().idleConnectionCount())
                    .as("idle connections")
                    .isEqualTo(client.connectionPool().connectionCount()));
            assertThat(byroad.toString())
                    .doesNotContainPattern("[1-9]\\d* in flight")
                    .doesNotContain("half_open")
                    .doesNotContain(FaultyWorld.SECRET);
        }

        private void endedWell(Ride ride) {
            Request request = ride.call.request();
            String id = String.valueOf(request.header(FaultyWorld.CALL));
            CallReport report = Byroad.reportOf(ride.call);
            int resends = (int) report.notes().stream()
                    .filter(note -> note.startsWith("sent again on another connection"))
                    .count();
            int arrivals = 0;
            for (String server : List.of("edge", "origin", "other", "fallback")) {
                int came = world.arrived.getOrDefault(id + " at " + server, 0);
                assertThat(came)
                        .as("%s at %s: %s", id, server, report)
                        .isLessThanOrEqualTo((server.equals("edge") ? 3 : 1) + resends);
                arrivals += came;
            }
            CallOptions options = request.tag(CallOptions.class);
            boolean repeatable =
                    upstream.isRepeatable() || options != null && options.isRepeatable() || request.body() == null;
            if (!repeatable) {
                assertThat(world.processed.getOrDefault(id, 0))
                        .as("processed twice: %s %s %s", id, world.arrived, report)
                        .isLessThanOrEqualTo(1 + resends); // a guess, as OkHttp makes it
            }
            assertThat(report.attempts().size() + resends)
                    .as("unreported: %s %s", world.arrived, report)
                    .isGreaterThanOrEqualTo(arrivals);
            assertThat(report.toString()).doesNotContain(FaultyWorld.SECRET);
            assertThat(ride.took).as("late: %s", report).isLessThan(FaultyWorld.DEADLINE.plus(SLACK));
            for (Throwable t = ride.failure; t != null; t = t.getCause()) {
                assertThat(String.valueOf(t.getMessage())).doesNotContain(FaultyWorld.SECRET);
                for (Throwable suppressed : t.getSuppressed()) {
                    assertThat(String.valueOf(suppressed.getMessage())).doesNotContain(FaultyWorld.SECRET);
                }
            }
        }
    }

    /** One call of it. */
    private static final class Ride implements Callback {
        private final Call call;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private final long started = System.nanoTime();
        private volatile Duration took = Duration.ZERO;
        private volatile @Nullable IOException failure;

        Ride(Call call) {
            this.call = call;
        }

        void start(Duration patience) {
            call.enqueue(this);
            CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(call::cancel);
        }

        @Override
        public void onFailure(Call call, IOException why) {
            took = TestServers.took(started);
            failure = why;
            ended.complete(null);
        }

        @Override
        public void onResponse(Call call, Response response) {
            took = TestServers.took(started);
            try (response) {
                response.body().source().request(30_000);
            } catch (IOException died) {
                failure = died;
            } finally {
                ended.complete(null);
            }
        }
    }
}
