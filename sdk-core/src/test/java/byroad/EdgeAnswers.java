package byroad;

import static byroad.KnownSignaturesTest.headers;

import byroad.KnownSignaturesTest.Case;
import java.util.List;
import java.util.Map;

/** Answers as edges make them, put together from their documentation and from pages seen in public, 2026-11-23. */
final class EdgeAnswers {
    static final String NOT_REACHED = " NEVER_REACHED_ORIGIN []";
    static final String ORIGIN = " MAYBE_PROCESSED []";

    private EdgeAnswers() {}

    static void add(List<Case> all) {
        cloudFront(all);
        fastly(all);
        akamai(all);
        azure(all);
        vercel(all);
    }

    private static void cloudFront(List<Case> all) {
        String edge = " [aws/cloudfront, cloudfront]";
        CaseOf of = (name, status, headers, body, says) ->
                all.add(new Case(name, "cloudfront", status, headers, body, says));
        Map<String, String> page = headers(
                "content-type",
                "text/html",
                "server",
                "CloudFront",
                "x-cache",
                "Error from cloudfront",
                "x-amz-cf-id",
                "q3==");
        of.add(
                "waf",
                403,
                headers("x-amzn-waf-action", "captcha"),
                "",
                "edge policy fault, certain (x-amzn-waf-action) NEVER_REACHED_ORIGIN" + edge);
        of.add(
                "blocked",
                403,
                page,
                cloudFrontPage("Request blocked."),
                "edge policy fault, likely (page by cloudfront) NEVER_REACHED_ORIGIN" + edge);
        of.add(
                "function",
                503,
                page,
                cloudFrontPage("The Lambda function associated with the CloudFront distribution was throttled."),
                "origin fault, likely (function at cloudfront failed)" + ORIGIN);
        of.add(
                "no DNS",
                502,
                page,
                cloudFrontPage("CloudFront wasn't able to resolve the origin domain name."),
                "origin fault, likely (cloudfront: origin not reached)" + NOT_REACHED);
        of.add(
                "timeout",
                504,
                page,
                cloudFrontPage("CloudFront attempted to establish a connection with the origin, but either the attempt"
                        + " failed or the origin closed the connection."),
                "origin fault, likely (cloudfront: origin failed)" + ORIGIN);
        of.add(
                "itself",
                500,
                page,
                cloudFrontPage(""),
                "edge fault, likely (page by cloudfront) MAYBE_PROCESSED" + edge);
        of.add(
                "no page",
                504,
                headers("server", "CloudFront"),
                "",
                "origin fault, likely (cloudfront: origin failed)" + ORIGIN);
        of.add(
                "no page",
                503,
                headers("server", "CloudFront"),
                "",
                "edge fault, likely (server is cloudfront itself) MAYBE_PROCESSED" + edge);
    }

    private static void fastly(List<Case> all) {
        CaseOf of =
                (name, status, headers, body, says) -> all.add(new Case(name, "fastly", status, headers, body, says));
        Map<String, String> page =
                headers("content-type", "text/html; charset=utf-8", "x-served-by", "cache-iad2150-IAD");
        String unknown =
                "Fastly error: unknown domain: api.example.ai. Please check that this domain has been added to a service.";
        of.add(
                "domain",
                500,
                page,
                unknown,
                "edge fault, certain (fastly: unknown domain) NEVER_REACHED_ORIGIN [fastly]");
        of.add(
                "domain",
                500,
                plainText(),
                unknown,
                "edge fault, certain (fastly: unknown domain) NEVER_REACHED_ORIGIN [fastly]");
        of.add(
                "certificate",
                503,
                page,
                fastlyPage("certificate has expired"),
                "edge policy fault, likely (fastly: certificate of the origin refused) NEVER_REACHED_ORIGIN [fastly]");
        of.add(
                "unhealthy",
                503,
                page,
                fastlyPage("Backend is unhealthy"),
                "origin fault, likely (fastly: origin not reached)" + NOT_REACHED);
        of.add(
                "slow",
                503,
                page,
                fastlyPage("first byte timeout"),
                "origin fault, likely (fastly: origin failed)" + ORIGIN);
        of.add(
                "itself",
                503,
                page,
                fastlyPage("Loop detected"),
                "edge fault, likely (page by fastly) MAYBE_PROCESSED [fastly]");
    }

    private static void akamai(List<Case> all) {
        CaseOf of =
                (name, status, headers, body, says) -> all.add(new Case(name, "akamai", status, headers, body, says));
        Map<String, String> page = headers("content-type", "text/html", "server", "AkamaiGHost");
        of.add(
                "denied",
                403,
                page,
                akamaiPage("18"),
                "edge policy fault, likely (akamai: denied) NEVER_REACHED_ORIGIN [akamai]");
        of.add(
                "no TLS",
                503,
                page,
                akamaiPage("30"),
                "origin fault, likely (akamai: no TLS with the origin)" + NOT_REACHED);
        of.add("itself", 500, page, akamaiPage("179"), "edge fault, likely (page by akamai) MAYBE_PROCESSED [akamai]");
        of.add(
                "no page",
                503,
                headers("server", "AkamaiGHost"),
                "",
                "edge fault, likely (server is akamai itself) MAYBE_PROCESSED [akamai]");
    }

    private static void azure(List<Case> all) {
        String edge = " [azure/front-door]";
        CaseOf of = (name, status, headers, body, says) ->
                all.add(new Case(name, "azure/front-door", status, headers, body, says));
        of.add(
                "internal",
                503,
                headers("x-azure-ref", "0abc", "x-azure-internalerror", "0x830c1029"),
                "",
                "edge fault, certain (x-azure-internalerror) MAYBE_PROCESSED" + edge);
        of.add(
                "certificate",
                503,
                headers("x-azure-externalerror", "0x830c1011, The certificate authority is unfamiliar."),
                "",
                "edge policy fault, certain (x-azure-externalerror: certificate of the origin refused) NEVER_REACHED_ORIGIN"
                        + edge);
        of.add(
                "external",
                503,
                headers("x-azure-externalerror", "0x80072ee2, The operation timed out"),
                "",
                "origin fault, certain (x-azure-externalerror)" + ORIGIN);
        of.add(
                "origin's status",
                503,
                headers("x-azure-originstatuscode", "503", "x-azure-internalerror", "0x0"),
                "",
                "origin fault, certain (x-azure-originstatuscode) ANSWERED [aws/us-west-2]");
        of.add(
                "page",
                503,
                html(),
                "<h2>Our services aren't available right now</h2><p>We're working to restore all services</p>",
                "edge fault (page by azure front door) MAYBE_PROCESSED" + edge);
    }

    private static void vercel(List<Case> all) {
        CaseOf of =
                (name, status, headers, body, says) -> all.add(new Case(name, "vercel", status, headers, body, says));
        of.add(
                "challenge",
                403,
                headers("x-vercel-mitigated", "challenge"),
                "",
                "edge policy fault, certain (x-vercel-mitigated) NEVER_REACHED_ORIGIN [vercel]");
        of.add(
                "function",
                504,
                vercel("FUNCTION_INVOCATION_TIMEOUT"),
                "",
                "origin fault, certain (function at vercel failed)" + ORIGIN);
        of.add(
                "no DNS",
                502,
                vercel("DNS_HOSTNAME_NOT_FOUND"),
                "",
                "origin fault, certain (vercel: origin not reached)" + NOT_REACHED);
        of.add(
                "target",
                502,
                vercel("ROUTER_EXTERNAL_TARGET_CONNECTION_ERROR"),
                "",
                "origin fault, certain (vercel: origin failed)" + ORIGIN);
        of.add(
                "itself",
                500,
                vercel("INTERNAL_CACHE_ERROR"),
                "",
                "edge fault, certain (x-vercel-error) MAYBE_PROCESSED [vercel]");
    }

    private interface CaseOf {
        void add(String name, int status, Map<String, String> headers, String body, String says);
    }

    static Map<String, String> html() {
        return headers("Content-Type", "Text/HTML; charset=UTF-8");
    }

    static Map<String, String> plainText() {
        return headers("content-type", "text/plain; charset=UTF-8");
    }

    private static Map<String, String> vercel(String code) {
        return headers("x-vercel-id", "fra1::abc", "x-vercel-error", code);
    }

    private static String cloudFrontPage(String why) {
        return "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>ERROR</H1>\n" + why
                + "\nWe can't connect to the server for this app or website at this time.\n<PRE>\n"
                + "Generated by cloudfront (CloudFront)\nRequest ID: q3==\n</PRE></BODY></HTML>";
    }

    private static String fastlyPage(String why) {
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<html>\n  <head>\n    <title>503 " + why
                + "</title>\n  </head>\n"
                + "  <body>\n    <h1>Error 503 " + why + "</h1>\n    <h3>Guru Mediation:</h3>\n"
                + "    <p>Details: cache-iad2150-IAD 1528653727 3234964384</p>\n    <hr>\n    <p>Varnish cache server</p>\n"
                + "  </body>\n</html>";
    }

    private static String akamaiPage(String number) {
        return "<HTML><HEAD><TITLE>Error</TITLE></HEAD><BODY>\nAn error occurred while processing your request.<p>\n"
                + "Reference&#32;&#35;" + number + "&#46;8c346d68&#46;1491884491&#46;2960089\n</BODY></HTML>";
    }
}
