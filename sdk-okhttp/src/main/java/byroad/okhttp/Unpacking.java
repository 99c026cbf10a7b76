package byroad.okhttp;

import java.io.IOException;
import java.util.function.Consumer;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;

/**
 * A body that OkHttp decompresses while it is read. Only the reader finds out that the compressed data is incomplete:
 * for the connection, and so for every listener, the message may have been complete.
 */
final class Unpacking extends ForwardingSource {
    private final Consumer<IOException> failed;

    private Unpacking(Source unpacked, Consumer<IOException> failed) {
        super(unpacked);
        this.failed = failed;
    }

    /**
     * The same response with a decompressed body; {@code failed} receives the exception if the body cannot be read to
     * its end.
     */
    static Response watched(Response response, Consumer<IOException> failed) {
        ResponseBody body = response.body();
        Source watched = new Unpacking(body.source(), failed);
        return response.newBuilder()
                .body(ResponseBody.create(Okio.buffer(watched), body.contentType(), body.contentLength()))
                .build();
    }

    /** Whether OkHttp decompresses the body: it then removes the header. */
    static boolean isUnpacked(Response response) {
        Response network = response.networkResponse();
        return network != null
                && network.header("Content-Encoding") != null
                && response.header("Content-Encoding") == null;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        try {
            return super.read(sink, byteCount);
        } catch (IOException e) {
            failed.accept(e);
            throw e;
        }
    }
}
