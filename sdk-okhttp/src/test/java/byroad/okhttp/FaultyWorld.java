package byroad.okhttp;

import byroad.CallOptions;
import byroad.Endpoint;
import byroad.Upstream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;

/** Four servers that answer, fail, cut and are silent at random, and random calls to them: all out of one seed. */
final class FaultyWorld {
    /** In all places that no other authority may get and no story may show. */
    static final String SECRET = "s3cr3t";

    /** Goes along everywhere, so that the servers know the call; harmless by the rules of headers. */
    static final String CALL = "traceparent";

    static final Duration DEADLINE = Duration.ofSeconds(4);

    private static final String STAND_IN = "fallback.example.test";
    private static final String NOBODY = "127.0.0.9";
    private static final Duration ATTEMPT = Duration.ofMillis(200);

    private final TestServers servers;
    private final TestServer other;
    private final TestServer fallback;

    // Guarded by this: the servers roll dice, too.
    private Random random = new Random(0);

    /** How often a request of that call may have been processed, and how often it came to that server. */
    final Map<String, Integer> processed = new ConcurrentHashMap<>();

    final Map<String, Integer> arrived = new ConcurrentHashMap<>();

    FaultyWorld(TestServers servers) throws IOException {
        this.servers = servers;
        this.other = servers.opened("other", "127.0.0.4");
        this.fallback = servers.opened("fallback", "127.0.0.5");
        for (TestServer server : List.of(servers.edge, servers.origin, other, fallback)) {
            server.answers(request -> answer(server, request));
        }
    }

    /** Another world behind the same servers. */
    synchronized void turns(long seed) {
        random = new Random(seed);
        processed.clear();
        arrived.clear();
        List.of(servers.edge, servers.origin, other, fallback).forEach(server -> server.requests.clear());
        name(TestServers.HOST, TestServers.EDGE_IP);
        name(TestServers.ORIGIN, TestServers.ORIGIN_IP);
        name(TestServers.OTHER, "127.0.0.4");
        name(STAND_IN, "127.0.0.5");
    }

    /** Its address, sometimes one where nobody listens, and sometimes none. */
    private void name(String host, String ip) {
        switch (random.nextInt(8)) {
            case 0 -> servers.name(host, NOBODY);
            case 1 -> servers.name(host);
            case 2 -> servers.name(host, NOBODY, ip);
            default -> servers.name(host, ip);
        }
    }

    synchronized Upstream upstream() {
        Upstream upstream =
                Upstream.named("assistant").endpoint(servers.atEdge()).attemptLimit(ATTEMPT);
        if (chance(0.7)) {
            upstream = upstream.endpoint(servers.atOrigin());
        }
        if (chance(0.5)) {
            upstream = upstream.endpoint(elsewhere(TestServers.OTHER).through("fastly"));
        }
        if (chance(0.5)) {
            upstream = upstream.endpoint(elsewhere(STAND_IN).hostedBy("gcp/europe-west1"));
        }
        if (chance(0.5)) {
            upstream = upstream.repeatable();
        }
        return upstream.deadline(DEADLINE);
    }

    private Endpoint elsewhere(String host) {
        Endpoint endpoint = Endpoint.at(servers.url(host, "")).named(host).header("x-server", host);
        return chance(0.3) ? endpoint.sharesCredentials() : endpoint;
    }

    synchronized Request request(String call) {
        Request.Builder request = new Request.Builder()
                .url(servers.url("/v1/chat?key=" + SECRET))
                .header("Authorization", "Bearer " + SECRET)
                .header("x-api-key", SECRET)
                .header("Cookie", "id=" + SECRET)
                .header(CALL, call);
        if (chance(0.5)) {
            request.post(body(chance(0.2)));
        }
        return chance(0.2)
                ? request.tag(CallOptions.class, CallOptions.NONE.repeatable()).build()
                : request.build();
    }

    private static RequestBody body(boolean oneShot) {
        return new RequestBody() {
            @Override
            public MediaType contentType() {
                return MediaType.get("text/plain");
            }

            @Override
            public boolean isOneShot() {
                return oneShot;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeUtf8("my " + SECRET);
            }
        };
    }

    private synchronized MockResponse answer(TestServer server, RecordedRequest request) {
        String call = String.valueOf(request.getHeaders().get(CALL));
        arrived.merge(call + " at " + server.name, 1, Integer::sum);
        int fate = random.nextInt(10);
        if (fate == 0) {
            return TestServer.edgePage(521); // says that the host never got it
        }
        processed.merge(call, 1, Integer::sum);
        MockResponse.Builder ok = new MockResponse.Builder().body("no story: " + SECRET + "x".repeat(20_000));
        return switch (fate) {
            case 1 -> TestServer.edgePage(500);
            case 2 -> TestServer.answer(random.nextBoolean() ? 500 : 404, SECRET);
            case 3 ->
                ok.code(random.nextBoolean() ? 503 : 429)
                        .setHeader("Retry-After", random.nextInt(2))
                        .build();
            case 4 ->
                ok.headersDelay(2 * ATTEMPT.toMillis(), TimeUnit.MILLISECONDS).build();
            case 5 -> ok.onResponseStart(new SocketEffect.CloseSocket()).build();
            case 6 -> ok.onResponseBody(new SocketEffect.CloseSocket()).build();
            default -> ok.build();
        };
    }

    /** After how long the caller gives up. */
    synchronized Duration patience() {
        return chance(0.15) ? Duration.ofMillis(random.nextInt(200)) : Duration.ofMinutes(1);
    }

    /** What came to servers that have no right to the caller's credentials. */
    List<RecordedRequest> strangers(Upstream upstream) {
        return List.of(other, fallback).stream()
                .flatMap(server -> server.requests.stream())
                .filter(request -> upstream.endpoints().stream()
                        .noneMatch(endpoint -> endpoint.isSharingCredentials()
                                && endpoint.host().equals(request.getUrl().host())))
                .toList();
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }
}
