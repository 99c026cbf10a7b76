package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Event;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Credentials that interceptors below Byroad add or remove, where the fallback endpoint may be of another authority. */
class FallbackCredentialsTest {
    /** Adds the caller's token to each request that passes, as many applications do. */
    static final class TokenInterceptor implements Interceptor {
        private final String header;

        TokenInterceptor(String header) {
            this.header = header;
        }

        @Override
        public Response intercept(Chain chain) throws IOException {
            return chain.proceed(
                    chain.request().newBuilder().header(header, "secret").build());
        }
    }

    /** Like the network interceptor of openai-java: credentials of a request to another place than the call's are removed. */
    static final class StrippingInterceptor implements Interceptor {
        @Override
        public Response intercept(Chain chain) throws IOException {
            HttpUrl called = chain.call().request().url();
            HttpUrl url = chain.request().url();
            boolean same = called.host().equals(url.host())
                    && called.port() == url.port()
                    && called.scheme().equals(url.scheme());
            return chain.proceed(
                    same
                            ? chain.request()
                            : chain.request()
                                    .newBuilder()
                                    .removeHeader("Authorization")
                                    .removeHeader("api-key")
                                    .build());
        }
    }

    /** Where the interceptor that adds a token was put. */
    enum Below {
        APPLICATION {
            @Override
            void add(OkHttpClient.Builder client, Interceptor interceptor) {
                client.addInterceptor(interceptor);
            }
        },
        NETWORK {
            @Override
            void add(OkHttpClient.Builder client, Interceptor interceptor) {
                client.addNetworkInterceptor(interceptor);
            }
        };

        abstract void add(OkHttpClient.Builder client, Interceptor interceptor);
    }

    static Stream<Arguments> tokens() {
        return Stream.of(Http.values())
                .flatMap(http -> Stream.of(Below.values())
                        .flatMap(below -> Stream.of("Authorization", "X-Tenant-Token")
                                .map(header -> Arguments.arguments(http, below, header))));
    }

    private static OkHttpClient client(
            TestServers servers, Upstream upstream, List<Event> events, Below below, Interceptor interceptor) {
        Byroad byroad = servers.closing(
                Byroad.builder().upstream(upstream).onEvent(events::add).build());
        OkHttpClient.Builder client = byroad.installOn(servers.client());
        below.add(client, interceptor);
        return servers.built(client);
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void aTokenAddedBelowDoesNotReachAnotherAuthority(Http http, Below below, String header) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Upstream upstream = Fallback.OTHER_AUTHORITY.upstream(servers);
            OkHttpClient client =
                    client(servers, upstream, new CopyOnWriteArrayList<>(), below, new TokenInterceptor(header));

            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");

            assertThat(servers.edge.last().getHeaders().get(header)).isEqualTo("secret");
            assertThat(servers.origin.requests)
                    .isNotEmpty()
                    .noneMatch(request -> Fallback.values(request).contains("secret"));
        }
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void anEventNamesTheInterceptorThatAddedItAndTheCure(Http http, Below below, String header) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            List<Event> events = new CopyOnWriteArrayList<>();
            Upstream upstream = Fallback.OTHER_AUTHORITY.upstream(servers);
            OkHttpClient client = client(servers, upstream, events, below, new TokenInterceptor(header));

            for (int i = 0; i < 3; i++) {
                assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");
            }

            assertThat(events)
                    .filteredOn(Event.Impaired.class::isInstance)
                    .extracting(Event::toString)
                    .singleElement()
                    .asString()
                    .contains("TokenInterceptor")
                    .contains("before Byroad")
                    .doesNotContain("secret");
        }
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void aTokenAddedBelowReachesAnotherAuthorityThatSharesCredentials(Http http, Below below, String header)
            throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            List<Event> events = new CopyOnWriteArrayList<>();
            Upstream upstream = Fallback.OTHER_AUTHORITY.sharing(servers);
            OkHttpClient client = client(servers, upstream, events, below, new TokenInterceptor(header));

            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");

            assertThat(servers.origin.last().getHeaders().values(header)).containsExactly("secret");
            assertThat(events).noneMatch(Event.Impaired.class::isInstance);
        }
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void aTokenAddedBelowReachesTheSameAuthority(Http http, Below below, String header) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            List<Event> events = new CopyOnWriteArrayList<>();
            Upstream upstream = Fallback.SAME_AUTHORITY.upstream(servers);
            OkHttpClient client = client(servers, upstream, events, below, new TokenInterceptor(header));

            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");

            assertThat(servers.origin.last().getHeaders().values(header)).containsExactly("secret");
            assertThat(events).noneMatch(Event.Impaired.class::isInstance);
        }
    }

    /** The endpoint's own key is for that endpoint: what an interceptor below adds does not replace it. */
    @ParameterizedTest
    @MethodSource("tokens")
    void theFallbacksOwnHeaderIsNotReplacedByATokenAddedBelow(Http http, Below below, String header) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Fallback place = Fallback.OTHER_AUTHORITY;
            Upstream upstream = place.upstream(servers, place.endpoint(servers).header(header, "own"));
            OkHttpClient client =
                    client(servers, upstream, new CopyOnWriteArrayList<>(), below, new TokenInterceptor(header));

            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");

            assertThat(servers.origin.last().getHeaders().values(header)).containsExactly("own");
        }
    }

    private static OkHttpClient stripping(TestServers servers, Upstream upstream) {
        return client(servers, upstream, new CopyOnWriteArrayList<>(), Below.NETWORK, new StrippingInterceptor());
    }

    private static Request secret(TestServers servers) {
        return servers.get("/")
                .newBuilder()
                .header("Authorization", "Bearer secret")
                .build();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theFallbacksOwnKeyPassesAnInterceptorThatStripsCredentialsOfOtherHosts(Http http) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Fallback place = Fallback.OTHER_AUTHORITY;
            Upstream upstream = place.upstream(servers, place.endpoint(servers).header("api-key", "own"));

            assertThat(got(stripping(servers, upstream), secret(servers)).by()).isEqualTo("fallback");

            assertThat(servers.origin.last().getHeaders().get("api-key")).isEqualTo("own");
            assertThat(servers.origin.last().getHeaders().get("Authorization")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void sharedCredentialsPassAnInterceptorThatStripsThoseOfOtherHosts(Http http) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Upstream upstream = Fallback.OTHER_AUTHORITY.sharing(servers);

            assertThat(got(stripping(servers, upstream), secret(servers)).by()).isEqualTo("fallback");

            assertThat(servers.origin.last().getHeaders().get("Authorization")).isEqualTo("Bearer secret");
        }
    }

    /** The circuit is open, or an operator said so: nothing of the call goes to the edge. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void theFallbacksOwnKeyPassesThatInterceptorWithTheFirstRequestOfACall(Http http) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Fallback place = Fallback.OTHER_AUTHORITY;
            Byroad byroad = servers.byroad(
                    place.upstream(servers, place.endpoint(servers).header("api-key", "own")));
            byroad.avoid("cloudflare", Duration.ofMinutes(1), "test");
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client()).addNetworkInterceptor(new StrippingInterceptor()));

            assertThat(got(client, secret(servers)).by()).isEqualTo("fallback");

            assertThat(servers.edge.count()).isZero();
            assertThat(servers.origin.last().getHeaders().get("api-key")).isEqualTo("own");
        }
    }

    /** What it was made for: the fallback redirects to a stranger. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void credentialsDoNotFollowARedirectOfTheFallbackToAStranger(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            String stranger = "fallback.example.test";
            servers.name(stranger, "127.0.0.6");
            TestServer server = servers.opened("stranger", "127.0.0.6");
            servers.origin.answers(new MockResponse.Builder()
                    .code(302)
                    .setHeader("Location", servers.url(stranger, "/t"))
                    .build());
            Upstream upstream = place.upstream(
                    servers, place.endpoint(servers).sharesCredentials().header("api-key", "own"));
            Request request =
                    secret(servers).newBuilder().header("x-other-key", "secret").build();

            assertThat(got(stripping(servers, upstream), request).body()).isEqualTo("stranger /t");

            assertThat(servers.origin.last().getHeaders().get("api-key")).isEqualTo("own");
            assertThat(Fallback.values(server.last())).doesNotContain("Bearer secret", "secret", "own");
        }
    }
}
