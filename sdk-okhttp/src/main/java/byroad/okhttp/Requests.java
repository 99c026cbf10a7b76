package byroad.okhttp;

import byroad.CallOptions;
import byroad.call.Attempt;
import byroad.call.RequestTraits;
import byroad.call.RequestTraits.Body;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Converts OkHttp requests: to the traits for the engine, and to the request of an attempt. */
final class Requests {
    private Requests() {}

    static RequestTraits traitsOf(Interceptor.Chain chain) {
        Request request = chain.request();
        RequestBody body = request.body();
        boolean oneShot = body != null && (body.isOneShot() || body.isDuplex());
        CallOptions options = request.tag(CallOptions.class);
        long callTimeoutNanos = chain.call().timeout().timeoutNanos();
        RequestTraits traits = new RequestTraits(
                request.method(),
                urlOf(request),
                body == null ? Body.NONE : oneShot ? Body.ONE_SHOT : Body.REPEATABLE,
                request.header("Idempotency-Key") != null,
                RequestTraits.isSentBefore(request::header),
                callTimeoutNanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(callTimeoutNanos)),
                chain.readTimeoutMillis() == 0
                        ? Optional.empty()
                        : Optional.of(Duration.ofMillis(chain.readTimeoutMillis())),
                options == null ? CallOptions.NONE : options);
        traits = RequestTraits.isConditional(request::header) ? traits.conditional() : traits;
        return chain.getRetryOnConnectionFailure() ? traits : traits.withoutRetryOnConnectionFailure();
    }

    /** The URL without user info, which OkHttp does not send. */
    private static String urlOf(Request request) {
        HttpUrl url = request.url();
        return url.encodedUsername().isEmpty() && url.encodedPassword().isEmpty()
                ? url.toString()
                : url.newBuilder().username("").password("").build().toString();
    }

    /**
     * The request for the endpoint of that attempt: without headers that must not be sent there, and with these headers
     * of the endpoint.
     */
    static Request.Builder leaving(Request request, Attempt attempt, Map<String, String> added) {
        Request.Builder leaving = request.newBuilder();
        if (!attempt.url().equals(urlOf(request))) {
            leaving.url(attempt.url());
        }
        if (!attempt.isSameAuthority()) {
            request.headers().names().stream()
                    .filter(name -> !attempt.keeps(name))
                    .forEach(leaving::removeHeader);
        }
        added.forEach(leaving::header);
        return leaving;
    }
}
