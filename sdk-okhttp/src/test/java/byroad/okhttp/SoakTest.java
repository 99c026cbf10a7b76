package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.EndpointStatus;
import byroad.Event;
import byroad.call.CallPlan;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.management.ObjectName;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Minutes of callers and servers that do whatever callers and servers do, at random. In the end nothing is left over: no
 * place in a concurrency limit, no permit of a circuit, no connection, body or slot of a dispatcher, no thread, and no memory of a call.
 *
 * <p>{@code -Dsoak.seconds=180 -Dsoak.seed=7}
 */
@Tag("soak")
class SoakTest {
    private static final long SECONDS = Long.getLong("soak.seconds", 180);
    private static final long SEED = Long.getLong("soak.seed", 1);
    private static final int CALLERS = 8;
    private static final int FEW = 16;

    private static final Logger SERVER = Logger.getLogger("mockwebserver3");
    private static final Logger OKHTTP = Logger.getLogger(OkHttpClient.class.getName());

    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> seen = SoakCalls.tally();
    private final Map<String, Integer> events = SoakCalls.tally();
    private final List<Bulkhead> bulkheads = new ArrayList<>();
    private int mostThreads;

    @BeforeAll
    static void silence() {
        SERVER.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        SERVER.setLevel(null);
    }

    /** The clients of one protocol, both ways installed, on one Byroad. */
    private final class Bulkhead implements AutoCloseable {
        private final SoakWorld world;
        private final Byroad byroad;
        private final OkHttpClient full;
        private final OkHttpClient single;

        Bulkhead(Http http) throws IOException {
            world = new SoakWorld(http, SEED);
            byroad = Byroad.builder()
                    .upstream(world.upstream())
                    .onEvent(this::heard)
                    .build();
            full = world.servers.with(byroad);
            single = world.servers.built(world.servers.client().addInterceptor(byroad));
        }

        private void heard(Event event) {
            events.merge(event.getClass().getSimpleName(), 1, Integer::sum);
        }

        List<OkHttpClient> clients() {
            return List.of(full, single);
        }

        @Override
        public void close() throws Exception {
            byroad.close();
            world.close();
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void nothingIsLeftAfterMinutesOfFaultsCancelsAndTimeouts() throws Exception {
        Handler leaks = new Leaks();
        OKHTTP.addHandler(leaks);
        OKHTTP.setUseParentHandlers(false); // the servers, too, tell here of each connection that is cut
        try {
            for (Http http : Http.values()) {
                bulkheads.add(new Bulkhead(http));
            }
            soak();
            print();
            for (Bulkhead bulkhead : bulkheads) {
                bulkhead.world.heals();
                everythingIsBack(bulkhead);
                worksAgain(bulkhead);
            }
            noMemoryOfCalls();
        } finally {
            for (Bulkhead bulkhead : bulkheads) {
                bulkhead.close();
            }
            OKHTTP.removeHandler(leaks);
            OKHTTP.setUseParentHandlers(true);
        }
        for (Bulkhead bulkhead : bulkheads) {
            eventually(() -> assertThat(socketsTo(bulkhead.world.servers.port()))
                    .as("sockets")
                    .isZero());
        }
        eventually(() -> assertThat(threads()).as("threads").noneMatch(name -> name.startsWith("byroad")));
        assertThat(warnings).as("what OkHttp found leaked").isEmpty();
        assertThat(seen.keySet().stream().filter(what -> what.startsWith("BROKEN")))
                .isEmpty();
    }

    private void soak() throws InterruptedException {
        ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
        ExecutorService threads = Executors.newCachedThreadPool();
        List<SoakCalls> callers = new ArrayList<>();
        for (Bulkhead bulkhead : bulkheads) {
            later.scheduleAtFixedRate(bulkhead.world::turns, 0, 1500, TimeUnit.MILLISECONDS);
            for (int i = 0; i < CALLERS; i++) {
                callers.add(new SoakCalls(
                        bulkhead.world.servers, bulkhead.clients(), later, seen, SEED * 1000 + callers.size()));
            }
        }
        later.scheduleAtFixedRate(this::look, 0, 200, TimeUnit.MILLISECONDS);
        later.scheduleAtFixedRate(() -> System.out.println("soak: " + calls() + " calls"), 10, 10, TimeUnit.SECONDS);
        callers.forEach(threads::execute);
        pause(Duration.ofSeconds(SECONDS));
        callers.forEach(SoakCalls::end);
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES))
                .as("callers end")
                .isTrue();
        later.shutdown();
        assertThat(later.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private void look() {
        mostThreads = Math.max(mostThreads, ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private int calls() {
        return seen.getOrDefault("executed", 0) + seen.getOrDefault("enqueued", 0);
    }

    private void print() {
        System.out.printf(
                Locale.ROOT, "%d calls in %d s, seed %d, at most %d threads%n", calls(), SECONDS, SEED, mostThreads);
        seen.forEach((what, count) -> System.out.printf("  %7d  %s%n", count, what));
        System.out.println("events: " + events);
        for (Bulkhead bulkhead : bulkheads) {
            System.out.println("servers over " + bulkhead.world.servers.http + ": " + bulkhead.world.faults);
        }
    }

    private static void everythingIsBack(Bulkhead bulkhead) throws Exception {
        for (OkHttpClient client : bulkhead.clients()) {
            eventually(() -> {
                assertThat(client.dispatcher().runningCallsCount())
                        .as("running")
                        .isZero();
                assertThat(client.dispatcher().queuedCallsCount()).as("queued").isZero();
                assertThat(client.connectionPool().idleConnectionCount())
                        .as("idle connections")
                        .isEqualTo(client.connectionPool().connectionCount());
            });
        }
        eventually(() -> assertThat(bulkhead.byroad.status()).allSatisfy(status -> {
            assertThat(status.circuit()).as("%s", status).isNotEqualTo(EndpointStatus.Circuit.HALF_OPEN);
            status.limit()
                    .ifPresent(limit ->
                            assertThat(limit.inFlight()).as("%s", status).isZero());
        }));
        int pooled = bulkhead.clients().stream()
                .mapToInt(client -> client.connectionPool().connectionCount())
                .sum();
        eventually(() -> assertThat(socketsTo(bulkhead.world.servers.port()))
                .as("sockets that no pool knows")
                .isLessThanOrEqualTo(pooled));
    }

    /** A permit that was lost would keep the circuit of the preferred endpoint open for ever. */
    private static void worksAgain(Bulkhead bulkhead) throws Exception {
        for (OkHttpClient client : bulkhead.clients()) {
            eventually(() -> {
                try (Response response =
                        client.newCall(bulkhead.world.servers.get("/v1/items")).execute()) {
                    assertThat(response.code()).isEqualTo(200);
                    assertThat(Byroad.reportOf(response).answeredBy()).isEqualTo("edge");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    private static void noMemoryOfCalls() throws Exception {
        for (Class<?> type : List.of(CallExecution.class, EventStream.class, OkHttpAttempt.class, CallPlan.class)) {
            eventually(() -> assertThat(instances(type)).as(type.getName()).isLessThanOrEqualTo(FEW));
        }
    }

    /** How many instances can be reached; this collects garbage. */
    private static int instances(Class<?> type) {
        try {
            String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            return histogram
                    .lines()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length > 3 && words[3].equals(type.getName()))
                    .mapToInt(words -> Integer.parseInt(words[1]))
                    .sum();
        } catch (javax.management.JMException e) {
            throw new AssertionError(e);
        }
    }

    /** Sockets of clients that are connected to that port, by Linux. */
    private static long socketsTo(int port) {
        String to = String.format(Locale.ROOT, ":%04X", port);
        long count = 0;
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            try {
                count += Files.readAllLines(Path.of(table)).stream()
                        .map(line -> line.strip().split("\\s+"))
                        .filter(words -> words[2].endsWith(to) && words[3].equals("01")) // connected
                        .count();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return count;
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    private static void eventually(Runnable assertion) throws InterruptedException {
        long started = System.nanoTime();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError notYet) {
                if (TestServers.took(started).compareTo(Duration.ofSeconds(45)) > 0) {
                    throw notYet;
                }
                pause(Duration.ofMillis(50));
            }
        }
    }

    private static void pause(Duration duration) throws InterruptedException {
        assertThat(new CountDownLatch(1).await(duration.toNanos(), TimeUnit.NANOSECONDS))
                .isFalse();
    }

    /** OkHttp warns of each body that was forgotten. */
    private final class Leaks extends Handler {
        @Override
        public void publish(LogRecord record) {
            if (String.valueOf(record.getMessage()).contains("leaked")) {
                warnings.add(record.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
