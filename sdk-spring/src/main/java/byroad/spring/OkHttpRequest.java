package byroad.spring;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Set;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.AbstractClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.Assert;
import org.springframework.util.FastByteArrayOutputStream;

/** A request of Spring that OkHttp sends. A body that Spring can stream is written straight to the wire. */
final class OkHttpRequest extends AbstractClientHttpRequest implements StreamingHttpOutputMessage {
    /** Methods that OkHttp refuses to send without a body. */
    private static final Set<String> BODY_EXPECTED = Set.of("POST", "PUT", "PATCH", "PROPPATCH", "QUERY", "REPORT");

    private final Call.Factory calls;
    private final URI uri;
    private final HttpMethod method;
    private @Nullable Body streamed;
    private @Nullable FastByteArrayOutputStream written;

    OkHttpRequest(Call.Factory calls, URI uri, HttpMethod method) {
        this.calls = calls;
        this.uri = uri;
        this.method = method;
    }

    @Override
    public HttpMethod getMethod() {
        return method;
    }

    @Override
    public URI getURI() {
        return uri;
    }

    @Override
    public void setBody(Body body) {
        assertNotExecuted();
        Assert.state(written == null, "getBody was called, so the body is what was written to it");
        this.streamed = body;
    }

    @Override
    protected OutputStream getBodyInternal(HttpHeaders headers) {
        Assert.state(streamed == null, "setBody was called, so there is a body");
        if (written == null) {
            written = new FastByteArrayOutputStream(1024);
        }
        return written;
    }

    @Override
    protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
        Request.Builder request = new Request.Builder().url(uri.toString()).method(method.name(), body(headers));
        headers.forEach((name, values) -> values.forEach(value -> request.addHeader(name, value)));
        return new OkHttpResponse(calls.newCall(request.build()).execute());
    }

    private @Nullable RequestBody body(HttpHeaders headers) {
        if (streamed != null) {
            return new StreamedBody(streamed, type(headers), headers.getContentLength());
        }
        if (written != null && written.size() > 0) {
            FastByteArrayOutputStream bytes = written;
            return new StreamedBody(repeatable(bytes::writeTo), type(headers), bytes.size());
        }
        return isBodyExpected() ? RequestBody.create(new byte[0], type(headers)) : null;
    }

    private boolean isBodyExpected() {
        return BODY_EXPECTED.contains(method.name());
    }

    private static Body repeatable(Body body) {
        return new Body() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                body.writeTo(out);
            }

            @Override
            public boolean repeatable() {
                return true;
            }
        };
    }

    private static @Nullable MediaType type(HttpHeaders headers) {
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        return type == null || type.isEmpty() ? null : MediaType.parse(type);
    }

    /** A streamed body of Spring; if it can be written only once, it is sent only once. */
    private static final class StreamedBody extends RequestBody {
        private final Body body;
        private final @Nullable MediaType type;
        private final long length;

        StreamedBody(Body body, @Nullable MediaType type, long length) {
            this.body = body;
            this.type = type;
            this.length = length;
        }

        @Override
        public @Nullable MediaType contentType() {
            return type;
        }

        @Override
        public long contentLength() {
            return length;
        }

        @Override
        public boolean isOneShot() {
            return !body.repeatable();
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            body.writeTo(sink.outputStream());
        }
    }
}
