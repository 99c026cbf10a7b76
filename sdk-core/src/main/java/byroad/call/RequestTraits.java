package byroad.call;

import byroad.CallOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a request that the engine needs.
 *
 * @param method the HTTP method
 * @param url the URL as encoded text, exactly as it will be sent
 * @param body whether the body can be sent again
 * @param carriesIdempotencyKey whether an {@code Idempotency-Key} header makes a retry harmless
 * @param alreadyRetried whether a header says that the caller retries by itself
 * @param timeLimit the caller's own timeout for the whole call, which may have started earlier; empty means none
 * @param silenceLimit the caller's own limit for silence, such as a read timeout; empty means none
 * @param options the options of this call
 * @param isConditional whether a header makes it depend on the stored resource (RFC 9110, 13.1)
 * @param retryOnConnectionFailure whether the caller's client may send a request again when a connection fails
 */
public record RequestTraits(
        String method,
        String url,
        Body body,
        boolean carriesIdempotencyKey,
        boolean alreadyRetried,
        Optional<Duration> timeLimit,
        Optional<Duration> silenceLimit,
        CallOptions options,
        boolean isConditional,
        boolean retryOnConnectionFailure) {

    /** Whether a request's body can be sent again. */
    public enum Body {
        /** There is none. */
        NONE,
        /** It can be written any number of times. */
        REPEATABLE,
        /** It can be written once. */
        ONE_SHOT
    }

    /** The methods that RFC 9110, section 9.2.2, calls idempotent. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private static final Pattern COUNT = Pattern.compile("(?:^|attempt=)\\s*(\\d{1,9})");

    /** The safe methods of RFC 9110, section 9.2.1: they store nothing. */
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    /** A request without a condition, of a client that may retry. */
    public RequestTraits(
            String method,
            String url,
            Body body,
            boolean carriesIdempotencyKey,
            boolean alreadyRetried,
            Optional<Duration> timeLimit,
            Optional<Duration> silenceLimit,
            CallOptions options) {
        this(method, url, body, carriesIdempotencyKey, alreadyRetried, timeLimit, silenceLimit, options, false, true);
    }

    /** The same request with a condition: see {@link #isConditional(Function)}. */
    public RequestTraits conditional() {
        return new RequestTraits(
                method,
                url,
                body,
                carriesIdempotencyKey,
                alreadyRetried,
                timeLimit,
                silenceLimit,
                options,
                true,
                retryOnConnectionFailure);
    }

    /** The same request of a client that must not send it again when a connection fails. */
    public RequestTraits withoutRetryOnConnectionFailure() {
        return new RequestTraits(
                method,
                url,
                body,
                carriesIdempotencyKey,
                alreadyRetried,
                timeLimit,
                silenceLimit,
                options,
                isConditional,
                false);
    }

    /** A request without a body and without limits. */
    public static RequestTraits of(String method, String url) {
        return new RequestTraits(
                method, url, Body.NONE, false, false, Optional.empty(), Optional.empty(), CallOptions.NONE);
    }

    /**
     * Whether these headers say that the caller has sent this request before: the AI SDKs, gRPC, Envoy and the AWS SDKs number
     * their attempts.
     *
     * @param header gives the value of a header by its name, or null
     */
    public static boolean isSentBefore(Function<String, @Nullable String> header) {
        return number(header.apply("x-stainless-retry-count")) > 0
                || number(header.apply("grpc-previous-rpc-attempts")) > 0
                || number(header.apply("x-envoy-attempt-count")) > 1
                || number(header.apply("amz-sdk-request")) > 1;
    }

    /**
     * Whether these headers make a request depend on the stored resource, so that a retry can fail because the first
     * attempt succeeded.
     *
     * @param header gives the value of a header by its name, or null
     */
    public static boolean isConditional(Function<String, @Nullable String> header) {
        return header.apply("If-Match") != null
                || header.apply("If-None-Match") != null
                || header.apply("If-Unmodified-Since") != null;
    }

    /** The number in a text such as {@code 2} or {@code ttl=...; attempt=2; max=3}; 0 if there is none. */
    private static int number(@Nullable String text) {
        Matcher number = text == null ? null : COUNT.matcher(text);
        return number != null && number.find() ? Integer.parseInt(number.group(1)) : 0;
    }

    /** Whether it may be processed twice, by its method or its idempotency key. */
    boolean isIdempotent() {
        return IDEMPOTENT.contains(method.toUpperCase(Locale.ROOT)) || carriesIdempotencyKey;
    }

    /** Whether it stores something if a condition holds. */
    boolean mayStoreOnCondition() {
        return isConditional && !SAFE.contains(method.toUpperCase(Locale.ROOT));
    }

    /** Method and path, without query and fragment: what a report may show. */
    String summary() {
        int end = firstOf("?#", url.indexOf("://") + 3);
        int pathStart = firstOf("/", url.indexOf("://") + 3);
        return method + " " + (pathStart < end ? url.substring(pathStart, end) : "/");
    }

    /** The index of the first of these characters, or the end of the URL. */
    private int firstOf(String characters, int from) {
        int at = from;
        while (at < url.length() && characters.indexOf(url.charAt(at)) < 0) {
            at++;
        }
        return at;
    }
}
