package byroad.call;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.Upstream;
import byroad.UserCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which headers of a call may be sent to another authority: by default only those that are known to hold no
 * credential.
 */
final class HeaderRules {
    /** It makes a retry harmless, so it is sent to every endpoint. */
    private static final String REPEATABLE = "idempotency-key";

    /** Described in RFC 9110, RFC 6455 and W3C Trace Context; none of them identifies or authorises a caller. */
    private static final Set<String> HARMLESS = Set.of(
            "accept",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "cache-control",
            "connection",
            "content-encoding",
            "content-language",
            "content-length",
            "content-type",
            REPEATABLE,
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "range",
            "sec-websocket-extensions",
            "sec-websocket-key",
            "sec-websocket-version",
            "traceparent",
            "tracestate",
            "upgrade",
            "user-agent");

    /** Headers for credentials, from the documentation of widely used services and gateways. */
    private static final Set<String> CREDENTIALS = Set.of(
            "api-key",
            "apikey",
            "authorization",
            "cookie",
            "ocp-apim-subscription-key",
            "private-token",
            "proxy-authorization",
            "x-access-token",
            "x-amz-security-token",
            "x-api-key",
            "x-auth-token",
            "x-functions-key",
            "x-goog-api-key",
            "x-vault-token");

    private static final Optional<Map<String, String>> NOTHING_ADDED = Optional.of(Map.of());

    private final Upstream upstream;
    private final String called;
    private final boolean declared;

    private HeaderRules(Upstream upstream, boolean declared) {
        this.upstream = upstream;
        this.called = CallUrl.origin(upstream.calledAt());
        this.declared = declared;
    }

    static HeaderRules ofDeclared(Upstream upstream) {
        return new HeaderRules(upstream, true);
    }

    /** The rules for an undeclared host, whose callers expect the behaviour of their client without Byroad. */
    static HeaderRules ofUndeclared(Upstream upstream) {
        return new HeaderRules(upstream, false);
    }

    boolean isDeclared() {
        return declared;
    }

    /**
     * The headers that an endpoint gets beside those of the call: its own, and the number of the attempt if that is
     * declared.
     */
    Optional<Map<String, String>> added(Endpoint endpoint, int attempt, ClientRuntime runtime) {
        Optional<String> numbering = upstream.attemptHeader();
        if (endpoint.headers().isEmpty() && !numbering.isPresent()) {
            return NOTHING_ADDED;
        }
        Map<String, String> added = new LinkedHashMap<>();
        for (Map.Entry<String, Supplier<String>> header : endpoint.headers().entrySet()) {
            String what =
                    "the supplier of header " + header.getKey() + " of " + upstream.name() + "/" + endpoint.name();
            Optional<String> value = UserCode.call(
                    runtime, what, () -> Optional.of(sendable(header.getValue().get())), Optional.empty());
            if (!value.isPresent()) {
                return Optional.empty();
            }
            added.put(header.getKey(), value.get());
        }
        numbering.ifPresent(name -> added.put(name, String.valueOf(attempt)));
        return Optional.of(added);
    }

    /** Checks that the value is valid in a header: RFC 9110, section 5.5; no transport sends another. */
    private static String sendable(@Nullable String value) {
        if (value == null) {
            throw new HeaderValueException("no value (null)");
        }
        if (value.chars().anyMatch(letter -> letter != '\t' && letter < ' ' || letter > '~')) {
            throw new HeaderValueException("a value with a line end, a control character or one beyond ASCII");
        }
        return value;
    }

    /** Says why a value cannot be sent; its message does not hold the value. */
    private static final class HeaderValueException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        HeaderValueException(String why) {
            super(why, null);
        }
    }

    static boolean mayLeave(String headerName, Endpoint endpoint) {
        String lower = lower(headerName);
        if (lower.equals("host")) {
            return false;
        }
        if (!endpoint.forwards().isEmpty()) {
            return endpoint.forwards().contains(lower) || lower.equals(REPEATABLE);
        }
        return endpoint.isSharingCredentials() || HARMLESS.contains(lower);
    }

    /** Whether the caller's credentials may be used at that URL: all endpoints at its origin must share credentials. */
    boolean isTrusted(String url) {
        if (!declared || CallUrl.origin(url).equals(called)) {
            return true;
        }
        List<Endpoint> there = at(url);
        return !there.isEmpty() && there.stream().allMatch(Endpoint::isSharingCredentials);
    }

    /** Whether the caller's credentials may be used at that endpoint, whatever other endpoints are at its origin. */
    boolean isTrusted(Endpoint endpoint, String url) {
        return !declared || CallUrl.origin(url).equals(called) || endpoint.isSharingCredentials();
    }

    /** Whether a header of a request to that endpoint, at the first URL, may also be sent to the second. */
    boolean mayGoOn(String headerName, Endpoint endpoint, String from, String to) {
        String lower = lower(headerName);
        if (CallUrl.isSameOrigin(from, to)) {
            return true;
        }
        if (!declared) {
            return !CREDENTIALS.contains(lower) || CallUrl.isSameHost(from, to) && !CallUrl.isDowngrade(from, to);
        }
        List<Endpoint> there = at(to);
        boolean home = CallUrl.origin(to).equals(called);
        if (!home && there.isEmpty()) {
            return HARMLESS.contains(lower);
        }
        boolean own = endpoint.headers().keySet().stream().anyMatch(lower::equalsIgnoreCase);
        boolean ofCaller = !own && isTrusted(endpoint, from);
        boolean mayEnter = home || there.stream().allMatch(declaration -> mayLeave(lower, declaration));
        return mayEnter && (ofCaller || HARMLESS.contains(lower));
    }

    private List<Endpoint> at(String url) {
        String origin = CallUrl.origin(url);
        return upstream.endpoints().stream()
                .filter(endpoint -> CallUrl.origin(endpoint.at()).equals(origin))
                .collect(Collectors.toList());
    }

    private static String lower(String headerName) {
        return headerName.toLowerCase(Locale.ROOT);
    }
}
