package byroad.benchmarks.dead;

import byroad.EndpointStatus;
import byroad.okhttp.Byroad;
import byroad.samples.drill.NaiveRetries;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;

/** Who takes part, each as it comes, with nothing declared. */
final class Clients {
    static final String PLAIN = "OkHttp";
    static final String NAIVE = "OkHttp + 3 retries";
    static final String OURS = "Byroad";

    static final List<String> ALL = List.of(PLAIN, NAIVE, OURS);

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long PAUSE_MILLIS = 50;

    private Clients() {}

    /**
     * A client.
     *
     * @param health how it sees the upstream; empty where it does not
     */
    record Client(OkHttpClient http, Supplier<List<EndpointStatus>> health, Runnable onClose) implements AutoCloseable {
        @Override
        public void close() {
            onClose.run();
            http.dispatcher().executorService().shutdown();
            http.connectionPool().evictAll();
        }
    }

    /** A new one of that name. */
    static Client start(String name) {
        OkHttpClient.Builder client = new OkHttpClient.Builder().callTimeout(TIMEOUT);
        switch (name) {
            case PLAIN:
                return new Client(client.build(), List::of, () -> {});
            case NAIVE:
                return new Client(
                        client.addInterceptor(new NaiveRetries(retry -> PAUSE_MILLIS << retry))
                                .build(),
                        List::of,
                        () -> {});
            case OURS:
                Byroad byroad = Byroad.create();
                return new Client(byroad.installOn(client).build(), byroad::status, byroad::close);
            default:
                throw new IllegalArgumentException("client: " + name + " (expected one of: " + ALL + ")");
        }
    }
}
