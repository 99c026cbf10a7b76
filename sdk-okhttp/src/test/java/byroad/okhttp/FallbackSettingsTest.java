package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
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
    private static OkHttpClient client(Doors doors, Fallback place, Interceptor above) {
        return doors.built(
                doors.byroad(place.upstream(doors)).installOn(doors.client().addInterceptor(above)));
    }

    private static OkHttpClient plain(Doors doors, Interceptor above) {
        return doors.built(Fallback.plain(doors).addInterceptor(above));
    }

    private static Interceptor pinned(String host, String pin) {
        CertificatePinner pinner =
                new CertificatePinner.Builder().add(host, pin).build();
        return above(chain -> chain.withCertificatePinner(pinner));
    }

    private static String pinOfEdge(Doors doors) throws Exception {
        Got plain = got(doors.built(doors.client()), doors.get("/pin"));
        return CertificatePinner.pin(
                plain.response().handshake().peerCertificates().get(0));
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aWrongPinSetAboveKeepsTheRequestFromTheFallback(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            boolean same = place == Fallback.SAME_AUTHORITY;
            Interceptor pinned = pinned(place.host, same ? pinOfEdge(doors) : WRONG_PIN);

            Got got = got(client(doors, place, pinned), doors.get("/"));

            assertThat(got.code()).isEqualTo(500);
            assertThat(got.by()).isEqualTo("edge");
            assertThat(doors.origin.count()).isZero();
            assertThatThrownBy(() -> got(plain(doors, pinned), place.get(doors, "/")))
                    .isInstanceOf(SSLPeerUnverifiedException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aRightPinSetAboveLetsTheRequestThrough(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            Interceptor pinned = pinned(
                    place.host, CertificatePinner.pin(doors.ca.trustManager().getAcceptedIssuers()[0]));

            assertThat(got(client(doors, place, pinned), doors.get("/")).body()).isEqualTo("origin /");
            assertThat(got(plain(doors, pinned), place.get(doors, "/")).body()).isEqualTo("origin /");
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aHostnameVerifierSetAboveIsAsked(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            List<String> asked = new CopyOnWriteArrayList<>();
            Interceptor verifying = above(chain -> chain.withHostnameVerifier((host, session) -> asked.add(host)));

            assertThat(got(client(doors, place, verifying), doors.get("/")).body())
                    .isEqualTo("origin /");
            assertThat(asked).containsExactly(Doors.HOST, place.host);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aHostnameVerifierSetAboveThatRefusesKeepsTheRequestFromTheFallback(Http http, Fallback place)
            throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            List<String> asked = new CopyOnWriteArrayList<>();
            Interceptor onlyTheFirst =
                    above(chain -> chain.withHostnameVerifier((host, session) -> asked.add(host) && asked.size() == 1));

            assertThat(got(client(doors, place, onlyTheFirst), doors.get("/")).code())
                    .isEqualTo(500);
            assertThat(doors.origin.count()).isZero();
        }
    }

    /** The client's own names lead nowhere. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aDnsSetAboveFindsTheFallback(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            OkHttpClient client = doors.built(doors.byroad(place.upstream(doors))
                    .installOn(doors.client()
                            .dns(name -> {
                                throw new UnknownHostException(name);
                            })
                            .addInterceptor(above(chain -> chain.withDns(doors::lookup)))));

            assertThat(got(client, doors.get("/")).body()).isEqualTo("origin /");
        }
    }

    /** The client itself trusts only what the platform trusts. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void trustSetAboveIsTheTrustAtTheFallback(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            OkHttpClient trusting = doors.built(doors.client());
            Interceptor trust = above(
                    chain -> chain.withSslSocketFactory(trusting.sslSocketFactory(), trusting.x509TrustManager()));
            OkHttpClient client = doors.built(doors.byroad(place.upstream(doors))
                    .installOn(new OkHttpClient.Builder().dns(doors::lookup).addInterceptor(trust)));

            assertThat(got(client, doors.get("/")).body()).isEqualTo("origin /");
            assertThat(got(client, doors.get("/again")).body()).isEqualTo("origin /again");
            assertThat(doors.origin.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aReadTimeoutSetAboveEndsTheWaitForTheFallback(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            doors.origin.answers(Door.SILENCE);
            Interceptor impatient = above(chain -> chain.withReadTimeout(500, TimeUnit.MILLISECONDS));

            long started = System.nanoTime();
            Got got = got(client(doors, place, impatient), doors.get("/"));

            assertThat(got.code()).isEqualTo(500);
            assertThat(doors.origin.count()).isPositive();
            assertThat(Doors.took(started)).isLessThan(Duration.ofSeconds(4));
            assertThatThrownBy(() -> got(plain(doors, impatient), place.get(doors, "/")))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** The limit of an attempt is for its headers; a body has the time that the chain gives. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aReadTimeoutSetAboveIsTheOneForTheBodyOfTheFallback(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            doors.origin.answers(Door.answer(200, "late")
                    .newBuilder()
                    .bodyDelay(20, TimeUnit.SECONDS)
                    .build());
            Interceptor impatient = above(chain -> chain.withReadTimeout(500, TimeUnit.MILLISECONDS));

            long started = System.nanoTime();

            assertThatThrownBy(() -> got(client(doors, place, impatient), doors.get("/")))
                    .isInstanceOf(InterruptedIOException.class);
            assertThat(Doors.took(started)).isLessThan(Duration.ofSeconds(4));
            assertThatThrownBy(() -> got(plain(doors, impatient), place.get(doors, "/")))
                    .isInstanceOf(InterruptedIOException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aJarSetAboveIsTheJarOfTheFallback(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            CookiesInMemory jar = new CookiesInMemory();
            jar.saveFromResponse(
                    place.url(doors, "/"),
                    List.of(new Cookie.Builder()
                            .domain(place.host)
                            .name("s")
                            .value("1")
                            .build()));

            got(client(doors, place, above(chain -> chain.withCookieJar(jar))), doors.get("/"));

            assertThat(doors.origin.last().getHeaders().get("Cookie")).isEqualTo("s=1");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aProxySetAboveIsTheWayToAFallbackOfAnotherAuthority(Http http) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            ProxyServer proxy = ProxyServer.open(doors, Proxy.Type.HTTP);
            Interceptor proxied = above(chain -> chain.withProxy(proxy.proxy()));

            Got got = got(client(doors, Fallback.OTHER_AUTHORITY, proxied), doors.get("/"));

            assertThat(got.body()).isEqualTo("origin /");
            assertThat(proxy.asked).containsExactly(Doors.HOST + ":" + doors.port(), Doors.OTHER + ":" + doors.port());
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aProxyOfTheClientIsTheWayToAFallbackOfAnotherAuthority(Http http) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            ProxyServer proxy = ProxyServer.challenging(doors);
            OkHttpClient client = doors.built(doors.byroad(Fallback.OTHER_AUTHORITY.upstream(doors))
                    .installOn(doors.client())
                    .proxy(proxy.proxy())
                    .proxyAuthenticator((route, response) -> response.request()
                            .newBuilder()
                            .header("Proxy-Authorization", "Basic abc")
                            .build()));

            assertThat(got(client, doors.get("/")).body()).isEqualTo("origin /");
            assertThat(proxy.authorizations).hasSize(2);
            assertThat(doors.origin.last().getHeaders().get("Proxy-Authorization"))
                    .isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCookieJarIsAskedOnceForEachAttemptAndKeepsWhatTheFallbackSets(Http http, Fallback place) throws Exception {
        try (Doors doors = Fallback.doors(http)) {
            CountingJar jar = new CountingJar();
            doors.origin.next(Door.answer(200, "baked")
                    .newBuilder()
                    .setHeader("Set-Cookie", "t=fallback")
                    .build());
            OkHttpClient client = doors.built(doors.byroad(place.upstream(doors))
                    .installOn(doors.client())
                    .cookieJar(jar));

            got(client, doors.get("/"));

            assertThat(jar.loads).containsExactly(Doors.HOST, place.host);
            assertThat(jar.saves).containsExactly(place.host);
            got(client, doors.get("/"));
            assertThat(doors.origin.last().getHeaders().get("Cookie")).isEqualTo("t=fallback");
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
