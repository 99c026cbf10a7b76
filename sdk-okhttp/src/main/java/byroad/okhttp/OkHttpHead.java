package byroad.okhttp;

import static java.nio.charset.StandardCharsets.UTF_8;

import byroad.ResponseHead;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * The head of an OkHttp response for signatures. The body of an error is peeked at once, and only if it is needed; the
 * body of a stream is never read.
 */
final class OkHttpHead implements ResponseHead {
    private static final Pattern STREAM =
            Pattern.compile("text/event-stream.*|application/(grpc|x-ndjson|stream).*|multipart/.*", Pattern.DOTALL);

    private final Response response;
    private @Nullable String bodyStart;

    OkHttpHead(Response response) {
        this.response = response;
    }

    @Override
    public int status() {
        return response.code();
    }

    @Override
    public boolean isAfterRedirect() {
        Response before = response.priorResponse();
        while (before != null && !before.isRedirect()) {
            before = before.priorResponse(); // the response of a challenge
        }
        return before != null;
    }

    /**
     * Whether it comes from OkHttp's own cache; a response that an interceptor below makes counts as a network
     * response.
     */
    boolean isOfCache() {
        boolean missed =
                response.code() == 504 && response.request().cacheControl().onlyIfCached();
        return response.networkResponse() == null && (response.cacheResponse() != null || missed);
    }

    @Override
    public Optional<String> header(String name) {
        return response.headers(name).stream().findFirst();
    }

    @Override
    public List<String> headers(String name) {
        return response.headers(name);
    }

    @Override
    public synchronized String bodyStart() {
        if (bodyStart == null) {
            bodyStart = peek();
        }
        return bodyStart;
    }

    private String peek() {
        String type = header("content-type").orElse("").trim().toLowerCase(Locale.ROOT);
        if (response.code() < 400 || STREAM.matcher(type).matches()) {
            return "";
        }
        try (ResponseBody start = response.peekBody(BODY_LIMIT)) {
            String encoding = header("content-encoding").orElse("");
            return encoding.isEmpty() ? start.string() : decompressed(encoding, start);
        } catch (IOException bodyDied) {
            return "";
        }
    }

    /** The start of a body that the caller asked for in that encoding: as much as can be decompressed. */
    private static String decompressed(String encoding, ResponseBody start) {
        Buffer text = new Buffer();
        try (Source source = Decompression.of(encoding, start.source())) {
            while (source != null && text.size() < BODY_LIMIT && source.read(text, BODY_LIMIT - text.size()) != -1) {
                // until the limit or the end of what was read
            }
        } catch (IOException startIsNotAll) {
            // what was decompressed is the start
        }
        MediaType type = start.contentType();
        Charset charset = type == null ? UTF_8 : type.charset(UTF_8);
        return text.readString(charset == null ? UTF_8 : charset);
    }
}
