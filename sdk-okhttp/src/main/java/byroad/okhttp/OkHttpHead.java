package byroad.okhttp;

import byroad.ResponseHead;
import java.io.IOException;
import java.util.Optional;
import okhttp3.Response;

/** The head of an OkHttp response; the body of an error is peeked at only when asked for, that of a stream never. */
final class OkHttpHead implements ResponseHead {
    private final Response response;

    OkHttpHead(Response response) {
        this.response = response;
    }

    @Override
    public int status() {
        return response.code();
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(response.header(name));
    }

    @Override
    public String bodyStart() {
        boolean stream = header("content-type")
                .filter(type -> type.startsWith("text/event-stream"))
                .isPresent();
        if (response.code() < 400 || stream) {
            return "";
        }
        try {
            return response.peekBody(BODY_LIMIT).string();
        } catch (IOException bodyDied) {
            return "";
        }
    }
}
