package byroad.okhttp;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;

/**
 * Makes a call give its connection back to the pool, so that it can use other addresses of the same host; for clients
 * where an attempt cannot be a separate call.
 *
 * <p>A call keeps its connection until it ends while host and port stay the same, even with another {@code withDns}. It
 * gives the connection back when its next exchange is for another port, as after a redirect. So this class starts such
 * an exchange, and a proxy selector stops it before anything is resolved or connected. The previous response must have
 * been closed.
 */
@FunctionalInterface
interface Detach {
    int MOST_CAUSES = 8;

    /** The only known way; the caller must check whether it worked. */
    Detach BY_ANOTHER_PORT = Detach::byAnotherPort;

    /** Makes that call give its connection back. */
    void from(Interceptor.Chain chain) throws IOException;

    private static void byAnotherPort(Interceptor.Chain chain) throws IOException {
        HttpUrl url = chain.request().url();
        HttpUrl elsewhere = url.newBuilder().port(url.port() == 1 ? 2 : 1).build();
        try {
            chain.withProxy(null)
                    .withProxySelector(new Stopping())
                    .withCookieJar(CookieJar.NO_COOKIES)
                    .withCache(null)
                    .withRetryOnConnectionFailure(false)
                    .proceed(new Request.Builder().url(elsewhere).build())
                    .close(); // an interceptor below made a response by itself
        } catch (Stop expected) {
            // the connection is back in its pool
        } catch (IOException wrapped) {
            if (!isStop(wrapped)) {
                throw wrapped;
            }
        }
    }

    /** Whether it is the exception of this class; an interceptor below may have wrapped it. */
    private static boolean isStop(IOException wrapped) {
        Throwable cause = wrapped;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof Stop) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** Stops an exchange before anything is resolved or connected. */
    final class Stopping extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            throw new Stop();
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException why) {}
    }

    /** Thrown to stop the exchange. */
    final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stop() {
            super("stopped on purpose", null, false, false);
        }
    }
}
