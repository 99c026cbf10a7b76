package byroad.okhttp;

import byroad.ResponseHead;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.Response;
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
        try {
            return response.peekBody(BODY_LIMIT).string();
        } catch (IOException bodyDied) {
            return "";
        }
    }
}
