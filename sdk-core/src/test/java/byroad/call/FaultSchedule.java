package byroad.call;

import byroad.CallOptions;
import byroad.Endpoint;
import byroad.Fault.Delivery;
import byroad.Importance;
import byroad.Preset;
import byroad.ResponseHead;
import byroad.Upstream;
import byroad.call.RequestTraits.Body;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A random upstream, the calls to it and what comes of each send: all out of one seed. */
final class FaultSchedule {
    /** In all places that no story may show. */
    static final String SECRET = "s3cr3t";

    static final String CALLED_AT = "https://api.example.ai";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PAGE = "<title>Internal server error</title> ... Cloudflare Ray ID " + SECRET;

    private final Random random;

    FaultSchedule(long seed) {
        this.random = new Random(seed);
    }

    /**
     * What comes of one send.
     *
     * @param took how long it takes
     * @param isSent whether anything of the request left
     * @param isMaybeProcessed whether a host may have acted on it, in truth
     */
    record Fate(Outcome outcome, Duration took, boolean isSent, boolean isMaybeProcessed) {}

    Random dice() {
        return new Random(random.nextLong());
    }

    Preset preset() {
        return oneOf(Preset.SERVER, Preset.MOBILE);
    }

    /** Up to that much. */
    Duration upTo(Duration most) {
        return Duration.ofNanos((long) (random.nextDouble() * most.toNanos()));
    }

    int calls() {
        return 1 + random.nextInt(30);
    }

    Upstream upstream() {
        Upstream upstream = Upstream.named("assistant").calledAt(CALLED_AT);
        int endpoints = 1 + random.nextInt(4);
        for (int i = 0; i < endpoints; i++) {
            upstream = upstream.endpoint(endpoint(i));
        }
        if (chance(0.4)) {
            upstream = upstream.repeatable();
        }
        if (chance(0.5)) {
            upstream = upstream.deadline(Duration.ofSeconds(5).plus(upTo(PATIENCE)));
        }
        return chance(0.5) ? upstream.attemptLimit(Duration.ofMillis(1).plus(upTo(Duration.ofSeconds(4)))) : upstream;
    }

    private Endpoint endpoint(int rank) {
        boolean sameAuthority = rank == 0 || chance(0.4);
        Endpoint endpoint = sameAuthority
                ? Endpoint.at(CALLED_AT)
                : Endpoint.at("https://endpoint-" + rank + ".example.net" + oneOf("", "/base"));
        endpoint = endpoint.named("endpoint-" + rank);
        if (sameAuthority && rank > 0) {
            endpoint = endpoint.connectTo("direct-" + rank + ".example.ai");
        }
        if (chance(0.6)) {
            endpoint = endpoint.through(oneOf("cloudflare", "fastly"));
        }
        if (chance(0.7)) {
            endpoint = endpoint.hostedBy(oneOf("aws/us-west-2", "gcp/europe-west1"));
        }
        if (!sameAuthority && chance(0.3)) {
            endpoint = endpoint.sharesCredentials();
        }
        if (chance(0.3)) {
            endpoint = endpoint.header("api-key", SECRET + " of endpoint-" + rank);
        }
        return chance(0.3) ? endpoint.carries(0.1 + 0.9 * random.nextDouble()) : endpoint;
    }

    RequestTraits request() {
        CallOptions options = CallOptions.NONE.importance(oneOf(Importance.values()));
        options = chance(0.2) ? options.repeatable() : options;
        options = chance(0.1) ? options.avoiding(oneOf("cloudflare", "endpoint/assistant/endpoint-0")) : options;
        String method = oneOf("GET", "POST", "PUT", "PATCH", "DELETE");
        return new RequestTraits(
                method,
                CALLED_AT + "/v1/chat?key=" + SECRET,
                method.equals("GET") ? Body.NONE : oneOf(Body.REPEATABLE, Body.ONE_SHOT),
                chance(0.1),
                chance(0.1),
                chance(0.3) ? Optional.of(Duration.ofMillis(1).plus(upTo(PATIENCE))) : Optional.empty(),
                chance(0.5) ? Optional.of(Duration.ofSeconds(10)) : Optional.empty(),
                options);
    }

    /** An adapter keeps to the limit of a send. */
    Fate fateOf(Attempt send) {
        Duration limit = send.within().orElse(PATIENCE);
        Duration soon = limit.compareTo(Duration.ofSeconds(1)) < 0 ? limit : Duration.ofSeconds(1);
        return switch (random.nextInt(13)) {
            case 0, 1, 2 -> new Fate(answer(oneOf(200, 201, 404)), upTo(limit), true, true);
            case 3 ->
                oneOf(
                        new Fate(answer(oneOf(500, 501, 502, 503, 504, 505, 599, 400, 412)), upTo(limit), true, true),
                        new Fate(answer(oneOf(401, 403, 421)), upTo(limit), true, false)); // RFC 9110, 15.5.2, 4, 20
            case 4 -> new Fate(edge(oneOf(500, 520, 522, 524), PAGE), upTo(limit), true, true);
            case 5 -> new Fate(edge(oneOf(403, 521, 523, 530), PAGE), upTo(limit), true, false);
            case 6 -> new Fate(asking(oneOf(429, 503)), upTo(soon), true, true);
            case 7 -> new Fate(neverSent(), upTo(soon), false, false);
            case 8 -> new Fate(Outcome.failed(died(), Delivery.MAYBE_PROCESSED), upTo(limit), true, true);
            case 9 ->
                new Fate(
                        Outcome.failed(new SocketTimeoutException("timeout"), Delivery.MAYBE_PROCESSED),
                        limit,
                        true,
                        true);
            case 10 ->
                oneOf(
                        new Fate(Outcome.unproven(new ConnectException("refused")), upTo(soon), false, false),
                        new Fate(Outcome.impossible("no such transport"), Duration.ZERO, false, false));
            case 11 -> new Fate(answer(oneOf(408, 425)), upTo(limit), true, false);
            default -> new Fate(new Outcome.Cancelled(new IOException("Canceled")), upTo(limit), true, true);
        };
    }

    private static Outcome answer(int status) {
        return Outcome.answered(ResponseHead.of(status, Map.of("set-cookie", "id=" + SECRET), "no: " + SECRET));
    }

    private static Outcome edge(int status, String body) {
        Map<String, String> headers = Map.of(
                "cf-ray", "9a0-SJC", "server", "cloudflare", "content-type", "text/html", "set-cookie", "id=" + SECRET);
        return Outcome.answered(ResponseHead.of(status, headers, body));
    }

    private Outcome asking(int status) {
        String wish = oneOf("0", "1", "0.3", "60", "86400", "x");
        return Outcome.answered(ResponseHead.of(status, Map.of("retry-after", wish), ""));
    }

    private Outcome neverSent() {
        IOException why = oneOf(
                new ConnectException("Failed to connect to api.example.ai/203.0.113.9:443"),
                new UnknownHostException("https://user:" + SECRET + "@api.example.ai/v1?key=" + SECRET),
                new SocketTimeoutException("connect timed out"),
                new SSLPeerUnverifiedException("Hostname api.example.ai not verified"));
        return Outcome.failed(why, Delivery.NEVER_SENT);
    }

    private static IOException died() {
        return new IOException("unexpected end of stream on https://user:" + SECRET + "@api.example.ai/?key=" + SECRET);
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private <T> T oneOf(T... these) {
        return List.of(these).get(random.nextInt(these.length));
    }
}
