package byroad.okhttp;

import byroad.Endpoint;
import byroad.EventStreams;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.internal.http2.ErrorCode;
import okio.Buffer;

/**
 * Four servers over one protocol whose weather changes: each is well, sick or very sick for a while, and their names lead
 * somewhere, nowhere or astray. All faults that a server on a real socket can have, out of one seed.
 */
final class SoakWorld implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(3);

    private static final Duration ATTEMPT = Duration.ofMillis(250);
    private static final String STAND_IN = "fallback.example.test";
    private static final String NOBODY = "127.0.0.9";
    private static final List<String> HOSTS =
            List.of(TestServers.HOST, TestServers.ORIGIN, TestServers.OTHER, STAND_IN);
    private static final List<String> IPS =
            List.of(TestServers.EDGE_IP, TestServers.ORIGIN_IP, "127.0.0.4", "127.0.0.5");

    final TestServers servers;
    /** What the servers did, by its name. */
    final Map<String, Integer> faults = new ConcurrentSkipListMap<>();

    private final List<TestServer> all;
    private final double[] sickness = new double[HOSTS.size()];

    // Guarded by this: the servers roll dice, too.
    private final Random random;

    SoakWorld(Http http, long seed) throws IOException {
        this.random = new Random(seed);
        this.servers = TestServers.open(http);
        this.all = List.of(
                servers.edge,
                servers.origin,
                servers.opened("other", IPS.get(2)),
                servers.opened("fallback", IPS.get(3)));
        for (int i = 0; i < all.size(); i++) {
            int index = i;
            all.get(i).answers(request -> answer(index, request));
        }
    }

    Upstream upstream() {
        return Upstream.named("assistant-" + servers.http)
                .endpoint(servers.atEdge())
                .endpoint(servers.atOrigin())
                .endpoint(elsewhere(TestServers.OTHER).through("fastly").sharesCredentials())
                .endpoint(elsewhere(STAND_IN).hostedBy("gcp/europe-west1"))
                .eventStreams(
                        EventStreams.ofAiServices().firstEventWithin(ATTEMPT).committedAtFirstEvent())
                .attemptLimit(ATTEMPT)
                .deadline(DEADLINE);
    }

    private Endpoint elsewhere(String host) {
        return Endpoint.at(servers.url(host, "")).named(host);
    }

    /** Other weather, and what the servers remember is forgotten. */
    synchronized void turns() {
        for (int i = 0; i < sickness.length; i++) {
            sickness[i] = List.of(0.0, 0.0, 0.1, 0.4, 1.0).get(random.nextInt(5));
            all.get(i).forget();
            name(HOSTS.get(i), IPS.get(i));
        }
    }

    /** In the end everybody is well. */
    synchronized void heals() {
        for (int i = 0; i < sickness.length; i++) {
            sickness[i] = 0;
            servers.name(HOSTS.get(i), IPS.get(i));
        }
    }

    private void name(String host, String ip) {
        switch (random.nextInt(10)) {
            case 0 -> servers.name(host, NOBODY);
            case 1 -> servers.name(host);
            case 2 -> servers.name(host, NOBODY, ip);
            default -> servers.name(host, ip);
        }
    }

    private synchronized MockResponse answer(int server, RecordedRequest request) {
        boolean sick = random.nextDouble() < sickness[server];
        String path = request.getUrl().encodedPath();
        String fault = sick ? FAULTS.get(random.nextInt(FAULTS.size())) : "none";
        faults.merge(fault, 1, Integer::sum);
        return answered(fault, path);
    }

    private static final List<String> FAULTS = List.of(
            "edge page 500",
            "edge page 521",
            "500",
            "503, Retry-After: 0",
            "429, Retry-After: 1",
            "408",
            "421",
            "404",
            "redirect",
            "silence before the headers",
            "silence in the body",
            "cut before the answer",
            "cut in the request's body",
            "cut in the body",
            "stream reset",
            "stream refused",
            "connection shut down",
            "error event",
            "stream without its end");

    private MockResponse answered(String fault, String path) {
        MockResponse.Builder well = well(path);
        return switch (fault) {
            case "edge page 500" -> TestServer.edgePage(500);
            case "edge page 521" -> TestServer.edgePage(521);
            case "503, Retry-After: 0" -> retryAfter(503, 0);
            case "429, Retry-After: 1" -> retryAfter(429, 1);
            case "500", "408", "421", "404" ->
                TestServer.answer(Integer.parseInt(fault), "x".repeat(random.nextInt(50_000)));
            case "redirect" ->
                new MockResponse.Builder()
                        .code(random.nextBoolean() ? 302 : 307)
                        .setHeader("Location", "/elsewhere" + path)
                        .build();
            case "silence before the headers" ->
                well.headersDelay(3 * ATTEMPT.toMillis(), TimeUnit.MILLISECONDS).build();
            case "silence in the body" ->
                well.bodyDelay(3 * ATTEMPT.toMillis(), TimeUnit.MILLISECONDS).build();
            case "cut before the answer" ->
                well.onResponseStart(new SocketEffect.CloseSocket()).build();
            case "cut in the request's body" ->
                well.onRequestBody(new SocketEffect.CloseSocket()).build();
            case "cut in the body" ->
                well.onResponseBody(new SocketEffect.CloseSocket()).build();
            case "stream reset" -> reset(well, ErrorCode.INTERNAL_ERROR);
            case "stream refused" -> reset(well, ErrorCode.REFUSED_STREAM);
            case "connection shut down" ->
                well.onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE).build();
            case "error event" -> events("event: error\ndata: {\"type\":\"overloaded_error\"}\n\n");
            case "stream without its end" -> events("data: one\n\ndata: two\n\n");
            default -> well.build();
        };
    }

    private static MockResponse retryAfter(int status, int seconds) {
        return TestServer.answer(status, "")
                .newBuilder()
                .setHeader("Retry-After", seconds)
                .build();
    }

    private static MockResponse reset(MockResponse.Builder answer, ErrorCode code) {
        return answer.onRequestStart(new SocketEffect.CloseStream(code.getHttpCode()))
                .build();
    }

    private MockResponse.Builder well(String path) {
        if (path.endsWith("/events")) {
            return events("data: one\n\ndata: two\n\n".repeat(20) + "data: [DONE]\n\n")
                    .newBuilder();
        }
        int size = random.nextInt(4) == 0 ? 200_000 : random.nextInt(5_000);
        MockResponse.Builder answer = new MockResponse.Builder();
        return random.nextBoolean()
                ? answer.body("x".repeat(size))
                : answer.chunkedBody(new Buffer().writeUtf8("x".repeat(size)), 1 + size / 3);
    }

    private static MockResponse events(String events) {
        return new MockResponse.Builder()
                .setHeader("Content-Type", "text/event-stream")
                .body(events)
                .throttleBody(200, 5, TimeUnit.MILLISECONDS)
                .build();
    }

    @Override
    public void close() throws Exception {
        servers.close();
    }
}
