package byroad.okhttp;

import byroad.call.Attempt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import okhttp3.CookieJar;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Removes headers of one attempt that must not be sent. Headers for one authority are not sent to another, after a
 * redirect or after an interceptor below has changed the request. Headers that an interceptor below has added are not
 * sent to an endpoint of another authority than the call's.
 */
final class HeaderGuard {
    /** Headers that OkHttp itself adds to every request, including those for the framing of the message. */
    private static final Set<String> OF_OKHTTP = Set.of(
            "accept-encoding",
            "connection",
            "content-length",
            "content-type",
            "host",
            "transfer-encoding",
            "user-agent",
            "if-none-match",
            "if-modified-since");

    /** OkHttp itself removes these, depending on the body. */
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding");

    private final Attempt attempt;
    private final Headers asSent; // before the interceptors below, which may add headers

    private final Rule toEndpoint = this::mayGoToEndpoint;

    // Guarded by this.
    private HttpUrl home;
    private Headers onTheWire = Headers.EMPTY; // of the first exchange with the endpoint's authority
    private boolean hasLeft;
    private List<String> dropped = List.of();

    HeaderGuard(Attempt attempt, Request request) {
        this.attempt = attempt;
        this.asSent = request.headers();
        this.home = request.url();
    }

    /** The headers of a request that were not written. */
    static List<String> missing(Request request, Request written) {
        List<String> missing = List.of();
        for (int i = 0; i < request.headers().size(); i++) {
            String name = request.headers().name(i);
            if (written.header(name) == null
                    && !FRAMING.contains(name.toLowerCase(Locale.ROOT))
                    && !missing.contains(name)) {
                missing = new ArrayList<>(missing);
                missing.add(name);
            }
        }
        return missing;
    }

    /** The request without the headers that must not be sent to its URL. */
    synchronized Request checked(Request request, CookieJar jar) {
        if (!hasLeft && !attempt.isDeclared()) {
            home = request.url(); // an interceptor may change the host of an undeclared call
        }
        boolean isFirst = !hasLeft;
        hasLeft = true;
        if (!isAtHome(request.url())) {
            return without(request, jar, this::mayGoOn);
        }
        if (!attempt.isSameAuthority()) {
            return without(request, jar, toEndpoint);
        }
        onTheWire = isFirst ? request.headers() : onTheWire;
        return request;
    }

    /** A rule for one header. */
    private interface Rule {
        boolean allows(String name, Request request, CookieJar jar);
    }

    private Request without(Request request, CookieJar jar, Rule rule) {
        Request.Builder checked = request.newBuilder();
        for (String name : request.headers().names()) {
            boolean isOfOkHttp = OF_OKHTTP.contains(name.toLowerCase(Locale.ROOT));
            if (!isOfOkHttp && !rule.allows(name, request, jar)) {
                checked.removeHeader(name);
                if (rule == toEndpoint) {
                    asSent.values(name).forEach(value -> checked.addHeader(name, value)); // it was replaced below
                }
                dropped = dropped.isEmpty() ? new ArrayList<>() : dropped;
                dropped.add(name);
            }
        }
        return checked.build();
    }

    /** Whether it was in the caller's request and may be sent to the endpoint, or is declared by the endpoint. */
    private boolean mayGoToEndpoint(String name, Request request, CookieJar jar) {
        return request.headers(name).equals(asSent.values(name))
                || asSent.get(name) == null && attempt.keeps(name)
                || attempt.sharesCredentials() && !attempt.isOwnHeader(name)
                || isOfJar(name, request, jar);
    }

    /**
     * Whether it may be sent to the next authority: it was added for it by an authenticator or the cookie jar, or the
     * rules allow it.
     */
    private boolean mayGoOn(String name, Request request, CookieJar jar) {
        if (attempt.keeps(name, request.url().toString()) || isOfJar(name, request, jar)) {
            return true;
        }
        List<String> values = request.headers(name);
        return !name.equalsIgnoreCase("Cookie")
                && Collections.disjoint(asSent.values(name), values)
                && Collections.disjoint(onTheWire.values(name), values);
    }

    /** The names of the headers that were not sent to an endpoint of another authority. */
    synchronized List<String> keptBack() {
        return attempt.isSameAuthority() ? List.of() : List.copyOf(dropped);
    }

    private boolean isAtHome(HttpUrl url) {
        return url.host().equals(home.host())
                && url.port() == home.port()
                && url.scheme().equals(home.scheme());
    }

    /** Whether it is the cookie header of the jar, which replaces cookies that were set by hand. */
    private static boolean isOfJar(String name, Request request, CookieJar jar) {
        return name.equalsIgnoreCase("Cookie")
                && !jar.loadForRequest(request.url()).isEmpty();
    }
}
