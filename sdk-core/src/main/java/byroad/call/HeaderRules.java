package byroad.call;

import byroad.Endpoint;
import byroad.Upstream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which headers of an upstream's calls may go to another authority: by default only those known to hold no credential. */
final class HeaderRules {
    /** Described in RFC 9110 and W3C Trace Context; none of them identifies or authorises a caller. */
    private static final Set<String> HARMLESS = Set.of(
            "accept",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "cache-control",
            "content-encoding",
            "content-language",
            "content-length",
            "content-type",
            "idempotency-key",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "range",
            "traceparent",
            "tracestate",
            "user-agent");

    /** Where the documentation of widely used services and gateways has callers put their credentials. */
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

    /** For a host that nobody declared, whose callers expect what their client does without us. */
    static HeaderRules ofUndeclared(Upstream upstream) {
        return new HeaderRules(upstream, false);
    }

    boolean isDeclared() {
        return declared;
    }

    static boolean mayLeave(String headerName, Endpoint endpoint) {
        String lower = lower(headerName);
        if (lower.equals("host")) {
            return false;
        }
        if (!endpoint.forwards().isEmpty()) {
            return endpoint.forwards().contains(lower);
        }
        return endpoint.isSharingCredentials() || HARMLESS.contains(lower);
    }

    /** Whether the caller's credentials may be used at that URL. */
    boolean isTrusted(String url) {
        return !declared
                || CallUrl.origin(url).equals(called)
                || at(url).stream().anyMatch(Endpoint::isSharingCredentials);
    }

    /** Whether a header of a request to that endpoint, at the first URL, may go on to the second. */
    boolean mayGoOn(String headerName, Endpoint endpoint, String from, String to) {
        String lower = lower(headerName);
        if (CallUrl.origin(from).equals(CallUrl.origin(to))) {
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
        boolean ofCaller = !own && isTrusted(from);
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
