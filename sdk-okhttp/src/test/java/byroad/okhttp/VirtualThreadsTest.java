package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallReport;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** A dispatcher on virtual threads: who waits holds no thread of the machine. The code is that of Java 17. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
    private static final int SICK_HOSTS = 12;
    private static final int CALLS_EACH = 32; // as many as may wait for one upstream
    private static final int WAITING = SICK_HOSTS * CALLS_EACH;
    private static final int FAILING_OVER = 200;
    private static final int HEALTHY = 50;
    private static final int FEW_THREADS = 64;
    private static final int WAIT_SECONDS = 8;
    private static final String CALL = "x-call";

    /** What is shorter is the JVM's own, such as a class that is loaded. */
    private static final Duration PINNED_FOR = Duration.ofMillis(20);

    @TempDir
    Path directory;

    @Test
    @Timeout(2 * 60)
    void hundredsOfCallsThatWaitAndFailOverHoldNoThreadAndHurtNobody() throws Exception {
        List<String> sickHosts = IntStream.range(0, SICK_HOSTS)
                .mapToObj(i -> "sick-" + i + ".example.test")
                .toList();
        try (TestServers servers = TestServers.open(Http.H2);
                Recording recording = new Recording()) {
            TestServer sick = servers.closing(new TestServer("sick")
                    .useHttps(servers.ca.serverSocketFactory(sickHosts.toArray(String[]::new)))
                    .speaking(Http.H2.protocols())
                    .open("127.0.0.4", servers.port()));
            sickHosts.forEach(host -> servers.name(host, "127.0.0.4"));
            Map<String, Boolean> known = new ConcurrentHashMap<>();
            Map<String, CountDownLatch> together = new ConcurrentHashMap<>();
            sickHosts.forEach(host -> together.put(host, new CountDownLatch(CALLS_EACH)));
            sick.answers(request -> known.put(request.getHeaders().get(CALL), true) == null
                    ? retryAfter(
                            Objects.requireNonNull(together.get(request.getUrl().host())))
                    : TestServer.answer(200, "well again"));
            servers.opened("healthy", "127.0.0.5");
            servers.name(TestServers.OTHER, "127.0.0.5");
            servers.edge.answers(TestServer.edgePage(500));
            OkHttpClient client = onVirtualThreads(servers);
            Ride.allOver(rides(
                    1, client, get(servers, TestServers.HOST))); // loads the classes, also those of virtual threads
            record(recording);

            List<Ride> waiting = new ArrayList<>();
            for (String host : sickHosts) {
                for (int i = 0; i < CALLS_EACH; i++) {
                    waiting.add(Ride.start(client, get(servers, host).header(CALL, host + i)));
                }
            }
            List<Ride> failingOver = rides(FAILING_OVER, client, get(servers, TestServers.HOST));
            Ride.allOver(failingOver);
            Eventually.holds(() -> assertThat(sick.count()).isEqualTo(WAITING));
            Eventually.holds(() -> assertThat(waiting)
                    .allSatisfy(ride -> assertThat(ride.report().attempts())
                            .singleElement()
                            .satisfies(attempt -> assertThat(attempt.outcome()).isNotEqualTo("under way"))));
            List<Ride> healthy = rides(HEALTHY, client, get(servers, TestServers.OTHER));
            Ride.allOver(healthy);
            List<String> threads = threadsOfTheClient();
            assertThat(sick.count()).as("all still wait").isEqualTo(WAITING);
            Ride.allOver(waiting);

            assertThat(pinned(recording)).isEmpty();
            assertThat(threads).hasSizeLessThan(FEW_THREADS);
            assertThat(healthy)
                    .allSatisfy(ride -> assertThat(ride.by()).isEqualTo(TestServers.OTHER + ":" + servers.port()));
            assertThat(failingOver).anySatisfy(ride -> assertThat(ride.by()).isEqualTo("origin"));
            assertThat(waiting).allSatisfy(ride -> {
                assertThat(ride.code()).isEqualTo(200);
                assertThat(ride.report().attempts()).hasSize(2);
            });
        }
    }

    @Test
    void aThreadThatIsPinnedWouldBeSeen() throws Exception {
        try (Recording recording = new Recording()) {
            ExecutorService threads = virtualThreads();
            record(recording);

            threads.submit(PinnedByTheJvm::touch).get();
            threads.shutdown();

            assertThat(pinned(recording)).hasSize(1);
        }
    }

    /** A virtual thread that waits while it loads a class cannot leave its carrier: there is a native frame on the stack. */
    private static final class PinnedByTheJvm {
        static final boolean OVER = waited();

        private static boolean waited() {
            try {
                return new CountDownLatch(1).await(5 * PINNED_FOR.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        static void touch() {
            assertThat(OVER).isFalse();
        }
    }

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private static OkHttpClient onVirtualThreads(TestServers servers) throws ReflectiveOperationException {
        Dispatcher dispatcher = new Dispatcher(virtualThreads());
        dispatcher.setMaxRequests(2 * WAITING);
        dispatcher.setMaxRequestsPerHost(2 * WAITING);
        return servers.built(servers.byroad(servers.assistant())
                .installOn(servers.client())
                .readTimeout(Duration.ofMinutes(1)) // however busy the machine is
                .dispatcher(dispatcher));
    }

    /** None is answered before all have come: who comes when a host has asked for a rest already does not wait for it. */
    private static MockResponse retryAfter(CountDownLatch all) {
        all.countDown();
        try {
            assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return TestServer.answer(503, "")
                .newBuilder()
                .setHeader("Retry-After", WAIT_SECONDS)
                .build();
    }

    private static Request.Builder get(TestServers servers, String host) {
        return new Request.Builder().url(servers.url(host, "/"));
    }

    private static List<Ride> rides(int count, OkHttpClient client, Request.Builder request) {
        return IntStream.range(0, count)
                .mapToObj(i -> Ride.start(client, request))
                .toList();
    }

    private static void record(Recording recording) {
        recording.enable("jdk.VirtualThreadPinned").withThreshold(PINNED_FOR).withStackTrace();
        recording.start();
    }

    private List<RecordedEvent> pinned(Recording recording) throws IOException {
        recording.stop();
        Path file = directory.resolve("pinned.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file);
    }

    /** Those of the machine, but for the servers' and the idle ones of OkHttp that the servers use as well. */
    private static List<String> threadsOfTheClient() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("MockWebServer") && !name.equals("OkHttp TaskRunner"))
                .toList();
    }

    /** One call under way. */
    private record Ride(Call call, CompletableFuture<Integer> over) implements Callback {
        static Ride start(OkHttpClient client, Request.Builder request) {
            Ride ride = new Ride(client.newCall(request.build()), new CompletableFuture<>());
            ride.call.enqueue(ride);
            return ride;
        }

        static void allOver(List<Ride> rides) throws Exception {
            for (Ride ride : rides) {
                ride.over.get(60, TimeUnit.SECONDS);
            }
        }

        int code() {
            return over.join();
        }

        CallReport report() {
            return Byroad.reportOf(call);
        }

        String by() {
            return report().answeredBy();
        }

        @Override
        public String toString() {
            return report().toString();
        }

        @Override
        public void onFailure(Call call, IOException e) {
            over.completeExceptionally(e);
        }

        @Override
        public void onResponse(Call call, Response response) {
            response.close();
            over.complete(response.code());
        }
    }
}
