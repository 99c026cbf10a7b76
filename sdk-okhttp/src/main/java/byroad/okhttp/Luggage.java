package byroad.okhttp;

import byroad.call.Step;
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
 * The headers of one attempt: meant for the authority that it is sent to, and checked wherever else it is led by a redirect or
 * by an interceptor below. What somebody adds for that other place, such as an authenticator or the cookie jar, is not luggage.
 */
final class Luggage {
    /** What OkHttp itself puts on every request; the framing of the message is among it. */
    private static final Set<String> OF_OKHTTP = Set.of(
            "accept-encoding",
            "connection",
            "content-length",
            "content-type",
            "host",
            "transfer-encoding",
            "user-agent");

    /** OkHttp itself takes these out, by what it knows of the body. */
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding");

    private final Step.Send send;

    // Guarded by this.
    private HttpUrl home;
    private Headers meant;
    private boolean left;

    Luggage(Step.Send send, Request request) {
        this.send = send;
        this.home = request.url();
        this.meant = request.headers();
    }

    /** Headers that a request had and that were not written with it. */
    static List<String> missing(Request request, Request written) {
        List<String> missing = List.of();
        for (int i = 0;
                i < request.headers().size();
                i++) { // with every call to another authority: nothing is made for none
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
        boolean first = !left;
        left = true;
        if (first && !send.isDeclared()) {
            home = request.url(); // who changes the host of a call that nobody declared knows why
        }
        if (isAtHome(request.url())) {
            meant = request.headers();
            return request;
        }
        Request.Builder checked = request.newBuilder();
        for (String name : request.headers().names()) {
            boolean mayGoOn = OF_OKHTTP.contains(name.toLowerCase(Locale.ROOT))
                    || Collections.disjoint(
                            meant.values(name), request.headers().values(name))
                    || send.keeps(name, request.url().toString())
                    || isOfJar(name, request, jar);
            if (!mayGoOn) {
                checked.removeHeader(name);
            }
        }
        return checked.build();
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
