package byroad.call;

import byroad.Endpoint;
import java.util.Locale;
import java.util.Set;

/** Which headers of a call may go to another authority: by default only those known to hold no credential. */
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

    private HeaderRules() {}

    static boolean mayLeave(String headerName, Endpoint endpoint) {
        String lower = headerName.toLowerCase(Locale.ROOT);
        if (lower.equals("host")) {
            return false;
        }
        if (!endpoint.forwards().isEmpty()) {
            return endpoint.forwards().contains(lower);
        }
        return endpoint.isSharingCredentials() || HARMLESS.contains(lower);
    }
}
