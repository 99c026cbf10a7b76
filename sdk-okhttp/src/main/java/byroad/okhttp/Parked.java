package byroad.okhttp;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;

/** An error answer set aside while something better is tried: read into memory, cut at 64 KiB, its connection free. */
final class Parked {
    private static final long LIMIT = 64 * 1024;

    private Parked() {}

    static Response park(Response response) {
        Buffer kept = new Buffer();
        try (ResponseBody body = response.body()) {
            BufferedSource source = body.source();
            source.request(LIMIT);
            kept.write(source.getBuffer(), Math.min(LIMIT, source.getBuffer().size()));
        } catch (IOException bodyDied) {
            // what arrived is kept: a broken error page still tells more than none
        }
        MediaType type = response.body().contentType();
        return response.newBuilder()
                .removeHeader("Content-Length")
                .body(ResponseBody.create(kept, type, kept.size()))
                .build();
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
