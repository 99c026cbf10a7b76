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
 * Which headers of one attempt may go out on the wire. What is meant for one authority does not go on to another, be it that a
 * redirect leads there or that an interceptor below changes the request; and to an endpoint of another authority than the call's
 * goes nothing that an interceptor below has added.
 */
final class HeaderGuard {
    /** What OkHttp itself puts on every request; the framing of the message is among it. */
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

    /** OkHttp itself takes these out, by what it knows of the body. */
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding");

    private final Attempt attempt;
    private final Headers asSent; // by us; interceptors below may add to it

    private final Rule toEndpoint = this::mayGoToEndpoint;

    // Guarded by this.
    private HttpUrl home;
    private Headers onTheWire = Headers.EMPTY; // of the first exchange at home
    private boolean hasLeft;
    private List<String> dropped = List.of();

    HeaderGuard(Attempt attempt, Request request) {
        this.attempt = attempt;
        this.asSent = request.headers();
        this.home = request.url();
    }

    /** Headers that a request had and that were not written with it. */
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

    /** The request without what must not go there. */
    synchronized Request checked(Request request, CookieJar jar) {
        if (!hasLeft && !attempt.isDeclared()) {
            home = request.url(); // whoever changes the host of a call that nobody declared knows why
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

    /** Decides about one header. */
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
                    asSent.values(name).forEach(value -> checked.addHeader(name, value)); // it was replaced
                }
                dropped = dropped.isEmpty() ? new ArrayList<>() : dropped;
                dropped.add(name);
            }
        }
        return checked.build();
    }

    /** What the caller's request brought and may leave for the endpoint, or what the endpoint declares. */
    private boolean mayGoToEndpoint(String name, Request request, CookieJar jar) {
        return request.headers(name).equals(asSent.values(name))
                || asSent.get(name) == null && attempt.keeps(name)
                || attempt.sharesCredentials() && !attempt.isOwnHeader(name)
                || isOfJar(name, request, jar);
    }

    /** What was not meant for the first authority: what an authenticator or the cookie jar adds for the next one is. */
    private boolean mayGoOn(String name, Request request, CookieJar jar) {
        if (attempt.keeps(name, request.url().toString()) || isOfJar(name, request, jar)) {
            return true;
        }
        List<String> values = request.headers(name);
        return !name.equalsIgnoreCase("Cookie")
                && Collections.disjoint(asSent.values(name), values)
                && Collections.disjoint(onTheWire.values(name), values);
    }

    /** The names of headers that were kept back from an endpoint of another authority. */
    synchronized List<String> keptBack() {
        return attempt.isSameAuthority() ? List.of() : List.copyOf(dropped);
    }

    private boolean isAtHome(HttpUrl url) {
        return url.host().equals(home.host())
                && url.port() == home.port()
                && url.scheme().equals(home.scheme());
    }

    /** A jar that has cookies for a place replaces those set by hand. */
    private static boolean isOfJar(String name, Request request, CookieJar jar) {
        return name.equalsIgnoreCase("Cookie")
                && !jar.loadForRequest(request.url()).isEmpty();
    }
}
