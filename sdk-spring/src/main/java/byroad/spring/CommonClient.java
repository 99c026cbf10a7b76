package byroad.spring;

import byroad.okhttp.Byroad;
import java.util.List;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.support.ExecutorServiceAdapter;

/** The client with the connections and threads that all clients of the starter share; closes them. */
final class CommonClient implements AutoCloseable {
    private static final int REQUESTS_PER_HOST = 64; // OkHttp's 5 are used up by five slow answers of an AI service

    private final Dispatcher dispatcher;
    private final OkHttpClient client;

    CommonClient(
            Byroad byroad,
            List<OkHttpClientBuilderCustomizer> customizers,
            List<BelowByroad> below,
            Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
        OkHttpClient.Builder builder = new OkHttpClient.Builder().dispatcher(dispatcher);
        customizers.forEach(customizer -> customizer.customize(builder));
        byroad.installOn(builder);
        below.forEach(one -> one.installOn(builder));
        this.client = builder.build();
    }

    /** A dispatcher with OkHttp's own threads. */
    static Dispatcher dispatcher() {
        return withRoom(new Dispatcher());
    }

    /** A dispatcher with the threads of that executor, which Spring ends. */
    static Dispatcher dispatcher(TaskExecutor threads) {
        return withRoom(new Dispatcher(new Borrowed(threads)));
    }

    private static Dispatcher withRoom(Dispatcher dispatcher) {
        dispatcher.setMaxRequestsPerHost(REQUESTS_PER_HOST);
        return dispatcher;
    }

    OkHttpClient client() {
        return client;
    }

    @Override
    public void close() {
        dispatcher.cancelAll();
        dispatcher.executorService().shutdown();
        client.connectionPool().evictAll();
    }

    /** Threads that Spring ends: some libraries shut down the threads of their client, which has no effect here. */
    private static final class Borrowed extends ExecutorServiceAdapter {
        Borrowed(TaskExecutor threads) {
            super(threads);
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }
    }
}
