package byroad.benchmarks.days;

import byroad.okhttp.Byroad;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import javax.net.SocketFactory;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** One client of one day: its settings, its load, and what it got. All names are loopback. */
final class Site implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final String url;

    private final ClientKind kind;
    private final Optional<Byroad> byroad;
    private final UnaryOperator<OkHttpClient.Builder> settings;
    private final List<OkHttpClient> clients = new ArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final Map<String, Integer> failures = new TreeMap<>(); // guarded by itself
    private final long startedNanos;

    Site(ClientKind kind, String url, UnaryOperator<OkHttpClient.Builder> settings) {
        this.kind = kind;
        this.url = url;
        this.byroad = kind.byroad(url);
        this.settings = settings;
        this.startedNanos = System.nanoTime();
    }

    /** A client of this kind. */
    OkHttpClient client() {
        OkHttpClient.Builder builder = settings.apply(new OkHttpClient.Builder()
                .socketFactory(new Counting())
                .dns(name -> List.of(InetAddress.getByName("127.0.0.1")))
                .addNetworkInterceptor(chain -> {
                    requests.incrementAndGet();
                    return chain.proceed(chain.request());
                }));
        OkHttpClient client = kind.on(builder, byroad).build();
        clients.add(client);
        return client;
    }

    Request get() {
        return new Request.Builder().url(url).build();
    }

    Request post() {
        return new Request.Builder()
                .url(url)
                .post(RequestBody.create("{}", MediaType.get("application/json")))
                .build();
    }

    /** One call to the end of its body. */
    void call(OkHttpClient client, Request request) {
        calls.incrementAndGet();
        try (Response response = client.newCall(request).execute()) {
            response.body().bytes();
            if (response.isSuccessful()) {
                answered.incrementAndGet();
            } else {
                failed("status " + response.code());
            }
        } catch (IOException | RuntimeException e) {
            failed(e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    private void failed(String why) {
        synchronized (failures) {
            failures.merge(why, 1, Integer::sum);
        }
    }

    /** So many calls from so many threads; {@code meanwhile} is told of each call that starts. */
    void load(int threads, int count, IntFunction<Request> next, IntConsumer meanwhile) throws InterruptedException {
        OkHttpClient client = client();
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        for (int i = 0; i < count; i++) {
            int number = i;
            callers.execute(() -> {
                meanwhile.accept(number);
                call(client, next.apply(number));
            });
        }
        callers.shutdown();
        if (!callers.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            callers.shutdownNow();
            failed("not over after " + PATIENCE.toSeconds() + " s");
        }
    }

    /** What it got up to now. */
    Played played() {
        synchronized (failures) {
            return new Played(
                    calls.get(),
                    answered.get(),
                    requests.get(),
                    connections.get(),
                    (System.nanoTime() - startedNanos) / 1e6,
                    new TreeMap<>(failures));
        }
    }

    @Override
    public void close() {
        clients.forEach(client -> {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        });
        byroad.ifPresent(Byroad::close);
    }

    private final class Counting extends SocketFactory {
        @Override
        public Socket createSocket() {
            return new Socket() {
                @Override
                public void connect(SocketAddress to, int timeout) throws IOException {
                    super.connect(to, timeout);
                    connections.incrementAndGet();
                }
            };
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }
    }
}
