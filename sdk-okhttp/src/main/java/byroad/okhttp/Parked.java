package byroad.okhttp;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.Timeout;

/** An error answer set aside while something better is tried: read into memory, cut at 64 KiB, its connection free. */
final class Parked {
    private static final long LIMIT = 64 * 1024;

    /** How long the body of an error may be silent, and take in all, while the next attempt waits for it. */
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private Parked() {}

    /** An error that stalls in its body must not hold up what follows; set before anybody looks into it. */
    static void hurry(Response response, int readTimeoutMillis, Optional<Duration> timeLeft) {
        if (response.code() != 101) {
            boolean isShorter = readTimeoutMillis > 0 && readTimeoutMillis < SILENCE.toMillis();
            Timeout timeout = response.body().source().timeout();
            timeout.timeout(isShorter ? readTimeoutMillis : SILENCE.toMillis(), TimeUnit.MILLISECONDS);
            // Half of what is left at most: else the answer is lost with the call.
            long half = timeLeft.orElse(PATIENCE.multipliedBy(2)).toNanos() / 2;
            timeout.deadline(Math.max(1, Math.min(PATIENCE.toNanos(), half)), TimeUnit.NANOSECONDS);
        }
    }

    /** For whoever gets that answer after all: the client's own limit. */
    static void unhurry(Response response, int readTimeoutMillis) {
        if (response.code() != 101) {
            Timeout timeout = response.body().source().timeout();
            timeout.clearDeadline();
            timeout.timeout(readTimeoutMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** What has come of a stream is all that is kept of it: it may never end. */
    static Response park(Response response) {
        Buffer kept = new Buffer();
        boolean isWhole = false;
        try (ResponseBody body = response.body()) {
            BufferedSource source = body.source();
            if (!EventStream.isOne(response)) {
                isWhole = !source.request(LIMIT);
            }
            kept.write(source.getBuffer(), Math.min(LIMIT, source.getBuffer().size()));
        } catch (IOException bodyDied) {
            // what arrived is kept: a broken error page still tells more than none
        }
        MediaType type = response.body().contentType();
        Response.Builder parked = response.newBuilder().body(ResponseBody.create(kept, type, kept.size()));
        return (isWhole ? parked : parked.removeHeader("Content-Length")).build();
    }

    /** The answer of a party that a drill breaks. */
    static Response drilled(Request request) {
        return new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_1_1)
                .code(500)
                .message("Broken by a drill")
                .body(ResponseBody.create("broken by a drill", MediaType.get("text/plain")))
                .build();
    }
}
