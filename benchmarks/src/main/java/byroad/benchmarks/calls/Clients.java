package byroad.benchmarks.calls;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.Byroad;
import java.util.List;
import java.util.function.UnaryOperator;
import okhttp3.OkHttpClient;

/** Who takes part: clients of OkHttp that differ in what is installed on them. */
final class Clients {
    static final String PLAIN = "OkHttp";
    static final String PLAIN_AGAIN = "OkHttp, once more";
    static final String NO_OP = "OkHttp + no-op interceptor";
    static final String FULL = "Byroad in full, undeclared host";
    static final String FULL_DECLARED = "Byroad in full, two endpoints";
    static final String SINGLE = "Byroad as interceptor, undeclared host";
    static final String SINGLE_DECLARED = "Byroad as interceptor, two endpoints";
    static final String RESILIENCE4J = "Resilience4j retry + circuit";
    static final String FAILSAFE = "Failsafe retry + circuit";

    static final List<String> ALL =
            List.of(PLAIN, PLAIN_AGAIN, NO_OP, FULL, FULL_DECLARED, SINGLE, SINGLE_DECLARED, RESILIENCE4J, FAILSAFE);

    private Clients() {}

    /** A client, and what has to be closed with it. */
    record Client(OkHttpClient http, Runnable onClose) implements AutoCloseable {
        @Override
        public void close() {
            onClose.run();
            http.dispatcher().executorService().shutdown();
            http.connectionPool().evictAll();
        }
    }

    /** A new client of that name for a service at that URL, to which that is done last. */
    static Client start(String name, String at, UnaryOperator<OkHttpClient.Builder> last) {
        OkHttpClient.Builder client = new OkHttpClient.Builder();
        return switch (name) {
            case PLAIN, PLAIN_AGAIN -> with(client, last);
            case NO_OP -> with(client.addInterceptor(chain -> chain.proceed(chain.request())), last);
            case FULL -> installed(Byroad.create(), last);
            case FULL_DECLARED -> installed(declared(at), last);
            case SINGLE -> asInterceptor(Byroad.create(), last);
            case SINGLE_DECLARED -> asInterceptor(declared(at), last);
            case RESILIENCE4J -> with(client.addInterceptor(Peers.resilience4j()), last);
            case FAILSAFE -> with(client.addInterceptor(Peers.failsafe()), last);
            default -> throw new IllegalArgumentException("client: " + name + " (expected one of: " + ALL + ")");
        };
    }

    private static Client with(OkHttpClient.Builder client, UnaryOperator<OkHttpClient.Builder> last) {
        return new Client(last.apply(client).build(), () -> {});
    }

    private static Client installed(Byroad byroad, UnaryOperator<OkHttpClient.Builder> last) {
        OkHttpClient.Builder client = byroad.installOn(new OkHttpClient.Builder());
        return new Client(last.apply(client).build(), byroad::close);
    }

    private static Client asInterceptor(Byroad byroad, UnaryOperator<OkHttpClient.Builder> last) {
        OkHttpClient.Builder client = new OkHttpClient.Builder().addInterceptor(byroad);
        return new Client(last.apply(client).build(), byroad::close);
    }

    private static Byroad declared(String at) {
        return Byroad.builder()
                .upstream(Upstream.named("items")
                        .endpoint(Endpoint.at(at).through("cloudflare").hostedBy("aws/us-west-2"))
                        .endpoint(
                                Endpoint.at(at).connectTo("origin.byroad.test").hostedBy("aws/us-west-2")))
                .build();
    }
}
