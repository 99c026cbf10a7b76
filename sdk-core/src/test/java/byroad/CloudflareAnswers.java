package byroad;

import static byroad.EdgeAnswers.NOT_REACHED;
import static byroad.EdgeAnswers.ORIGIN;
import static byroad.EdgeAnswers.html;
import static byroad.EdgeAnswers.plainText;
import static byroad.KnownSignaturesTest.headers;

import byroad.KnownSignaturesTest.Case;
import java.util.List;
import java.util.Map;

/** Answers as Cloudflare makes them, put together from its documentation and from pages seen in public, 2026-11-23. */
final class CloudflareAnswers {
    private CloudflareAnswers() {}

    static void add(List<Case> all) {
        String edge = " MAYBE_PROCESSED [cloudflare]";
        String refused = " NEVER_REACHED_ORIGIN [cloudflare]";
        add(
                all,
                "challenge",
                403,
                mitigated("challenge"),
                "",
                "edge policy fault, certain (cf-mitigated by cloudflare)" + refused);
        add(
                all,
                "block",
                429,
                mitigated("block"),
                "",
                "edge policy fault, certain (cf-mitigated by cloudflare)" + refused);
        add(
                all,
                "worker threw",
                500,
                type("1101"),
                "",
                "origin fault, certain (worker behind cloudflare failed)" + ORIGIN);
        add(
                all,
                "worker's limit",
                503,
                type("1102"),
                "",
                "origin fault, certain (worker behind cloudflare failed)" + ORIGIN);
        add(
                all,
                "no such origin",
                530,
                type("1016"),
                "",
                "origin fault, certain (cloudflare: origin not reached)" + NOT_REACHED);
        add(
                all,
                "refused",
                521,
                type("521"),
                "",
                "origin fault, certain (cloudflare: origin not reached)" + NOT_REACHED);
        add(all, "slow", 524, type("524"), "", "origin fault, certain (cloudflare: origin failed)" + ORIGIN);
        add(
                all,
                "certificate",
                526,
                type("526"),
                "",
                "edge policy fault, certain (cloudflare: certificate of the origin refused)" + refused);
        add(all, "rate", 429, type("1015"), "", "edge policy fault, certain (cloudflare: rate limit or ban)" + refused);
        add(
                all,
                "banned",
                403,
                type("1020"),
                "",
                "edge policy fault, certain (cloudflare: rate limit or ban)" + refused);
        add(all, "loop of DNS", 409, type("1000"), "", "edge fault, certain (cloudflare: misconfigured)" + refused);
        add(all, "itself", 500, type("500"), "", "edge fault, certain (cf-error-type by cloudflare)" + edge);
        add(
                all,
                "only its origin",
                503,
                headers("cf-ray", "9a0c-SJC", "cf-error-origin", "cache"),
                "",
                "edge fault, certain (cf-error-origin by cloudflare)" + edge);

        problem(all, 521, "origin", "origin fault, certain (cloudflare: origin not reached)" + NOT_REACHED);
        problem(all, 522, "origin", "origin fault, certain (cloudflare: origin failed)" + ORIGIN);
        problem(all, 524, "origin", "origin fault, certain (cloudflare: origin failed)" + ORIGIN);
        problem(all, 502, "origin", "origin fault, certain (cloudflare: origin failed)" + ORIGIN);
        problem(all, 500, "cloudflare", "edge fault, certain (cloudflare says it failed itself)" + edge);
        problem(all, 525, "ssl", "origin fault, certain (cloudflare: no TLS with the origin)" + NOT_REACHED);
        problem(
                all,
                526,
                "ssl",
                "edge policy fault, certain (cloudflare: certificate of the origin refused)" + refused);
        problem(all, 530, "dns", "origin fault, certain (cloudflare: no address of the origin)" + NOT_REACHED);
        problem(all, 429, "rate_limit", "edge policy fault, certain (cloudflare: rate limit)" + refused);
        problem(all, 403, "access_denied", "edge policy fault, certain (cloudflare: refused)" + refused);
        problem(all, 500, "worker", "origin fault, certain (worker behind cloudflare failed)" + ORIGIN);
        problem(all, 409, "config", "edge fault, certain (cloudflare: misconfigured)" + refused);
        String bare =
                "{\"title\":\"Error 502: Bad gateway\",\"status\":502,\"cloudflare_error\":true,\"retryable\":true}";
        add(all, "bare problem", 502, json(), bare, "origin fault, likely (cloudflare: origin failed)" + ORIGIN);
        add(all, "bare problem", 500, json(), bare, "edge fault, likely (problem by cloudflare)" + edge);
        add(all, "bare problem", 403, json(), bare, "edge policy fault, likely (cloudflare: refused)" + refused);

        for (int status : new int[] {521, 523, 525}) {
            add(
                    all,
                    "bare",
                    status,
                    ray(),
                    "",
                    "origin fault, likely (cloudflare 52x: origin not reached)" + NOT_REACHED);
        }
        add(
                all,
                "bare",
                530,
                ray(),
                "error code: 1033",
                "origin fault, likely (cloudflare 530: origin not found)" + NOT_REACHED);
        for (int status : new int[] {520, 522, 524, 527}) {
            add(all, "bare", status, ray(), "", "origin fault, likely (cloudflare 52x: origin failed)" + ORIGIN);
        }
        add(
                all,
                "bare",
                526,
                ray(),
                "",
                "edge policy fault, likely (cloudflare 526: certificate of the origin refused)" + refused);

        add(
                all,
                "18 November 2025",
                500,
                html(),
                page("cloudflare"),
                "edge fault, certain (page by cloudflare, which names itself)" + edge);
        add(
                all,
                "host",
                502,
                html(),
                page("host"),
                "origin fault, certain (page by cloudflare, which names the host)" + ORIGIN);
        String plain = "<html><head><title>500 Internal Server Error</title></head><body>"
                + "<center><h1>500 Internal Server Error</h1></center><hr><center>cloudflare-nginx</center></body></html>";
        add(all, "plain page", 500, html(), plain, "edge fault, likely (HTML page by cloudflare)" + edge);
        String banned = "<h1>Error <span class=\"cf-error-code\">1015</span></h1><h2>You are being rate limited</h2>";
        add(all, "banned page", 429, html(), banned, "edge policy fault, likely (page by cloudflare)" + refused);
        add(all, "text", 500, plainText(), "error code: 500", "edge fault, likely (text by cloudflare)" + edge);
        add(
                all,
                "text",
                500,
                plainText(),
                "error code: 1101\n",
                "origin fault, likely (worker behind cloudflare failed)" + ORIGIN);
        add(
                all,
                "text",
                403,
                plainText(),
                "error code: 1010",
                "edge policy fault, likely (text by cloudflare)" + refused);
    }

    private static void add(
            List<Case> all, String name, int status, Map<String, String> headers, String body, String says) {
        all.add(new Case(name, "cloudflare", status, headers, body, says));
    }

    private static void problem(List<Case> all, int status, String category, String says) {
        String body = "{\"type\":\"https://developers.cloudflare.com/support/\",\"title\":\"Error " + status
                + "\",\"status\":" + status + ",\"detail\":\"a \\\"word\\\", {as is}\",\"instance\":\"9a0c\","
                + "\"footer\":{\"error_category\":\"none\",\"list\":[1,\"]\"]},\"error_category\":\"" + category
                + "\",\"ray_id\":\"9a0c\",\"zone\":\"api.example.ai\",\"cloudflare_error\": true,\"retryable\":true}";
        add(all, "problem " + category, status, json(), body, says);
    }

    private static Map<String, String> ray() {
        return headers("server", "cloudflare", "cf-ray", "9a0c-SJC");
    }

    private static Map<String, String> type(String code) {
        return headers("server", "cloudflare", "cf-ray", "9a0c-SJC", "cf-error-type", code, "cf-error-origin", "edge");
    }

    private static Map<String, String> mitigated(String how) {
        return headers("server", "cloudflare", "cf-ray", "9a0c-SJC", "cf-mitigated", how);
    }

    private static Map<String, String> json() {
        return headers("content-type", "application/problem+json; charset=utf-8", "cf-ray", "9a0c-SJC");
    }

    private static String page(String failed) {
        String mark = "class=\"cf-error-source relative w-1/3\"";
        String working = "class=\" relative w-1/3\"";
        return "<!DOCTYPE html><html><title>api.example.ai | error</title><body><div id=\"cf-wrapper\">"
                + "<div id=\"cf-browser-status\" " + working + ">Browser</div>"
                + "<div id=\"cf-cloudflare-status\" " + (failed.equals("cloudflare") ? mark : working) + "><h3>"
                + "<a href=\"https://www.cloudflare.com/5xx-error-landing\">Cloudflare</a></h3></div>"
                + "<div id=\"cf-host-status\" " + (failed.equals("host") ? mark : working) + ">Host</div>"
                + "</div></body></html>";
    }
}
