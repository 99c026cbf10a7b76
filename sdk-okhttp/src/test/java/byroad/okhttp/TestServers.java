package byroad.okhttp;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.test.TestCa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** An edge and an origin of one host on one port over HTTPS, the names to find them by, and clients that trust them. */
final class TestServers implements AutoCloseable {
    static final String HOST = "api.example.test";
    static final String ORIGIN = "origin.example.test";
    static final String OTHER = "other.example.test";
    static final String EDGE_IP = "127.0.0.2";
    static final String ORIGIN_IP = "127.0.0.3";

    /** The protocol that both servers speak. */
    enum Http {
        H2,
        H1;

        Protocol[] protocols() {
            return this == H2
                    ? new Protocol[] {Protocol.HTTP_2, Protocol.HTTP_1_1}
                    : new Protocol[] {Protocol.HTTP_1_1};
        }
    }

    final TestCa ca = TestCa.create();
    final TestServer edge;
    final TestServer origin;
    final Http http;

    private final Map<String, List<InetAddress>> names = new ConcurrentHashMap<>();
    private final List<OkHttpClient> clients = new ArrayList<>();
    private final List<AutoCloseable> alsoToClose = new ArrayList<>();

    private TestServers(Http http) throws IOException {
        this.http = http;
        TestServer first = new TestServer("edge");
        TestServer second = new TestServer("origin");
        for (int tries = 0; ; tries++) {
            first = server("edge").open(EDGE_IP, 0);
            try {
                second = server("origin").open(ORIGIN_IP, first.port());
                break;
            } catch (BindException taken) {
                first.close();
                if (tries == 20) {
                    throw taken;
                }
            }
        }
        this.edge = first;
        this.origin = second;
        name(HOST, EDGE_IP);
        name(ORIGIN, ORIGIN_IP);
    }

    static TestServers open(Http http) {
        try {
            return new TestServers(http);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server like those two, not opened yet. */
    TestServer server(String name) {
        return new TestServer(name)
                .useHttps(ca.serverSocketFactory(HOST, OTHER, "fallback.example.test"))
                .speaking(http.protocols());
    }

    /** A further server on the same port. */
    TestServer opened(String name, String ip) throws IOException {
        return closing(server(name).open(ip, port()));
    }

    <T extends AutoCloseable> T closing(T closeable) {
        alsoToClose.add(closeable);
        return closeable;
    }

    int port() {
        return edge.port();
    }

    /** Gives a name addresses; none means that the name is unknown. */
    void name(String host, String... ips) {
        List<InetAddress> addresses = new ArrayList<>();
        try {
            for (String ip : ips) {
                addresses.add(InetAddress.getByName(ip));
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
        names.put(host, List.copyOf(addresses));
    }

    List<InetAddress> lookup(String host) throws UnknownHostException {
        List<InetAddress> found = names.getOrDefault(host, List.of());
        if (found.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return found;
    }

    String url(String path) {
        return url(HOST, path);
    }

    String url(String host, String path) {
        return "https://" + host + ":" + port() + path;
    }

    Request get(String path) {
        return new Request.Builder().url(url(path)).build();
    }

    Request post(String path) {
        RequestBody body = RequestBody.create("{}", MediaType.get("application/json"));
        return new Request.Builder().url(url(path)).post(body).build();
    }

    Endpoint atEdge() {
        return Endpoint.at(url(""))
                .through("cloudflare")
                .hostedBy("aws/us-west-2")
                .named("edge");
    }

    Endpoint atOrigin() {
        return Endpoint.at(url("")).connectTo(ORIGIN).hostedBy("aws/us-west-2").named("origin");
    }

    /** Edge first, then the same origin directly. */
    Upstream assistant() {
        return Upstream.named("assistant")
                .endpoint(atEdge())
                .endpoint(atOrigin())
                .repeatable();
    }

    Byroad byroad(Upstream upstream) {
        return closing(Byroad.builder().upstream(upstream).build());
    }

    /** A builder of clients with these names and this trust; nothing of ours is installed. */
    OkHttpClient.Builder client() {
        return ca.trustedBy(new OkHttpClient.Builder())
                .dns(this::lookup)
                .connectTimeout(Duration.ofSeconds(5))
                .readTimeout(Duration.ofSeconds(5));
    }

    OkHttpClient built(OkHttpClient.Builder builder) {
        OkHttpClient client = builder.build();
        clients.add(client);
        return client;
    }

    /** A client with that installed in full. */
    OkHttpClient with(Byroad byroad) {
        return built(byroad.installOn(client()));
    }

    /** What a finished call gave; its body is read and closed. */
    record Got(int code, String body, Response response) {
        static Got of(Call call) throws IOException {
            try (Response response = call.execute()) {
                return new Got(response.code(), response.body().string(), response);
            }
        }

        String by() {
            return Byroad.reportOf(response).answeredBy();
        }
    }

    static Got got(OkHttpClient client, Request request) throws IOException {
        return Got.of(client.newCall(request));
    }

    /** How long that took. */
    static Duration took(long startedNanos) {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    @Override
    public void close() throws Exception {
        for (OkHttpClient client : clients) {
            client.dispatcher().cancelAll();
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
        for (AutoCloseable closeable : alsoToClose) {
            closeable.close();
        }
        edge.close();
        origin.close();
        for (OkHttpClient client : clients) {
            client.dispatcher().executorService().awaitTermination(5, TimeUnit.SECONDS);
        }
    }
}
