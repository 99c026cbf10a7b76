package byroad.okhttp;

import byroad.Endpoint;
import byroad.Upstream;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Checks that the URLs of an upstream are written as OkHttp writes the URLs of calls; otherwise no call would match. */
final class DeclaredUrls {
    private DeclaredUrls() {}

    /**
     * Returns the upstream.
     *
     * @throws IllegalArgumentException that shows how OkHttp writes the URL
     */
    static Upstream checked(Upstream upstream) {
        for (Endpoint endpoint : upstream.endpoints()) {
            check("at", endpoint.at());
        }
        if (!upstream.endpoints().isEmpty()) {
            check("calledAt", upstream.calledAt());
        }
        return upstream;
    }

    private static void check(String option, String url) {
        String written = written(url);
        if (!url.equals(written)) {
            throw new IllegalArgumentException(option + ": \"" + url + "\" (expected: "
                    + (written == null ? "a URL that OkHttp accepts)" : "\"" + written + "\", as OkHttp writes it)"));
        }
    }

    private static @Nullable String written(String url) {
        HttpUrl parsed = HttpUrl.parse(url);
        String text = parsed == null ? null : parsed.toString();
        return text != null && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
