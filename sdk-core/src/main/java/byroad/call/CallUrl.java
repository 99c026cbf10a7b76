package byroad.call;

import java.util.regex.Pattern;

/** Functions on the URL of a call as encoded text. Only its origin is parsed, so that no byte of the rest changes. */
final class CallUrl {
    private static final Pattern PORT = Pattern.compile(":\\d+$");

    private CallUrl() {}

    /** Whether that URL is below that base: the base is a prefix that ends with a path segment. */
    static boolean isBelow(String url, String base) {
        return url.startsWith(base) && (url.length() == base.length() || "/?#".indexOf(url.charAt(base.length())) >= 0);
    }

    /** Scheme, host and port, without user info. */
    static String origin(String url) {
        int hostStart = url.indexOf("://") + 3;
        int end = endOfOrigin(url);
        int userEnd = url.lastIndexOf('@', end - 1);
        return userEnd < hostStart
                ? url.substring(0, end)
                : url.substring(0, hostStart) + url.substring(userEnd + 1, end);
    }

    private static int endOfOrigin(String url) {
        int end = url.indexOf("://") + 3;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** Whether scheme, host and port are the same. */
    static boolean isSameOrigin(String url, String other) {
        if (url.equals(other)) {
            return true;
        }
        int end = endOfOrigin(url);
        boolean samePrefix = end == endOfOrigin(other) && url.regionMatches(0, other, 0, end);
        return samePrefix || origin(url).equals(origin(other));
    }

    /** The path, without query and fragment; at least a slash. */
    static String path(String url) {
        int start = url.indexOf('/', url.indexOf("://") + 3);
        int end = start;
        while (end >= 0 && end < url.length() && "?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return start < 0 ? "/" : url.substring(start, end);
    }

    static boolean isSameHost(String url, String other) {
        return host(url).equals(host(other));
    }

    /** Whether a redirect from the one to the other leaves TLS. */
    static boolean isDowngrade(String from, String to) {
        return from.startsWith("https:") && !to.startsWith("https:");
    }

    private static String host(String url) {
        String origin = origin(url);
        return PORT.matcher(origin.substring(origin.indexOf("://") + 3)).replaceFirst("");
    }

    /**
     * The URL with the base that the application calls replaced by that of the endpoint; unchanged for an undeclared
     * host.
     */
    static String rebased(String url, String called, String at) {
        return at.equals(called) || !isBelow(url, called) ? url : at + url.substring(called.length());
    }
}
