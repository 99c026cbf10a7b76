package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.okhttp.Byroad;
import byroad.test.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.net.ssl.SSLHandshakeException;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpCookieHandling;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/** Each setting of Boot does what it says. */
class ClientSettingsTest {
    private final TestCa ca = TestCa.create();
    private final TestCa another = TestCa.create();
    private final DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();
    private final MockWebServer server = new MockWebServer();
    private final Byroad byroad = Byroad.create();
    private final CommonClient common = new CommonClient(byroad, List.of(), List.of(), CommonClient.dispatcher());
    private final OkHttpRequestFactoryBuilder builder =
            new OkHttpRequestFactoryBuilder(common.client(), new Bundles(List.of(registry)));

    @BeforeEach
    void start() throws IOException {
        server.start(InetAddress.getByName("127.0.0.1"), 0);
    }

    @AfterEach
    void stop() {
        common.close();
        byroad.close();
        server.close();
    }

    private static HttpClientSettings settings() {
        return HttpClientSettings.defaults();
    }

    private int get(ClientHttpRequestFactory factory, String path) throws IOException {
        URI url = URI.create(server.url(path).toString());
        try (ClientHttpResponse response =
                factory.createRequest(url, HttpMethod.GET).execute()) {
            return response.getStatusCode().value();
        }
    }

    private void next(MockResponse.Builder response) {
        server.enqueue(response.build());
    }

    @Test
    void timesAreThoseOfTheSettings() {
        OkHttpClient client = builder.build(settings().withTimeouts(Duration.ofMillis(1234), Duration.ofMillis(567)))
                .client();

        assertThat(client.connectTimeoutMillis()).isEqualTo(1234);
        assertThat(client.readTimeoutMillis()).isEqualTo(567);
        assertThat(client.writeTimeoutMillis()).isEqualTo(567);
    }

    @Test
    void aRedirectIsFollowedOrNot() throws IOException {
        next(new MockResponse.Builder().code(302).setHeader("Location", "/there"));
        next(new MockResponse.Builder().code(200));
        next(new MockResponse.Builder().code(302).setHeader("Location", "/there"));

        assertThat(get(builder.build(settings().withRedirects(HttpRedirects.FOLLOW)), "/here"))
                .isEqualTo(200);
        assertThat(get(builder.build(settings().withRedirects(HttpRedirects.DONT_FOLLOW)), "/here"))
                .isEqualTo(302);
    }

    @Test
    void cookiesAreKeptOrNot() throws Exception {
        for (HttpCookieHandling asked : List.of(HttpCookieHandling.ENABLE, HttpCookieHandling.DISABLE)) {
            ClientHttpRequestFactory factory = builder.build(settings().withCookieHandling(asked));
            next(new MockResponse.Builder().code(200).setHeader("Set-Cookie", "seen=yes; Path=/"));
            next(new MockResponse.Builder().code(200));

            get(factory, "/first");
            get(factory, "/second");

            server.takeRequest();
            assertThat(server.takeRequest().getHeaders().get("Cookie"))
                    .isEqualTo(asked == HttpCookieHandling.ENABLE ? "seen=yes" : null);
        }
    }

    @Test
    void anAddressThatTheFilterRefusesIsUnknown() {
        ClientHttpRequestFactory factory =
                builder.build(settings().withInetAddressFilter(InetAddressFilter.externalAddresses()));

        assertThatThrownBy(() -> get(factory, "/")).isInstanceOf(UnknownHostException.class);
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void aFilterThatPassesLetsThrough() throws IOException {
        next(new MockResponse.Builder().code(200));

        assertThat(get(builder.build(settings().withInetAddressFilter(InetAddressFilter.all())), "/"))
                .isEqualTo(200);
    }

    @Test
    void anSslBundleThatIsReloadedIsTrustedFromThenOn() throws IOException {
        server.useHttps(ca.serverSocketFactory("127.0.0.1", "localhost"));
        SslBundle before = EdgeAndOrigin.bundle(another);
        registry.registerBundle("client", before);
        ClientHttpRequestFactory factory = builder.build(settings().withSslBundle(before));
        assertThatThrownBy(() -> get(factory, "/")).isInstanceOf(SSLHandshakeException.class);

        registry.updateBundle("client", EdgeAndOrigin.bundle(ca));
        next(new MockResponse.Builder().code(200));

        assertThat(get(factory, "/")).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "PROPPATCH", "QUERY", "REPORT", "DELETE", "PROPFIND"})
    void anyMethodIsSentWithoutABody(String method) throws IOException {
        next(new MockResponse.Builder().code(200));

        try (ClientHttpResponse response = builder.build(settings())
                .createRequest(URI.create(server.url("/").toString()), HttpMethod.valueOf(method))
                .execute()) {
            assertThat(response.getStatusCode().value()).isEqualTo(200);
        }
    }

    /** Boot makes settings once, and a RestClient.Builder each time one is asked for. */
    @Test
    void aClientThatIsMadeAfterAReloadOfOldSettingsTrustsTheNewBundleAndTheNextOne() throws IOException {
        server.useHttps(ca.serverSocketFactory("127.0.0.1", "localhost"));
        SslBundle before = EdgeAndOrigin.bundle(another);
        registry.registerBundle("client", before);
        builder.build(settings().withSslBundle(before));
        registry.updateBundle("client", EdgeAndOrigin.bundle(ca));

        ClientHttpRequestFactory factory = builder.build(settings().withSslBundle(before));
        next(new MockResponse.Builder().code(200));

        assertThat(get(factory, "/")).isEqualTo(200);
        registry.updateBundle("client", EdgeAndOrigin.bundle(another));
        assertThatThrownBy(() -> get(factory, "/")).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void theTrustThatACustomizerSetIsNotReplacedByAReload() throws IOException {
        server.useHttps(ca.serverSocketFactory("127.0.0.1", "localhost"));
        SslBundle before = EdgeAndOrigin.bundle(another);
        registry.registerBundle("client", before);
        ClientHttpRequestFactory factory =
                builder.withClientCustomizer(ca::trustedBy).build(settings().withSslBundle(before));

        registry.updateBundle("client", EdgeAndOrigin.bundle(another));
        next(new MockResponse.Builder().code(200));

        assertThat(get(factory, "/")).isEqualTo(200);
    }

    @Test
    void aRegistryOfBundlesIsListenedToOnceAndNotOncePerClient() {
        AtomicInteger listeners = new AtomicInteger();
        SslBundle bundle = EdgeAndOrigin.bundle(ca);
        SslBundles counting = new SslBundles() {
            @Override
            public SslBundle getBundle(String name) {
                return bundle;
            }

            @Override
            public void addBundleUpdateHandler(String name, Consumer<SslBundle> handler) {
                listeners.incrementAndGet();
            }

            @Override
            public void addBundleRegisterHandler(BiConsumer<String, SslBundle> handler) {}

            @Override
            public List<String> getBundleNames() {
                return List.of("client");
            }
        };
        OkHttpRequestFactoryBuilder many =
                new OkHttpRequestFactoryBuilder(common.client(), new Bundles(List.of(counting)));

        for (int i = 0; i < 3; i++) {
            many.build(settings().withSslBundle(bundle));
        }

        assertThat(listeners).hasValue(1);
    }

    @Test
    void whatBootHasNoSettingForIsSetByACustomizer() {
        OkHttpClient client = builder.withClientCustomizer(settings -> settings.callTimeout(Duration.ofSeconds(7)))
                .build(settings())
                .client();

        assertThat(client.callTimeoutMillis()).isEqualTo(7_000);
    }
}
