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

    /** The same answer, which is unpacked; {@code failed} is told if its body cannot be read to its end. */
    static Response watched(Response response, Consumer<IOException> failed) {
        ResponseBody body = response.body();
        Source watched = new Unpacking(body.source(), failed);
        return response.newBuilder()
                .body(ResponseBody.create(Okio.buffer(watched), body.contentType(), body.contentLength()))
                .build();
    }

    /** OkHttp takes the header away as it unpacks. */
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
