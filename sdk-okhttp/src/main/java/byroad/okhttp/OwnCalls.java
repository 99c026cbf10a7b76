package byroad.okhttp;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Makes separate calls for attempts that cannot be made on the caller's call: to another authority, to other addresses
 * of the same authority while the call holds a connection, or at the same time as another attempt.
 *
 * <p>Such a call has the same settings and interceptors as the caller's call below this interceptor: the settings of
 * its chain, the interceptors below, the network interceptors, and last the header guard. Safe for use by any thread.
 */
final class OwnCalls {
    private final Interceptor byroad;

    // Guarded by itself. Soft: an interceptor of the user may hold the client that is its key.
    private final Map<OkHttpClient, SoftReference<OkHttpClient>> derived = new WeakHashMap<>();

    /** For calls of that interceptor. */
    OwnCalls(Interceptor byroad) {
        this.byroad = byroad;
    }

    /** Why separate calls cannot be made for the call of that chain; null if they can. */
    @Nullable
    String whyNone(Interceptor.Chain caller) {
        OkHttpClient client = OkHttpInternals.clientOf(caller.call());
        if (client == null) {
            return "OkHttp does not tell which client made the call (on the module path it needs "
                    + "--add-exports okhttp3/okhttp3.internal.connection=ALL-UNNAMED)";
        }
        return client.interceptors().contains(byroad)
                ? null
                : "Byroad is called by another interceptor (expected: addInterceptor(byroad))";
    }

    /** A separate call for that attempt; only if {@link #whyNone} returns null. */
    Call of(OkHttpAttempt attempt, Interceptor.Chain caller) {
        Request request = attempt.request()
                .newBuilder()
                .tag(CallState.class, CallState.ofItsOwn(attempt.plan(), attempt, caller))
                .build();
        return clientFor(caller).newCall(request);
    }

    private OkHttpClient clientFor(Interceptor.Chain caller) {
        OkHttpClient client = Objects.requireNonNull(OkHttpInternals.clientOf(caller.call()));
        boolean isUsual = caller.getConnectionPool() == client.connectionPool()
                && !OkHttpInternals.isForWebSocket(caller.call()); // each web socket has its own client
        if (!isUsual) {
            return derive(client, caller);
        }
        synchronized (derived) {
            SoftReference<OkHttpClient> known = derived.get(client);
            OkHttpClient made = known == null ? null : known.get();
            if (made == null) {
                made = derive(client, caller);
                derived.put(client, new SoftReference<>(made));
            }
            return made;
        }
    }

    private OkHttpClient derive(OkHttpClient client, Interceptor.Chain caller) {
        OkHttpClient.Builder own = client.newBuilder();
        List<Interceptor> below = client.interceptors()
                .subList(
                        client.interceptors().indexOf(byroad) + 1,
                        client.interceptors().size());
        own.interceptors().clear();
        own.addInterceptor(OwnCalls::proceed);
        below.forEach(own::addInterceptor);
        own.networkInterceptors().clear();
        if (!OkHttpInternals.isForWebSocket(caller.call())) { // OkHttp skips them there
            client.networkInterceptors().stream()
                    .filter(one -> !(one instanceof WireGuard))
                    .forEach(own::addNetworkInterceptor);
        }
        if (caller.getConnectionPool() != client.connectionPool()) {
            own.connectionPool(caller.getConnectionPool());
        }
        return own.addNetworkInterceptor(new WireGuard())
                .dispatcher(new Dispatcher()) // the caller's dispatcher only counts the caller's calls
                .callTimeout(0, TimeUnit.MILLISECONDS) // each call gets the time that is left
                .eventListenerFactory(OwnCalls::listenerOf)
                .build();
    }

    private static EventListener listenerOf(Call own) {
        CallState state = Objects.requireNonNull(own.request().tag(CallState.class)); // the call itself has no tags yet
        OkHttpAttempt attempt = Objects.requireNonNull(state.attempt());
        return attempt.plus(attempt.ofOwnCall());
    }

    private static Response proceed(Interceptor.Chain own) throws IOException {
        CallState state = Objects.requireNonNull(CallState.of(own.call()));
        return Objects.requireNonNull(state.attempt()).proceed(like(own, Objects.requireNonNull(state.caller())));
    }

    /** The chain of a separate call, with the settings that interceptors above made for the caller's call. */
    private static Interceptor.Chain like(Interceptor.Chain own, Interceptor.Chain caller) {
        return secured(connecting(own, caller), caller);
    }

    private static Interceptor.Chain connecting(Interceptor.Chain own, Interceptor.Chain caller) {
        Interceptor.Chain like = own;
        if (like.connectTimeoutMillis() != caller.connectTimeoutMillis()) {
            like = like.withConnectTimeout(caller.connectTimeoutMillis(), TimeUnit.MILLISECONDS);
        }
        if (like.readTimeoutMillis() != caller.readTimeoutMillis()) {
            like = like.withReadTimeout(caller.readTimeoutMillis(), TimeUnit.MILLISECONDS);
        }
        if (like.writeTimeoutMillis() != caller.writeTimeoutMillis()) {
            like = like.withWriteTimeout(caller.writeTimeoutMillis(), TimeUnit.MILLISECONDS);
        }
        if (like.getSocketFactory() != caller.getSocketFactory()) {
            like = like.withSocketFactory(caller.getSocketFactory());
        }
        if (!Objects.equals(like.getProxy(), caller.getProxy())) {
            like = like.withProxy(caller.getProxy());
        }
        if (like.getProxySelector() != caller.getProxySelector()) {
            like = like.withProxySelector(caller.getProxySelector());
        }
        return like;
    }

    private static Interceptor.Chain secured(Interceptor.Chain own, Interceptor.Chain caller) {
        Interceptor.Chain like = own;
        if (like.getAuthenticator() != caller.getAuthenticator()) {
            like = like.withAuthenticator(caller.getAuthenticator());
        }
        if (like.getProxyAuthenticator() != caller.getProxyAuthenticator()) {
            like = like.withProxyAuthenticator(caller.getProxyAuthenticator());
        }
        if (like.getCookieJar() != caller.getCookieJar()) {
            like = like.withCookieJar(caller.getCookieJar());
        }
        if (like.getCache() != caller.getCache()) {
            like = like.withCache(caller.getCache());
        }
        if (like.getSslSocketFactoryOrNull() != caller.getSslSocketFactoryOrNull()) {
            like = like.withSslSocketFactory(caller.getSslSocketFactoryOrNull(), caller.getX509TrustManagerOrNull());
        }
        if (like.getHostnameVerifier() != caller.getHostnameVerifier()) {
            like = like.withHostnameVerifier(caller.getHostnameVerifier());
        }
        if (!like.getCertificatePinner().equals(caller.getCertificatePinner())) {
            like = like.withCertificatePinner(caller.getCertificatePinner());
        }
        return like;
    }

    /** The classes of the interceptors below this one, which may add headers. */
    List<String> below(Interceptor.Chain caller) {
        OkHttpClient client = OkHttpInternals.clientOf(caller.call());
        List<String> names = new ArrayList<>();
        if (client != null) {
            List<Interceptor> all = client.interceptors();
            all.subList(all.indexOf(byroad) + 1, all.size())
                    .forEach(one -> names.add(one.getClass().getName()));
            client.networkInterceptors().stream()
                    .filter(one -> !(one instanceof WireGuard))
                    .forEach(one -> names.add(one.getClass().getName()));
        }
        return names;
    }
}
