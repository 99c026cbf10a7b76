package byroad.spring;

import java.net.CookieManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import okhttp3.CookieJar;
import okhttp3.OkHttpClient;
import okhttp3.java.net.cookiejar.JavaNetCookieJar;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpCookieHandling;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.boot.ssl.SslBundle;

/**
 * Builds request factories over OkHttp with Byroad for the blocking HTTP clients of Boot. All clients share connections
 * and threads, and each has its own settings.
 */
public final class OkHttpRequestFactoryBuilder implements ClientHttpRequestFactoryBuilder<OkHttpRequestFactory> {
    private final OkHttpClient common;
    private final Bundles bundles;
    private final List<Consumer<OkHttpClient.Builder>> clientCustomizers;

    OkHttpRequestFactoryBuilder(OkHttpClient common, Bundles bundles) {
        this(common, bundles, List.of());
    }

    private OkHttpRequestFactoryBuilder(
            OkHttpClient common, Bundles bundles, List<Consumer<OkHttpClient.Builder>> clientCustomizers) {
        this.common = common;
        this.bundles = bundles;
        this.clientCustomizers = clientCustomizers;
    }

    /** A copy with a customizer that changes each client last. */
    public OkHttpRequestFactoryBuilder withClientCustomizer(Consumer<OkHttpClient.Builder> customizer) {
        List<Consumer<OkHttpClient.Builder>> more = new ArrayList<>(clientCustomizers);
        more.add(customizer);
        return new OkHttpRequestFactoryBuilder(common, bundles, List.copyOf(more));
    }

    @Override
    public OkHttpRequestFactory build(@Nullable HttpClientSettings settings) {
        HttpClientSettings asked = settings == null ? HttpClientSettings.defaults() : settings;
        OkHttpClient.Builder client = common.newBuilder();
        times(client, asked);
        redirects(client, asked.redirects());
        cookies(client, asked.cookieHandling());
        InetAddressFilter filter = asked.inetAddressFilter();
        if (filter != null) {
            new FilteredConnections(filter).applyTo(client, common.dns());
        }
        SslBundle bundle = asked.sslBundle();
        if (bundle != null) {
            bundles.trust(bundle).applyTo(client);
        }
        clientCustomizers.forEach(customizer -> customizer.accept(client));
        OkHttpRequestFactory factory = new OkHttpRequestFactory(client.build());
        if (bundle != null && bundles.trust(bundle).isOf(factory.client())) {
            bundles.follow(bundle, factory);
        }
        return factory;
    }

    private static void times(OkHttpClient.Builder client, HttpClientSettings asked) {
        Duration connect = asked.connectTimeout();
        if (connect != null) {
            client.connectTimeout(connect);
        }
        Duration read = asked.readTimeout();
        if (read != null) {
            client.readTimeout(read).writeTimeout(read);
        }
    }

    private static void redirects(OkHttpClient.Builder client, @Nullable HttpRedirects asked) {
        if (asked != null) {
            client.followRedirects(asked != HttpRedirects.DONT_FOLLOW);
            client.followSslRedirects(asked != HttpRedirects.DONT_FOLLOW);
        }
    }

    private static void cookies(OkHttpClient.Builder client, @Nullable HttpCookieHandling asked) {
        if (asked != null) {
            client.cookieJar(
                    asked == HttpCookieHandling.DISABLE
                            ? CookieJar.NO_COOKIES
                            : new JavaNetCookieJar(new CookieManager()));
        }
    }
}
