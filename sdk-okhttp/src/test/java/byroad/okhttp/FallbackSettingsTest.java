package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.InterruptedIOException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.CertificatePinner;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that an interceptor above puts on the chain hold at the fallback, as they hold for a plain client that calls it. */
class FallbackSettingsTest {
    private static final String WRONG_PIN = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private static Interceptor above(UnaryOperator<Interceptor.Chain> change) {
        return chain -> change.apply(chain).proceed(chain.request());
    }

    /** A client with Byroad and that interceptor above it. */
    private static OkHttpClient client(TestServers servers, Fallback place, Interceptor above) {
        return servers.built(servers.byroad(place.upstream(servers))
                .installOn(servers.client().addInterceptor(above)));
    }

    private static OkHttpClient plain(TestServers servers, Interceptor above) {
        return servers.built(Fallback.plain(servers).addInterceptor(above));
    }

    private static Interceptor pinned(String host, String pin) {
        CertificatePinner pinner =
                new CertificatePinner.Builder().add(host, pin).build();
        return above(chain -> chain.withCertificatePinner(pinner));
    }

    private static String pinOfEdge(TestServers servers) throws Exception {
        Got plain = got(servers.built(servers.client()), servers.get("/pin"));
        return CertificatePinner.pin(
                plain.response().handshake().peerCertificates().get(0));
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aWrongPinSetAboveKeepsTheRequestFromTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            boolean same = place == Fallback.SAME_AUTHORITY;
            Interceptor pinned = pinned(place.host, same ? pinOfEdge(servers) : WRONG_PIN);

            Got got = got(client(servers, place, pinned), servers.get("/"));

            assertThat(got.code()).isEqualTo(500);
            assertThat(got.by()).isEqualTo("edge");
            assertThat(servers.origin.count()).isZero();
            assertThatThrownBy(() -> got(plain(servers, pinned), place.get(servers, "/")))
                    .isInstanceOf(SSLPeerUnverifiedException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aRightPinSetAboveLetsTheRequestThrough(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Interceptor pinned = pinned(
                    place.host, CertificatePinner.pin(servers.ca.trustManager().getAcceptedIssuers()[0]));

            assertThat(got(client(servers, place, pinned), servers.get("/")).body())
                    .isEqualTo("origin /");
            assertThat(got(plain(servers, pinned), place.get(servers, "/")).body())
                    .isEqualTo("origin /");
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aHostnameVerifierSetAboveIsAsked(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            List<String> asked = new CopyOnWriteArrayList<>();
            Interceptor verifying = above(chain -> chain.withHostnameVerifier((host, session) -> asked.add(host)));

            assertThat(got(client(servers, place, verifying), servers.get("/")).body())
                    .isEqualTo("origin /");
            assertThat(asked).containsExactly(TestServers.HOST, place.host);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aHostnameVerifierSetAboveThatRefusesKeepsTheRequestFromTheFallback(Http http, Fallback place)
            throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            List<String> asked = new CopyOnWriteArrayList<>();
            Interceptor onlyTheFirst =
                    above(chain -> chain.withHostnameVerifier((host, session) -> asked.add(host) && asked.size() == 1));

            assertThat(got(client(servers, place, onlyTheFirst), servers.get("/"))
                            .code())
                    .isEqualTo(500);
            assertThat(servers.origin.count()).isZero();
        }
    }

    /** The client's own names lead nowhere. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aDnsSetAboveFindsTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client()
                            .dns(name -> {
                                throw new UnknownHostException(name);
                            })
                            .addInterceptor(above(chain -> chain.withDns(servers::lookup)))));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("origin /");
        }
    }

    /** The client itself trusts only what the platform trusts. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void trustSetAboveIsTheTrustAtTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            OkHttpClient trusting = servers.built(servers.client());
            Interceptor trust = above(
                    chain -> chain.withSslSocketFactory(trusting.sslSocketFactory(), trusting.x509TrustManager()));
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(new OkHttpClient.Builder().dns(servers::lookup).addInterceptor(trust)));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("origin /");
            assertThat(got(client, servers.get("/again")).body()).isEqualTo("origin /again");
            assertThat(servers.origin.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aReadTimeoutSetAboveEndsTheWaitForTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.SILENCE);
            Interceptor impatient = above(chain -> chain.withReadTimeout(500, TimeUnit.MILLISECONDS));

            long started = System.nanoTime();
            Got got = got(client(servers, place, impatient), servers.get("/"));

            assertThat(got.code()).isEqualTo(500);
            assertThat(servers.origin.count()).isPositive();
            assertThat(TestServers.took(started)).isLessThan(Duration.ofSeconds(4));
            assertThatThrownBy(() -> got(plain(servers, impatient), place.get(servers, "/")))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** The limit of an attempt is for its headers; a body has the time that the chain gives. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aReadTimeoutSetAboveIsTheOneForTheBodyOfTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.answer(200, "late")
                    .newBuilder()
                    .bodyDelay(20, TimeUnit.SECONDS)
                    .build());
            Interceptor impatient = above(chain -> chain.withReadTimeout(500, TimeUnit.MILLISECONDS));

            long started = System.nanoTime();

            assertThatThrownBy(() -> got(client(servers, place, impatient), servers.get("/")))
                    .isInstanceOf(InterruptedIOException.class);
            assertThat(TestServers.took(started)).isLessThan(Duration.ofSeconds(4));
            assertThatThrownBy(() -> got(plain(servers, impatient), place.get(servers, "/")))
                    .isInstanceOf(InterruptedIOException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aJarSetAboveIsTheJarOfTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            CookiesInMemory jar = new CookiesInMemory();
            jar.saveFromResponse(
                    place.url(servers, "/"),
                    List.of(new Cookie.Builder()
                            .domain(place.host)
                            .name("s")
                            .value("1")
                            .build()));

            got(client(servers, place, above(chain -> chain.withCookieJar(jar))), servers.get("/"));

            assertThat(servers.origin.last().getHeaders().get("Cookie")).isEqualTo("s=1");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aProxySetAboveIsTheWayToAFallbackOfAnotherAuthority(Http http) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            ProxyServer proxy = ProxyServer.open(servers, Proxy.Type.HTTP);
            Interceptor proxied = above(chain -> chain.withProxy(proxy.proxy()));

            Got got = got(client(servers, Fallback.OTHER_AUTHORITY, proxied), servers.get("/"));

            assertThat(got.body()).isEqualTo("origin /");
            assertThat(proxy.asked)
                    .containsExactly(TestServers.HOST + ":" + servers.port(), TestServers.OTHER + ":" + servers.port());
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aProxyOfTheClientIsTheWayToAFallbackOfAnotherAuthority(Http http) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            ProxyServer proxy = ProxyServer.challenging(servers);
            OkHttpClient client = servers.built(servers.byroad(Fallback.OTHER_AUTHORITY.upstream(servers))
                    .installOn(servers.client())
                    .proxy(proxy.proxy())
                    .proxyAuthenticator((route, response) -> response.request()
                            .newBuilder()
                            .header("Proxy-Authorization", "Basic abc")
                            .build()));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("origin /");
            assertThat(proxy.authorizations).hasSize(2);
            assertThat(servers.origin.last().getHeaders().get("Proxy-Authorization"))
                    .isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCookieJarIsAskedOnceForEachAttemptAndKeepsWhatTheFallbackSets(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            CountingJar jar = new CountingJar();
            servers.origin.next(TestServer.answer(200, "baked")
                    .newBuilder()
                    .setHeader("Set-Cookie", "t=fallback")
                    .build());
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .cookieJar(jar));

            got(client, servers.get("/"));

            assertThat(jar.loads).containsExactly(TestServers.HOST, place.host);
            assertThat(jar.saves).containsExactly(place.host);
            got(client, servers.get("/"));
            assertThat(servers.origin.last().getHeaders().get("Cookie")).isEqualTo("t=fallback");
        }
    }

    private static final class CountingJar implements CookieJar {
        final List<String> loads = new CopyOnWriteArrayList<>();
        final List<String> saves = new CopyOnWriteArrayList<>();
        private final CookiesInMemory kept = new CookiesInMemory();

        @Override
        public List<Cookie> loadForRequest(HttpUrl url) {
            loads.add(url.host());
            return kept.loadForRequest(url);
        }

        @Override
        public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
            saves.add(url.host());
            kept.saveFromResponse(url, cookies);
        }
    }
}
