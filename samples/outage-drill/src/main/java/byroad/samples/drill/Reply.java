package byroad.samples.drill;

import java.util.HashMap;
import java.util.Map;

/** An answer that a party's server gives: its status, the headers beyond the usual ones, and its body. */
public record Reply(int status, String type, Map<String, String> headers, String body) {
    /** The header that whatever the origin answers itself bears, through an edge as well. */
    static final String MARK_OF_ORIGIN = "x-origin-build";

    private static final String HTML = "text/html; charset=UTF-8";
    private static final String JSON = "application/json";

    private static final Map<String, String> BY_ORIGIN = Map.of(MARK_OF_ORIGIN, "2025.11.18");
    private static final Map<String, String> BY_CLOUDFLARE =
            Map.of("server", "cloudflare", "cf-ray", "8f2d6b1c0a9e4d37-TST");
    private static final Map<String, String> BY_FASTLY =
            Map.of("server", "Varnish", "x-served-by", "cache-tst-loopback1-TST");

    private static final Reply OK = new Reply(200, JSON, BY_ORIGIN, "{\"status\":\"ok\"}");
    private static final Reply NO_CAPACITY = new Reply(503, JSON, BY_ORIGIN, "{\"error\":\"no capacity\"}");
    private static final Reply CLOUDFLARE_ERROR =
            new Reply(500, HTML, BY_CLOUDFLARE, Page.resource(Reply.class, "edge-error.html"));
    private static final Reply FASTLY_ERROR =
            new Reply(503, HTML, BY_FASTLY, Page.resource(Reply.class, "edge-b-error.html"));
    private static final Reply CHALLENGE = new Reply(
            403,
            HTML,
            Map.of("server", "cloudflare", "cf-ray", "8f2d6b1c0a9e4d37-TST", "cf-mitigated", "challenge"),
            "<!DOCTYPE html><html><title>Checking your browser</title><p>Turn on scripts to go on.</p></html>");

    /** Returns how that party answers in that mode. */
    public static Reply of(Party party, ServerMode mode) {
        return switch (mode) {
            case WELL, BOUNDED, BROWN_OUT, REFUSING, FROZEN -> OK;
            case EDGE_ERROR -> party == Party.EDGE_B ? FASTLY_ERROR : CLOUDFLARE_ERROR;
            case CHALLENGE -> CHALLENGE;
            case UNAVAILABLE -> party == Party.EDGE_A ? NO_CAPACITY.and(BY_CLOUDFLARE) : NO_CAPACITY;
        };
    }

    private Reply and(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new Reply(status, type, Map.copyOf(all), body);
    }
}
