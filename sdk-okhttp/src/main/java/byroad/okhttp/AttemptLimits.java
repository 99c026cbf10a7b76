package byroad.okhttp;

import byroad.call.Attempt;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Authenticator;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of one attempt on a chain of OkHttp: its own limits until the response headers are there, and the
 * client's read timeout afterwards.
 *
 * @param within the longest silence before the headers; empty means none
 * @param connectWithin how long look-ups and connecting may take; empty means as long as the client allows
 * @param readTimeoutMillis the client's read timeout; 0 means none
 */
record AttemptLimits(Optional<Duration> within, Optional<Duration> connectWithin, int readTimeoutMillis) {
    /** The limits of a request that is sent as the caller made it. */
    static AttemptLimits none(int readTimeoutMillis) {
        return new AttemptLimits(Optional.empty(), Optional.empty(), readTimeoutMillis);
    }

    /**
     * The chain with these limits, and with an authenticator that is only asked if the caller's credentials may be
     * sent.
     */
    Interceptor.Chain on(Interceptor.Chain chain, Attempt attempt) {
        Interceptor.Chain limited = chain;
        Authenticator own = chain.getAuthenticator();
        if (attempt.isDeclared() && own != Authenticator.NONE) {
            limited = limited.withAuthenticator((route, response) ->
                    attempt.trusts(response.request().url().toString()) ? own.authenticate(route, response) : null);
        }
        int connecting = millis(connectWithin);
        if (isLonger(limited.connectTimeoutMillis(), connecting)) {
            limited = limited.withConnectTimeout(connecting, TimeUnit.MILLISECONDS);
        }
        int millis = millis(within);
        if (isLonger(limited.readTimeoutMillis(), millis)) {
            limited = limited.withReadTimeout(millis, TimeUnit.MILLISECONDS);
        }
        return limited;
    }

    private static int millis(Optional<Duration> limit) {
        return limit.isPresent()
                ? (int) Math.min(Integer.MAX_VALUE, Math.max(1, limit.get().toMillis()))
                : 0;
    }

    private static boolean isLonger(int configured, int within) {
        return within > 0 && (configured == 0 || configured > within);
    }

    /** Ends the limit for the headers: the body has the client's own read timeout, for HTTP/1.1 also in the socket. */
    void widen(Response response, @Nullable Connection connection) {
        boolean isShortened = isLonger(readTimeoutMillis, millis(within));
        if (isShortened && response.code() != 101 && response.networkResponse() != null) {
            response.body().source().timeout().timeout(readTimeoutMillis, TimeUnit.MILLISECONDS);
            limitReads(connection, readTimeoutMillis);
        }
    }

    /** Sets the read timeout of a response body over HTTP/1.1; over HTTP/2 the stream has its own limit. */
    static void limitReads(@Nullable Connection connection, int millis) {
        if (connection != null && connection.protocol() != Protocol.HTTP_2) {
            try {
                connection.socket().setSoTimeout(millis);
            } catch (SocketException closedMeanwhile) {
                // there is a response; reading its body then fails
            }
        }
    }
}
