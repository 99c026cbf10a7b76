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
 * Makes a call give its connection back to the pool: the old way to other addresses of the same host, for clients where an
 * attempt cannot be a call of its own.
 *
 * <p>A call keeps its connection until it ends, whatever {@code withDns} says, as long as host and port stay the same. It
 * lets go when its next exchange is for another port, as redirects need; so it is given such an exchange, which a proxy
 * selector stops before anything is resolved or connected. The previous response must have been closed.
 */
@FunctionalInterface
interface Detach {
    int MOST_CAUSES = 8;

    /** The only way there is; whether it worked is for the caller to check. */
    Detach BY_ANOTHER_PORT = Detach::byAnotherPort;

    /** Lets go of the connection of that call. */
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
                    .close(); // an interceptor below answered by itself
        } catch (Stop expected) {
            // the connection is back in its pool
        } catch (IOException wrapped) {
            if (!isStop(wrapped)) {
                throw wrapped;
            }
        }
    }

    /** An interceptor below may make an exception of its own out of any. */
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

    /** Ends an exchange before anything is resolved or connected. */
    final class Stopping extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            throw new Stop();
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException why) {}
    }

    /** Thrown on purpose. */
    final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stop() {
            super("stopped on purpose", null, false, false);
        }
    }
}
