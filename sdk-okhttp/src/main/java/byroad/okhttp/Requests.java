package byroad.okhttp;

import byroad.CallOptions;
import byroad.call.RequestTraits;
import byroad.call.RequestTraits.Body;
import byroad.call.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** OkHttp's requests as the engine wants to know them, and as a send wants them to be. */
final class Requests {
    private Requests() {}

    static RequestTraits traitsOf(Interceptor.Chain chain) {
        Request request = chain.request();
        RequestBody body = request.body();
        boolean oneShot = body != null && (body.isOneShot() || body.isDuplex());
        CallOptions options = request.tag(CallOptions.class);
        long callTimeoutNanos = chain.call().timeout().timeoutNanos();
        return new RequestTraits(
                request.method(),
                request.url().toString(),
                body == null ? Body.NONE : oneShot ? Body.ONE_SHOT : Body.REPEATABLE,
                request.header("Idempotency-Key") != null,
                RequestTraits.isSentBefore(request::header),
                callTimeoutNanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(callTimeoutNanos)),
                chain.readTimeoutMillis() == 0
                        ? Optional.empty()
                        : Optional.of(Duration.ofMillis(chain.readTimeoutMillis())),
                options == null ? CallOptions.NONE : options);
    }

    /** The request as it may leave for that endpoint. */
    static Request.Builder forSend(Request request, Step.Send send, CallWatch watch) {
        Request.Builder leaving = request.newBuilder();
        if (!send.url().equals(request.url().toString())) {
            leaving.url(send.url());
        }
        if (!send.isSameAuthority()) {
            request.headers().names().stream().filter(name -> !send.keeps(name)).forEach(leaving::removeHeader);
        }
        send.addedHeaders().forEach(leaving::header);
        guard(request, leaving, watch);
        return leaving;
    }

    /** That request, whose body a rewrite may have replaced. */
    static Request guarded(Request request, CallWatch watch) {
        if (request.body() == null || request.body() instanceof SentOnce) {
            return request;
        }
        Request.Builder guarded = request.newBuilder();
        guard(request, guarded, watch);
        return guarded.build();
    }

    private static void guard(Request request, Request.Builder leaving, CallWatch watch) {
        RequestBody body = request.body();
        if (body != null) {
            leaving.method(request.method(), new SentOnce(body, watch));
        }
    }

    /**
     * A body that OkHttp takes for a one-shot after a 408, 421 or 503, so that it does not repeat the request by itself;
     * after a redirect or a challenge it may.
     */
    private static final class SentOnce extends RequestBody {
        private final RequestBody body;
        private final CallWatch watch;

        SentOnce(RequestBody body, CallWatch watch) {
            this.body = body;
            this.watch = watch;
        }

        @Override
        public @Nullable MediaType contentType() {
            return body.contentType();
        }

        @Override
        public long contentLength() throws IOException {
            return body.contentLength();
        }

        @Override
        public boolean isDuplex() {
            return body.isDuplex();
        }

        @Override
        public boolean isOneShot() {
            return body.isOneShot() || OkHttpRepeats.after(watch.lastStatus());
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            try {
                body.writeTo(sink);
            } catch (IOException e) {
                watch.notWritten(e);
                throw e;
            }
        }
    }
}
