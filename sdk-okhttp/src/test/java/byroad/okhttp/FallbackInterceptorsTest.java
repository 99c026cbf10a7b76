package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Interceptors around Byroad, Byroad itself in unusual places, and the answer of the fallback as the caller gets it. */
class FallbackInterceptorsTest {
    private static Interceptor counting(AtomicInteger passed) {
        return chain -> {
            passed.incrementAndGet();
            return chain.proceed(chain.request());
        };
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void anInterceptorAboveSeesOneCallAndThoseBelowEachAttempt(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            AtomicInteger above = new AtomicInteger();
            AtomicInteger below = new AtomicInteger();
            AtomicInteger network = new AtomicInteger();
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client().addInterceptor(counting(above)))
                    .addInterceptor(counting(below))
                    .addNetworkInterceptor(counting(network)));

            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");

            assertThat(above).hasValue(1);
            assertThat(below).hasValue(2);
            assertThat(network).hasValue(2);
        }
    }

    /** As one that refreshes a token does, whose call Byroad sees twice. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aCallThatAnInterceptorAboveSendsOnTwiceFailsOverTwice(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client().addInterceptor(chain -> {
                        chain.proceed(chain.request()).close();
                        return chain.proceed(chain.request());
                    })));

            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");

            assertThat(servers.edge.count()).isEqualTo(2);
            assertThat(servers.origin.count()).isEqualTo(2);
        }
    }

    /** So that an enqueued call cannot crash an app. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void anInterceptorBelowThatMakesEveryThrowableAnIOExceptionDoesNotHinderTheFallback(Http http, Fallback place)
            throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.answer(503, "busy"));
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .addInterceptor(chain -> {
                        try {
                            return chain.proceed(chain.request());
                        } catch (Throwable e) {
                            throw new IOException("wrapped: " + e, e);
                        }
                    }));

            Got got = got(client, servers.get("/"));

            assertThat(got.code()).isEqualTo(200);
            assertThat(got.body()).isEqualTo("origin /");
            assertThat(Byroad.reportOf(got.response()).outcome()).isEqualTo("200");
        }
    }

    /** An egress control: it forbids what it does not know, by host and port. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void anInterceptorBelowThatForbidsUnknownPortsDoesNotHinderTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            AtomicInteger forbidden = new AtomicInteger();
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .addInterceptor(chain -> {
                        if (chain.request().url().port() != servers.port()) {
                            forbidden.incrementAndGet();
                            throw new IOException("this port is not allowed: "
                                    + chain.request().url().port());
                        }
                        return chain.proceed(chain.request());
                    }));

            assertThat(got(client, servers.get("/")).by()).isEqualTo("fallback");
            assertThat(forbidden).hasValue(0);
        }
    }

    /** A mock or an offline mode answers below, without a network. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void anInterceptorBelowThatAnswersByItselfAnswersForTheFallbackToo(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .addInterceptor(chain -> {
                        Response answered = chain.proceed(chain.request());
                        return answered.newBuilder()
                                .header("X-Seen-Below", "yes")
                                .build();
                    }));

            Got got = got(client, servers.get("/"));

            assertThat(got.response().header("X-Seen-Below")).isEqualTo("yes");
            assertThat(got.by()).isEqualTo("fallback");
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aTagOfTheCallersRequestIsThereBelowAtTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            AtomicInteger tagged = new AtomicInteger();
            OkHttpClient client = servers.built(servers.byroad(place.upstream(servers))
                    .installOn(servers.client())
                    .addInterceptor(chain -> {
                        tagged.addAndGet("mine".equals(chain.request().tag(String.class)) ? 1 : 0);
                        return chain.proceed(chain.request());
                    }));
            Request request =
                    servers.get("/").newBuilder().tag(String.class, "mine").build();

            Got got = got(client, request);

            assertThat(got.by()).isEqualTo("fallback");
            assertThat(tagged.get()).isGreaterThanOrEqualTo(2);
            assertThat(got.response().request().tag(String.class)).isEqualTo("mine");
        }
    }

    /** As a library that takes functions makes it: the interceptor that the client knows is not Byroad. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aLambdaAroundByroadFailsOverToTheSameAuthority(Http http) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Byroad byroad = servers.byroad(Fallback.SAME_AUTHORITY.upstream(servers));
            OkHttpClient client = servers.built(servers.client().addInterceptor(chain -> byroad.intercept(chain)));

            Got got = got(client, servers.get("/"));

            assertThat(got.body()).isEqualTo("origin /");
            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(servers.origin.count()).isEqualTo(1);
            assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aLambdaAroundByroadEndsWithAnAnswerWhereTheFallbackIsOfAnotherAuthority(Http http) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Byroad byroad = servers.byroad(Fallback.OTHER_AUTHORITY.upstream(servers));
            AtomicInteger passed = new AtomicInteger();
            OkHttpClient client = servers.built(servers.client().addInterceptor(chain -> {
                passed.incrementAndGet();
                return byroad.intercept(chain);
            }));

            Got got = got(client, servers.get("/"));

            assertThat(got.code()).isIn(200, 500);
            assertThat(got.code() == 200).isEqualTo(servers.origin.count() == 1);
            assertThat(servers.edge.count()).isBetween(1, 3);
            assertThat(passed.get()).isLessThanOrEqualTo(2);
            assertThat(Byroad.reportOf(got.response()).attempts())
                    .extracting(attempt -> attempt.endpoint())
                    .contains("fallback");
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void aByroadThatIsInstalledTwiceActsOnce(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Byroad byroad = servers.byroad(place.upstream(servers));

            Got got = got(servers.built(byroad.installOn(byroad.installOn(servers.client()))), servers.get("/"));

            assertThat(got.body()).isEqualTo("origin /");
            assertActedOnce(servers, got);
        }
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void ofTwoByroadsTheUpperActsAlsoAtTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Byroad upper = servers.byroad(place.upstream(servers));
            Byroad lower = servers.closing(Byroad.create());

            Got got = got(servers.built(lower.installOn(upper.installOn(servers.client()))), servers.get("/"));

            assertThat(got.body()).isEqualTo("origin /");
            assertActedOnce(servers, got);
        }
    }

    /** The lower one knows the host too, and has a fallback for it; nobody answers well. */
    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void twoByroadsWithTheSameUpstreamSendAsMuchAsOne(Http http, Fallback place) throws Exception {
        assertThat(requests(http, place, true)).isEqualTo(requests(http, place, false));
    }

    private static List<Integer> requests(Http http, Fallback place, boolean twice) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            servers.origin.answers(TestServer.answer(503, "busy"));
            OkHttpClient.Builder client =
                    servers.byroad(place.upstream(servers)).installOn(servers.client());
            if (twice) {
                servers.byroad(place.upstream(servers)).installOn(client);
            }

            got(servers.built(client), servers.get("/"));

            return List.of(servers.edge.count(), servers.origin.count());
        }
    }

    private static void assertActedOnce(TestServers servers, Got got) {
        assertThat(servers.edge.count()).isEqualTo(1);
        assertThat(servers.origin.count()).isEqualTo(1);
        assertThat(Byroad.reportOf(got.response()).upstream()).isEqualTo("assistant");
        assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("byroad.okhttp.Fallback#overBoth")
    void theAnswerHandedOverIsTheOneOfTheFallback(Http http, Fallback place) throws Exception {
        try (TestServers servers = Fallback.servers(http)) {
            Got plain = got(servers.built(Fallback.plain(servers)), place.get(servers, "/path?query=1"));

            Got got = got(servers.with(servers.byroad(place.upstream(servers))), servers.get("/path?query=1"));

            Response response = got.response();
            assertThat(got.body()).isEqualTo(plain.body());
            assertThat(response.request().url())
                    .isEqualTo(plain.response().request().url());
            assertThat(response.protocol()).isEqualTo(plain.response().protocol());
            assertThat(response.headers()).isEqualTo(plain.response().headers());
            assertThat(response.message()).isEqualTo(plain.response().message());
            assertThat(response.handshake().peerCertificates())
                    .isEqualTo(plain.response().handshake().peerCertificates());
            assertThat(response.networkResponse()).isNotNull();
            assertThat(response.priorResponse()).isNull();
            assertThat(response.sentRequestAtMillis()).isPositive();
            assertThat(Byroad.reportOf(response).answeredBy()).isEqualTo("fallback");
            assertThat(Byroad.reportOf(response).attempts()).hasSize(2);
        }
    }
}
