package byroad.okhttp;

import java.io.IOException;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The network interceptor of Byroad, which sees each request that is sent, also those that OkHttp makes by itself.
 * Headers for one authority are not sent to another, and OkHttp does not retry a {@code 503} with {@code Retry-After:
 * 0} unnoticed. Calls in the modes WATCH and OFF stay as they are; web socket upgrades do not pass here.
 */
final class WireGuard implements Interceptor {
    private static final String RETRY_AFTER = "Retry-After";
    /**
     * A zero, after which OkHttp retries by itself, or a number that is too large for its parser, which then throws.
     */
    private static final String UNREADABLE = "(0+|\\d{10,})";

    private static final String MARK =
            ".0000000"; // no server writes it like that, and OkHttp does not read it as a number

    @Override
    public Response intercept(Chain chain) throws IOException {
        CallState state = CallState.of(chain.call());
        OkHttpAttempt attempt = state == null ? null : state.attempt();
        if (attempt == null || attempt.attempt().isAsCalled()) {
            return chain.proceed(chain.request());
        }
        attempt.requireFewFollowUps();
        Request request = attempt.guard().checked(chain.request(), chain.getCookieJar());
        return unrepeated(chain.proceed(isInTunnel(chain) ? withoutProxys(request) : request));
    }

    private static boolean isInTunnel(Chain chain) {
        Connection connection = chain.connection();
        return connection != null && connection.route().requiresTunnel();
    }

    /**
     * Removes proxy credentials: if a host answers 407 through a tunnel, OkHttp would send the proxy's credentials to
     * the host.
     */
    private static Request withoutProxys(Request request) {
        return request.header("Proxy-Authorization") == null
                ? request
                : request.newBuilder().removeHeader("Proxy-Authorization").build();
    }

    private static Response unrepeated(Response response) {
        String wait = response.header(RETRY_AFTER);
        return response.code() == 503 && wait != null && wait.matches(UNREADABLE)
                ? response.newBuilder().header(RETRY_AFTER, wait + MARK).build()
                : response;
    }

    /** Restores the header for the caller as the server sent it. */
    static Response restored(Response response) {
        String wait = response.header(RETRY_AFTER);
        return response.code() == 503 && wait != null && wait.matches(UNREADABLE + "\\.0000000")
                ? response.newBuilder()
                        .header(RETRY_AFTER, wait.substring(0, wait.length() - MARK.length()))
                        .build()
                : response;
    }
}
