package byroad.okhttp;

import byroad.Endpoint;
import byroad.EndpointStatus;
import byroad.Upstream;
import byroad.okhttp.Paired.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** One client and its servers in a {@link Paired} scenario; keeps what its calls got. */
final class PairedDay {
    /** Pools of OkHttp and of the servers that live on for a while by themselves. */
    private static final List<String> OF_OTHERS = List.of(
            "OkHttp",
            "Okio Watchdog",
            "MockWebServer",
            "frame server",
            "line server",
            "relay",
            "proxy",
            "process reaper");

    final Kind kind;
    final TestServers servers;
    final List<String> answers = new CopyOnWriteArrayList<>();
    final CountedSockets sockets = new CountedSockets();

    private final @Nullable Byroad byroad;
    private final List<Thread> threadsBefore =
            List.copyOf(Thread.getAllStackTraces().keySet());
    private final List<IntSupplier> alsoCounted = new CopyOnWriteArrayList<>();
    private final List<OkHttpClient> clients = new ArrayList<>();
    private final List<Interceptor> below = new ArrayList<>();
    private UnaryOperator<OkHttpClient.Builder> settings = UnaryOperator.identity();
    private @Nullable OkHttpClient client;

    PairedDay(Kind kind, TestServers servers, Function<TestServers, Upstream> declared) {
        this.kind = kind;
        this.servers = servers;
        this.byroad = switch (kind) {
            case PLAIN -> null;
            case INSTALLED, INTERCEPTOR -> Byroad.create();
            case TWO_ENDPOINTS ->
                Byroad.builder().upstream(declared.apply(servers)).build();
        };
    }

    /** Nothing is declared repeatable. */
    static Upstream twoEndpoints(TestServers servers) {
        return Upstream.named("assistant")
                .endpoint(Endpoint.at(servers.url("")).named("edge"))
                .endpoint(servers.atOrigin());
    }

    /** Changes the client of this day before its first call. */
    PairedDay set(UnaryOperator<OkHttpClient.Builder> change) {
        UnaryOperator<OkHttpClient.Builder> before = settings;
        settings = builder -> change.apply(before.apply(builder));
        return this;
    }

    /** Adds an interceptor that stands below Byroad. */
    PairedDay below(Interceptor interceptor) {
        below.add(interceptor);
        return this;
    }

    /** The client of this day. */
    OkHttpClient client() {
        OkHttpClient made = client;
        if (made == null) {
            made = another(UnaryOperator.identity());
            client = made;
        }
        return made;
    }

    /** A further client of this kind, with the same Byroad. */
    OkHttpClient another(UnaryOperator<OkHttpClient.Builder> change) {
        OkHttpClient.Builder builder =
                change.apply(settings.apply(servers.client().socketFactory(sockets)));
        Byroad ours = byroad;
        if (ours != null) {
            builder = kind == Kind.INTERCEPTOR ? builder.addInterceptor(ours) : ours.installOn(builder);
        }
        below.forEach(builder::addInterceptor);
        OkHttpClient made = builder.build();
        clients.add(made);
        return made;
    }

    /** Requests of a server other than edge and origin. */
    PairedDay counted(IntSupplier requests) {
        alsoCounted.add(requests);
        return this;
    }

    int requests() {
        return servers.edge.count()
                + servers.origin.count()
                + alsoCounted.stream().mapToInt(IntSupplier::getAsInt).sum();
    }

    /** What Byroad has left for retries at the host of this day; 100 for a plain client, in percent. */
    int budgetPercent() {
        Byroad ours = byroad;
        return ours == null
                ? 100
                : ours.status().stream()
                        .mapToInt(one ->
                                100 * one.budget().tokens() / one.budget().capacity())
                        .min()
                        .orElse(100);
    }

    /** Whether no endpoint is taken to be down. */
    boolean areCircuitsClosed() {
        Byroad ours = byroad;
        return ours == null || ours.status().stream().allMatch(one -> one.circuit() == EndpointStatus.Circuit.CLOSED);
    }

    /** A fact beside the answers, which is to be the same for every client. */
    void tell(Object fact) {
        answers.add(String.valueOf(fact));
    }

    String get(String path) {
        return call(servers.get(path));
    }

    String post(String path) {
        return call(servers.post(path));
    }

    String call(Request request) {
        return call(client(), request);
    }

    /** Makes the call to the end of its body and keeps what came of it. */
    String call(OkHttpClient with, Request request) {
        String answer = answerOf(with.newCall(request));
        answers.add(answer);
        return answer;
    }

    /** The status, or the class of the exception; a body that broke shows as well. */
    static String answerOf(Call call) {
        String status = "";
        try (Response response = call.execute()) {
            status = response.code() + " ";
            response.body().bytes();
            return String.valueOf(response.code());
        } catch (IOException | RuntimeException e) {
            return status + (status.isEmpty() ? "" : "then ") + e.getClass().getSimpleName();
        }
    }

    /** So many calls from so many threads. */
    void load(int threads, int calls, IntFunction<Request> requests) throws InterruptedException {
        OkHttpClient with = client();
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        for (int i = 0; i < calls; i++) {
            int number = i;
            callers.execute(() -> call(with, requests.apply(number)));
        }
        callers.shutdown();
        if (!callers.awaitTermination(50, TimeUnit.SECONDS)) {
            callers.shutdownNow();
            tell("the load did not end");
        }
    }

    /** Closes client and Byroad; returns which sockets and threads are left. */
    List<String> leave() throws InterruptedException {
        for (OkHttpClient one : clients) {
            one.dispatcher().executorService().shutdown();
            one.connectionPool().evictAll();
        }
        if (byroad != null) {
            byroad.close();
        }
        List<String> left = left();
        for (int i = 0; i < 20 && !left.isEmpty(); i++) {
            for (Thread thread : ours()) {
                thread.join(100);
            }
            clients.forEach(one -> one.connectionPool().evictAll());
            left = left();
        }
        return left;
    }

    private List<String> left() {
        List<String> left = new ArrayList<>();
        int open = sockets.open.get();
        if (open > 0) {
            left.add(open + " sockets");
        }
        ours().forEach(thread -> left.add("thread " + thread.getName()));
        return left;
    }

    private List<Thread> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threadsBefore.contains(thread))
                .filter(thread -> OF_OTHERS.stream().noneMatch(thread.getName()::startsWith))
                .toList();
    }
}
