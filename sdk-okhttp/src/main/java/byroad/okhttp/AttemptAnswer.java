package byroad.okhttp;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The response of one attempt: it is delivered, or buffered while another attempt is made, so that its connection is
 * free.
 */
final class AttemptAnswer {
    private static final long BUFFERED_AT_MOST = 64 * 1024;

    /** The limits for the body of an error, for its silence and in total, while the next attempt waits for it. */
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final int readTimeoutMillis;
    private final boolean isHurried;
    private Response response;
    private @Nullable EventStream stream; // if the upstream declares requirements for streams
    private boolean isFalseStart;
    private boolean isBuffered;

    private AttemptAnswer(Response response, @Nullable EventStream stream, int readTimeoutMillis, boolean isHurried) {
        this.response = response;
        this.stream = stream;
        this.readTimeoutMillis = readTimeoutMillis;
        this.isHurried = isHurried;
    }

    /** A response whose body has the read timeout of the client. */
    static AttemptAnswer of(Response response, int readTimeoutMillis) {
        return new AttemptAnswer(response, null, readTimeoutMillis, false);
    }

    /** An event stream with requirements. */
    static AttemptAnswer of(Response response, EventStream stream, int readTimeoutMillis) {
        return new AttemptAnswer(response, stream, readTimeoutMillis, false);
    }

    /**
     * An error response. If its body stalls, it must not delay the next attempt; to be made before the body is read.
     */
    static AttemptAnswer ofError(Response response, int readTimeoutMillis, Optional<Duration> timeLeft) {
        if (response.code() == 101) {
            return of(response, readTimeoutMillis);
        }
        boolean isShorter = readTimeoutMillis > 0 && readTimeoutMillis < SILENCE.toMillis();
        Timeout timeout = response.body().source().timeout();
        timeout.timeout(isShorter ? readTimeoutMillis : SILENCE.toMillis(), TimeUnit.MILLISECONDS);
        // At most half of the time that is left: otherwise the answer is lost with the call.
        long half = timeLeft.orElse(PATIENCE.multipliedBy(2)).toNanos() / 2;
        timeout.deadline(Math.max(1, Math.min(PATIENCE.toNanos(), half)), TimeUnit.NANOSECONDS);
        return new AttemptAnswer(response, null, readTimeoutMillis, true);
    }

    Response response() {
        return response;
    }

    /** The event stream failed before its first event: the response is as good as an error. */
    AttemptAnswer falseStart() {
        isFalseStart = true;
        return this;
    }

    /** Whether OkHttp answered out of its own cache. */
    boolean isOfCache() {
        return new OkHttpHead(response).isOfCache();
    }

    /**
     * Reads the body of an error into memory, at most 64 KiB; of a stream only the bytes that have arrived, because it may
     * never end. A good response is delivered as it comes.
     */
    void buffer() {
        boolean isGood = !isHurried && !isFalseStart;
        if (isBuffered || isGood) {
            return;
        }
        isBuffered = true;
        Buffer kept = new Buffer();
        boolean isWhole = false;
        try (ResponseBody body = response.body()) {
            BufferedSource source = body.source();
            if (!EventStream.isOne(response)) {
                isWhole = !source.request(BUFFERED_AT_MOST);
            }
            kept.write(
                    source.getBuffer(),
                    Math.min(BUFFERED_AT_MOST, source.getBuffer().size()));
        } catch (IOException bodyDied) {
            // what arrived is kept: a part of an error page is better than none
        }
        MediaType type = response.body().contentType();
        Response.Builder buffered = response.newBuilder().body(ResponseBody.create(kept, type, kept.size()));
        response = (isWhole ? buffered : buffered.removeHeader("Content-Length")).build();
        stream = stream == null ? null : stream.of(response); // if its end is missing, it is missing for its reader too
    }

    /** Whether its body can fail without an event of OkHttp, so that the failure must be reported. */
    boolean isReadAlong() {
        return stream != null || Unpacking.isUnpacked(response);
    }

    /** The response for the caller, with the client's own limits; a failure of its body is reported. */
    Response forCaller(Consumer<String> failed, Consumer<IOException> died) {
        return stream != null ? stream.forReader(failed, died) : Unpacking.watched(forCaller(), died);
    }

    /** The response for the caller, with the client's own limits. */
    Response forCaller() {
        if (isHurried) {
            Timeout timeout = response.body().source().timeout();
            timeout.clearDeadline();
            timeout.timeout(readTimeoutMillis, TimeUnit.MILLISECONDS);
        }
        return response;
    }

    void close() {
        response.close();
    }

    /** The response of an injected fault. */
    static Response injected(Request request) {
        return new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_1_1)
                .code(500)
                .message("Broken by a drill")
                .body(ResponseBody.create("broken by a drill", MediaType.get("text/plain")))
                .build();
    }
}
