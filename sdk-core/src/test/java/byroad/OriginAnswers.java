package byroad;

import static byroad.KnownSignaturesTest.headers;

import byroad.KnownSignaturesTest.Case;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Answers that an origin makes and an edge passes on, with all the marks that passing leaves. */
final class OriginAnswers {
    private static final Map<String, Map<String, String>> MARKS = Map.of(
            "cloudflare", headers("server", "cloudflare", "cf-ray", "9a0c-SJC", "cf-cache-status", "DYNAMIC"),
            "cloudfront",
                    headers(
                            "x-cache",
                            "Error from cloudfront",
                            "via",
                            "1.1 51c7.cloudfront.net (CloudFront)",
                            "x-amz-cf-id",
                            "q3==",
                            "server",
                            "nginx"),
            "fastly", headers("via", "1.1 varnish", "x-served-by", "cache-iad2150-IAD", "x-cache", "MISS"),
            "akamai", headers("x-akamai-request-id", "8c34", "server", "nginx"),
            "azure/front-door", headers("x-azure-ref", "0abc", "x-cache", "CONFIG_NOCACHE"),
            "vercel", headers("server", "Vercel", "x-vercel-id", "fra1::abc"));

    private OriginAnswers() {}

    static void add(List<Case> all) {
        MARKS.forEach((edge, marks) -> {
            for (int status : new int[] {400, 404, 429, 500, 502, 503, 504}) {
                add(
                        all,
                        edge,
                        "page",
                        status,
                        marks,
                        "text/html",
                        "<html><h1>Service unavailable</h1><hr>nginx</html>");
                add(all, edge, "json", status, marks, "application/json", "{\"error\":{\"message\":\"overloaded\"}}");
                add(all, edge, "empty", status, marks, "text/plain", "");
            }
        });
        Map<String, String> cloudflare = marks("cloudflare");
        String scripts = "<script src=\"https://cdnjs.cloudflare.com/ajax/libs/x.js\"></script>"
                + "<script src='https://static.cloudflareinsights.com/beacon.min.js'></script>"
                + "<a href=\"/cdn-cgi/l/email-protection\">mail</a>We use Cloudflare and Vercel.";
        add(all, "cloudflare", "its scripts", 503, cloudflare, "text/html", scripts);
        add(all, "cloudflare", "a word", 503, cloudflare, "text/plain", "cloudflare");
        add(all, "cloudflare", "replaced text", 502, cloudflare, "text/plain", "error code: 502");
        add(
                all,
                "cloudflare",
                "a problem of its own upstream, wrapped",
                500,
                cloudflare,
                "application/json",
                "{\"error\":{\"cloudflare_error\":true,\"error_category\":\"cloudflare\"},\"upstream\":"
                        + "\"{\\\"cloudflare_error\\\":true}\"}");
        add(
                all,
                "cloudflare",
                "a problem of its own upstream, passed on",
                500,
                cloudflare,
                "application/problem+json",
                "{\"cloudflare_error\":true,\"error_category\":\"cloudflare\",\"ray_id\":\"77ff\"}");
        add(all, "cloudflare", "a problem as HTML", 500, cloudflare, "text/html", "{\"cloudflare_error\":true}");
        add(all, "cloudflare", "an answer", 200, cloudflare, "text/html", "<center>cloudflare</center>");
        add(
                all,
                "fastly",
                "its own Varnish",
                503,
                marks("fastly"),
                "text/html",
                "<title>503 Backend fetch failed</title><h3>Guru Meditation:</h3><p>XID: 98307</p><p>Varnish cache server</p>");
        add(all, "akamai", "a reference", 500, marks("akamai"), "text/html", "Reference no. 18.5");
        add(all, "vercel", "no such page", 404, headers("x-vercel-error", "NOT_FOUND"), "text/plain", "");
    }

    private static Map<String, String> marks(String edge) {
        return Objects.requireNonNull(MARKS.get(edge));
    }

    private static void add(
            List<Case> all, String edge, String name, int status, Map<String, String> marks, String type, String body) {
        Map<String, String> headers = headers("content-type", type);
        headers.putAll(marks);
        all.add(new Case(name, edge, status, headers, body, ""));
    }
}
