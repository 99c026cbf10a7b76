package byroad;

import static byroad.Fault.Certainty.CERTAIN;
import static byroad.Fault.Certainty.GUESS;
import static byroad.Fault.Certainty.LIKELY;
import static byroad.SignatureRow.Attribution.EDGE_FAILED;
import static byroad.SignatureRow.Attribution.EDGE_MISROUTED;
import static byroad.SignatureRow.Attribution.EDGE_REFUSED;
import static byroad.SignatureRow.Attribution.ORIGIN_ANSWERED;
import static byroad.SignatureRow.Attribution.ORIGIN_FAILED;
import static byroad.SignatureRow.Attribution.ORIGIN_NOT_REACHED;
import static byroad.SignatureRow.agrees;
import static byroad.SignatureRow.header;
import static byroad.SignatureRow.html;
import static byroad.SignatureRow.member;
import static byroad.SignatureRow.serverError;
import static byroad.SignatureRow.status;
import static byroad.SignatureRow.text;

import byroad.Fault.Certainty;
import byroad.SignatureRow.Attribution;
import byroad.SignatureRow.Condition;
import byroad.SignatureRow.Edge;
import byroad.SignatureRow.ExaminedAnswer;
import byroad.SignatureRow.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The built-in signatures of known providers, as rows of data that are checked in order.
 *
 * <p>A row applies only to an answer that passed its provider. The declared edges show that, or a header such as {@code
 * cf-ray}. That header alone proves nothing more: an origin's own error has it too.
 */
final class KnownSignatures {
    private static final Condition ANY_REFUSAL = status(403, 409, 429);

    private static final List<SignatureRow> ROWS = Stream.of(
                    cloudflareByHeader(),
                    cloudflareByProblem(),
                    cloudflareByStatus(),
                    cloudflareByPage(),
                    cloudFront(),
                    fastly(),
                    akamai(),
                    azureFrontDoor(),
                    vercel())
            .flatMap(rows -> rows.all.stream())
            .collect(Collectors.toList());

    private KnownSignatures() {}

    static Optional<Fault> read(ResponseHead head, Endpoint endpoint) {
        if (head.status() < 400) {
            return Optional.empty();
        }
        Optional<String> marker = endpoint.originMarker().filter(name -> head.status() >= 500);
        if (marker.flatMap(head::header).isPresent()) {
            return Optional.of(
                    ORIGIN_ANSWERED.fault("marked by the origin as its own", CERTAIN, endpoint, endpoint.edges()));
        }
        Optional<Fault> byProxy = ProxyStatus.read(head, endpoint);
        Optional<Fault> known = byProxy.isPresent() ? byProxy : byRow(new ExaminedAnswer(head, endpoint));
        if (known.isPresent() || !marker.isPresent() || endpoint.edges().isEmpty()) {
            return known;
        }
        String evidence = "HTTP " + head.status() + " without the origin's mark";
        return Optional.of(EDGE_FAILED.fault(evidence, CERTAIN, endpoint, endpoint.edges()));
    }

    private static Optional<Fault> byRow(ExaminedAnswer answer) {
        for (SignatureRow row : ROWS) {
            Optional<Fault> fault = row.edge().wasPassed(answer) ? row.read(answer) : Optional.empty();
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    /** All rows in their order. */
    static List<SignatureRow> rows() {
        return ROWS;
    }

    private static Rows cloudflareByHeader() {
        Rows rows = cloudflare("cloudflare-error-headers/");
        rows.add(EDGE_REFUSED, CERTAIN, "cf-mitigated by cloudflare", header("cf-mitigated", ".+"));
        rows.add(ORIGIN_FAILED, CERTAIN, "worker behind cloudflare failed", type("1101|1102"));
        rows.add(ORIGIN_NOT_REACHED, CERTAIN, "cloudflare: origin not reached", type("52[135]|530|1001|1016|1033"));
        rows.add(ORIGIN_FAILED, CERTAIN, "cloudflare: origin failed", type("50[24]|52[0247]"));
        rows.add(EDGE_REFUSED, CERTAIN, "cloudflare: certificate of the origin refused", type("526"));
        rows.add(EDGE_REFUSED, CERTAIN, "cloudflare: rate limit or ban", type("10(0[5-9]|1[0-35]|2[057])|1106|1200"));
        rows.add(EDGE_MISROUTED, CERTAIN, "cloudflare: misconfigured", type("1\\d{3}"));
        rows.add(EDGE_FAILED, CERTAIN, "cf-error-type by cloudflare", serverError(), type(".+"));
        rows.add(EDGE_FAILED, CERTAIN, "cf-error-origin by cloudflare", serverError(), header("cf-error-origin", ".+"));
        return rows;
    }

    private static Condition type(String pattern) {
        return header("cf-error-type", pattern);
    }

    /**
     * Problem details of RFC 9457, sent since April 2026 to callers that prefer JSON. Not every body names a category.
     */
    private static Rows cloudflareByProblem() {
        Rows rows = cloudflare("cloudflare-5xx-errors/ and changelog 2026-03-12 to 2026-04");
        rows.add(ORIGIN_NOT_REACHED, CERTAIN, "cloudflare: origin not reached", problem("origin"), status(521, 523));
        rows.add(ORIGIN_FAILED, CERTAIN, "cloudflare: origin failed", problem("origin"));
        rows.add(EDGE_FAILED, CERTAIN, "cloudflare says it failed itself", problem("cloudflare"));
        rows.add(EDGE_REFUSED, CERTAIN, "cloudflare: certificate of the origin refused", problem("ssl"), status(526));
        rows.add(ORIGIN_NOT_REACHED, CERTAIN, "cloudflare: no TLS with the origin", problem("ssl"));
        rows.add(ORIGIN_NOT_REACHED, CERTAIN, "cloudflare: no address of the origin", problem("dns"));
        rows.add(EDGE_REFUSED, CERTAIN, "cloudflare: rate limit", problem("rate_limit"));
        rows.add(EDGE_REFUSED, CERTAIN, "cloudflare: refused", problem("access_denied|legal"));
        rows.add(ORIGIN_FAILED, CERTAIN, "worker behind cloudflare failed", problem("worker|snippet"));
        rows.add(EDGE_MISROUTED, CERTAIN, "cloudflare: misconfigured", problem("config|tls|rewrite|unsupported"));
        rows.add(EDGE_REFUSED, LIKELY, "cloudflare: refused", ANY_REFUSAL, problem(""));
        rows.add(ORIGIN_FAILED, LIKELY, "cloudflare: origin failed", status(502, 504), problem(""));
        rows.add(EDGE_FAILED, LIKELY, "problem by cloudflare", status(500, 503), problem(""));
        return rows;
    }

    private static Condition problem(String category) {
        return ANY_REFUSAL
                .or(serverError())
                .and(member("cloudflare_error", "true"))
                .and(member("error_category", category))
                .and(agrees("ray_id", "cf-ray"));
    }

    /**
     * Status codes that Cloudflare made up. An origin could use them as well. 522 is sent also where the connection
     * stood and nothing was acknowledged, so that the host may have the request.
     */
    private static Rows cloudflareByStatus() {
        Rows rows = cloudflare("cloudflare-5xx-errors/");
        rows.add(ORIGIN_NOT_REACHED, LIKELY, "cloudflare 52x: origin not reached", status(521, 523, 525));
        rows.add(ORIGIN_NOT_REACHED, LIKELY, "cloudflare 530: origin not found", status(530));
        rows.add(ORIGIN_FAILED, LIKELY, "cloudflare 52x: origin failed", status(520, 522, 524, 527));
        rows.add(EDGE_REFUSED, LIKELY, "cloudflare 526: certificate of the origin refused", status(526));
        return rows;
    }

    /**
     * The pages show browser, Cloudflare and host, and mark which of them failed. A page of the origin may load scripts
     * from hosts of Cloudflare, so only the visible word counts. Cloudflare's text for 502 or 504 also replaces the
     * origin's own text.
     */
    private static Rows cloudflareByPage() {
        Rows rows = cloudflare("cloudflare-5xx-errors/ and error-500/, pages seen in public repositories");
        rows.add(EDGE_FAILED, CERTAIN, "page by cloudflare, which names itself", serverError(), failed("cloudflare"));
        rows.add(ORIGIN_FAILED, CERTAIN, "page by cloudflare, which names the host", serverError(), failed("host"));
        rows.add(
                EDGE_FAILED,
                LIKELY,
                "HTML page by cloudflare",
                serverError(),
                html(">\\s*cloudflare(-nginx)?\\s*<|cloudflare ray id|id=[\"']cf-(wrapper|error-details)"));
        rows.add(EDGE_REFUSED, LIKELY, "page by cloudflare", ANY_REFUSAL, html("cf-error-code[\"']>\\s*1\\d{3}\\s*<"));
        rows.add(
                ORIGIN_FAILED,
                LIKELY,
                "worker behind cloudflare failed",
                serverError(),
                text("^error code: 110[12]\\s*$"));
        rows.add(EDGE_FAILED, LIKELY, "text by cloudflare", status(500), text("^error code: 500\\s*$"));
        rows.add(EDGE_REFUSED, LIKELY, "text by cloudflare", ANY_REFUSAL, text("^error code: 1\\d{3}\\s*$"));
        return rows;
    }

    private static Condition failed(String who) {
        return html("id=[\"']cf-" + who + "-status[\"']\\s+class=[\"']cf-error-source");
    }

    private static Rows cloudflare(String page) {
        return new Rows(
                edge(Map.of("cf-ray", ".+"), "cloudflare"),
                "developers.cloudflare.com/support/troubleshooting/http-status-codes/" + page);
    }

    private static Rows cloudFront() {
        Rows rows = new Rows(
                edge(Map.of("x-amz-cf-id", ".+", "via", ".*\\(CloudFront\\).*"), "cloudfront", "aws/cloudfront"),
                "docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/troubleshooting-response-errors.html");
        Condition page = html("generated by cloudfront \\(CloudFront\\)");
        rows.add(EDGE_REFUSED, CERTAIN, "x-amzn-waf-action", header("x-amzn-waf-action", ".+"));
        rows.add(EDGE_REFUSED, LIKELY, "page by cloudfront", status(403, 429), page);
        rows.add(
                ORIGIN_FAILED,
                LIKELY,
                "function at cloudfront failed",
                serverError(),
                page,
                html("Lambda|CloudFront function"));
        rows.add(
                ORIGIN_NOT_REACHED,
                LIKELY,
                "cloudfront: origin not reached",
                serverError(),
                page,
                html("wasn't able to (connect to the origin|resolve the origin)"));
        rows.add(ORIGIN_FAILED, LIKELY, "cloudfront: origin failed", status(502, 504), page);
        rows.add(EDGE_FAILED, LIKELY, "page by cloudfront", serverError(), page);
        rows.add(ORIGIN_FAILED, LIKELY, "cloudfront: origin failed", status(502, 504), header("server", "CloudFront"));
        rows.add(EDGE_FAILED, LIKELY, "server is cloudfront itself", serverError(), header("server", "CloudFront"));
        return rows;
    }

    private static Rows fastly() {
        Rows rows = new Rows(
                edge(Map.of("x-served-by", "cache-.+", "x-fastly-request-id", ".+"), "fastly"),
                "fastly.com/documentation/guides, common 503 errors");
        Condition page =
                html("Guru Mediation:.{0,60}Details: cache-"); // Fastly's spelling; Varnish writes "Meditation"
        rows.add(EDGE_MISROUTED, CERTAIN, "fastly: unknown domain", status(500), html("Fastly error: unknown domain"));
        rows.add(EDGE_MISROUTED, CERTAIN, "fastly: unknown domain", status(500), text("Fastly error: unknown domain"));
        rows.add(
                EDGE_REFUSED,
                LIKELY,
                "fastly: certificate of the origin refused",
                serverError(),
                page,
                title("certificate"));
        rows.add(
                ORIGIN_NOT_REACHED,
                LIKELY,
                "fastly: origin not reached",
                serverError(),
                page,
                title(
                        "unhealthy|connection (refused|timed out)|gethostbyname|unreachable|SSL (handshake|timeout)|max_conn"));
        rows.add(
                ORIGIN_FAILED,
                LIKELY,
                "fastly: origin failed",
                serverError(),
                page,
                title("byte(s)? timeout|backend (read|write)"));
        rows.add(EDGE_FAILED, LIKELY, "page by fastly", serverError(), page);
        return rows;
    }

    private static Condition title(String part) {
        return html("<title>[^<]{0,80}(" + part + ")");
    }

    private static Rows akamai() {
        Rows rows = new Rows(
                edge(Map.of("server", "AkamaiGHost.*", "x-akamai-request-id", ".+"), "akamai"),
                "pages seen in public repositories; techdocs.akamai.com, reference numbers");
        rows.add(EDGE_REFUSED, LIKELY, "akamai: denied", status(403), reference("18"));
        rows.add(ORIGIN_NOT_REACHED, LIKELY, "akamai: no TLS with the origin", serverError(), reference("30"));
        rows.add(EDGE_FAILED, LIKELY, "page by akamai", serverError(), reference("\\d+"));
        rows.add(EDGE_FAILED, LIKELY, "server is akamai itself", serverError(), header("server", "AkamaiGHost.*"));
        return rows;
    }

    private static Condition reference(String number) {
        return html("Reference(\\s|&#32;){0,8}(#|&#35;)" + number + "(\\.|&#46;)");
    }

    private static Rows azureFrontDoor() {
        Rows rows = new Rows(
                edge(Map.of("x-azure-ref", ".+"), "azure/front-door"),
                "learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol");
        String failed = "(?!0x0$|0$).+";
        rows.add(EDGE_FAILED, CERTAIN, "x-azure-internalerror", serverError(), header("x-azure-internalerror", failed));
        rows.add(
                EDGE_REFUSED,
                CERTAIN,
                "x-azure-externalerror: certificate of the origin refused",
                serverError(),
                header("x-azure-externalerror", ".*certificate.*"));
        rows.add(
                ORIGIN_FAILED,
                CERTAIN,
                "x-azure-externalerror",
                serverError(),
                header("x-azure-externalerror", failed));
        rows.add(ORIGIN_ANSWERED, CERTAIN, "x-azure-originstatuscode", header("x-azure-originstatuscode", "5\\d\\d"));
        rows.add(
                EDGE_FAILED,
                GUESS,
                "page by azure front door",
                serverError(),
                html("Our services aren't available right now"));
        return rows;
    }

    private static Rows vercel() {
        Rows rows = new Rows(edge(Map.of("x-vercel-id", ".+"), "vercel"), "vercel.com/docs/errors");
        rows.add(EDGE_REFUSED, CERTAIN, "x-vercel-mitigated", header("x-vercel-mitigated", "challenge|deny"));
        rows.add(
                ORIGIN_FAILED,
                CERTAIN,
                "function at vercel failed",
                serverError(),
                code("(EDGE_)?FUNCTION_.*|.*_FROM_FUNCTION|MIDDLEWARE_.*|SANDBOX_.*|INFINITE_LOOP_DETECTED"));
        rows.add(
                ORIGIN_NOT_REACHED,
                CERTAIN,
                "vercel: origin not reached",
                serverError(),
                code("DNS_HOSTNAME_.*|ROUTER_EXTERNAL_TARGET_HANDSHAKE_ERROR"));
        rows.add(ORIGIN_FAILED, CERTAIN, "vercel: origin failed", serverError(), code("ROUTER_EXTERNAL_TARGET_.*"));
        rows.add(EDGE_FAILED, CERTAIN, "x-vercel-error", serverError(), code(".+"));
        return rows;
    }

    private static Condition code(String pattern) {
        return header("x-vercel-error", pattern);
    }

    private static Edge edge(Map<String, String> onPath, String... names) {
        Map<String, Pattern> patterns = new TreeMap<>();
        onPath.forEach((name, value) -> patterns.put(name, Pattern.compile(value, Pattern.CASE_INSENSITIVE)));
        return new Edge(Arrays.stream(names).map(FailureDomain::new).collect(Collectors.toList()), patterns);
    }

    /** The rows of one provider from one source. */
    private static final class Rows {
        private final Edge edge;
        private final Source source;
        private final List<SignatureRow> all = new ArrayList<>();

        Rows(Edge edge, String where) {
            this.edge = edge;
            this.source = new Source(where, "2026-11-23");
        }

        void add(Attribution attribution, Certainty certainty, String evidence, Condition... conditions) {
            all.add(new SignatureRow(edge, List.of(conditions), attribution, certainty, evidence, source));
        }
    }
}
