package byroad.benchmarks.dead;

import byroad.EndpointStatus;
import byroad.okhttp.Byroad;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/** Who takes part, each as it comes, with nothing declared. */
final class Clients {
    static final String PLAIN = "OkHttp";
    static final String NAIVE = "OkHttp + 3 retries";
    static final String OURS = "Byroad";

    static final List<String> ALL = List.of(PLAIN, NAIVE, OURS);

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

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
                return new Client(client.addInterceptor(new Again()).build(), List::of, () -> {});
            case OURS:
                Byroad byroad = Byroad.create();
                return new Client(byroad.installOn(client).build(), byroad::status, byroad::close);
            default:
                throw new IllegalArgumentException("client: " + name + " (expected one of: " + ALL + ")");
        }
    }

    /** The usual loop: what fails is sent up to three times more, with the usual doubling pause. */
    private static final class Again implements Interceptor {
        private static final int RETRIES = 3;
        private static final long PAUSE_MILLIS = 50;

        @Override
        public Response intercept(Chain chain) throws IOException {
            for (int retry = 0; ; retry++) {
                try {
                    Response response = chain.proceed(chain.request());
                    if (response.code() < 500 || retry == RETRIES) {
                        return response;
                    }
                    response.close();
                } catch (IOException e) {
                    if (retry == RETRIES || chain.call().isCanceled()) {
                        throw e;
                    }
                }
                pause(PAUSE_MILLIS << retry);
            }
        }

        private static void pause(long millis) throws IOException {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted between retries");
            }
        }
    }
}
