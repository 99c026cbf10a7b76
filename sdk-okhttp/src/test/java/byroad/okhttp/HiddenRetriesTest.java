package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import byroad.Mode;
import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.util.List;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** OkHttp repeats some requests by itself; what the server counts is ours alone, except where noted. */
class HiddenRetriesTest {
    /** How Byroad gets into a client. */
    enum Install {
        FULL,
        SINGLE
    }

    /** Counts by the server; the 2 are what needs the builder, as plain OkHttp has them: seen and counted. */
    static Stream<Arguments> counts() {
        return Stream.of(Http.values())
                .flatMap(http -> Stream.of(
                        arguments(http, Install.FULL, "GET", 503, 1),
                        arguments(http, Install.FULL, "POST", 503, 1),
                        arguments(http, Install.SINGLE, "GET", 503, 2),
                        arguments(http, Install.SINGLE, "POST", 503, 2),
                        arguments(http, Install.FULL, "GET", 408, 1),
                        arguments(http, Install.FULL, "POST", 408, 1),
                        arguments(http, Install.SINGLE, "GET", 408, 1),
                        arguments(http, Install.SINGLE, "POST", 408, 1),
                        arguments(http, Install.FULL, "GET", 421, 1),
                        arguments(http, Install.FULL, "POST", 421, 1),
                        arguments(http, Install.SINGLE, "GET", 421, 1),
                        arguments(http, Install.SINGLE, "POST", 421, 1)));
    }

    private static OkHttpClient client(TestServers servers, Install install, Byroad byroad) {
        return servers.built(
                install == Install.FULL
                        ? byroad.installOn(servers.client())
                        : servers.client().addInterceptor(byroad));
    }

    private static MockResponse answer(int status, String retryAfter) {
        return new MockResponse.Builder()
                .code(status)
                .setHeader("Retry-After", retryAfter)
                .body("busy")
                .build();
    }

    private static Request request(TestServers servers, String method) {
        return method.equals("GET") ? servers.get("/") : servers.post("/");
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @MethodSource("counts")
    void theServerGetsARequestAsOftenAsThePlanSends(
            Http http, Install install, String method, int status, int expectedAtServer) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(status == 503 ? answer(status, "0") : TestServer.answer(status, "again"));
            Byroad byroad = servers.byroad(Upstream.named("assistant").endpoint(servers.atEdge()));
            OkHttpClient client = client(servers, install, byroad);

            Got got = got(client, request(servers, method));

            int sends = Byroad.reportOf(got.response()).attempts().size();
            assertThat(got.code()).isEqualTo(status);
            assertThat(servers.edge.count()).isEqualTo(sends * expectedAtServer);
        }
    }

    @ParameterizedTest
    @EnumSource(Install.class)
    void aPostThatWasNotTakenInArrivesOnceMoreAndWhole(Install install) throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            OkHttpClient client = client(servers, install, servers.byroad(servers.assistant()));
            servers.edge.next(TestServer.answer(408, "slow"));
            Request post = servers.post("/pay");

            Got got = got(client, post);

            assertThat(got.body()).isEqualTo("edge /pay");
            assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(2);
            assertThat(servers.edge.requests)
                    .hasSize(2)
                    .allSatisfy(request -> assertThat(request.getBodySize())
                            .isEqualTo(post.body().contentLength()));
        }
    }

    @ParameterizedTest
    @EnumSource(Install.class)
    void theHeaderReachesTheCallerAsSent(Install install) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            OkHttpClient client = client(servers, install, servers.byroad(servers.assistant()));
            for (String sent : List.of("0", "00", "0.0")) {
                servers.edge.answers(answer(503, sent));
                servers.origin.answers(answer(503, sent));

                assertThat(got(client, servers.post("/")).response().headers("Retry-After"))
                        .containsExactly(sent);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Install.class)
    void aPostIsStillSentAgainAfterARedirectThatKeepsItsMethod(Install install) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(request -> request.getUrl().encodedPath().equals("/old")
                    ? new MockResponse.Builder()
                            .code(307)
                            .setHeader("Location", "/new")
                            .build()
                    : TestServer.answer(200, request.getMethod() + " " + request.getBody()));
            OkHttpClient client = client(servers, install, servers.byroad(servers.assistant()));

            assertThat(got(client, servers.post("/old")).body())
                    .startsWith("POST")
                    .contains("{}");
            assertThat(servers.edge.count()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Install.class)
    void aPostIsStillSentAgainAfterAChallenge(Install install) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(request -> request.getHeaders().get("Authorization") == null
                    ? new MockResponse.Builder()
                            .code(401)
                            .setHeader("WWW-Authenticate", "Basic realm=\"x\"")
                            .build()
                    : TestServer.answer(200, "welcome"));
            OkHttpClient client = client(servers, install, servers.byroad(servers.assistant()));
            OkHttpClient knowing = servers.built(client.newBuilder()
                    .authenticator((route, response) -> response.request()
                            .newBuilder()
                            .header("Authorization", "Basic eDp5")
                            .build()));

            assertThat(got(knowing, servers.post("/")).body()).isEqualTo("welcome");
            assertThat(servers.edge.count()).isEqualTo(2);
        }
    }

    /** The guard on the network is for calls that Byroad steers. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"WATCH", "OFF"})
    void okHttpRetriesByItselfIfByroadDoesNotAct(Mode mode) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.next(answer(503, "0"));
            Byroad byroad = servers.byroad(servers.assistant());
            byroad.mode(mode);

            assertThat(got(client(servers, Install.FULL, byroad), servers.get("/"))
                            .body())
                    .isEqualTo("edge /");
            servers.edge.answers(answer(503, "0"));
            assertThat(got(client(servers, Install.FULL, byroad), servers.get("/"))
                            .response()
                            .header("Retry-After"))
                    .isEqualTo("0");
        }
    }

    /** More zeros than one are a zero to OkHttp as well. */
    @Test
    void aWaitOfManyZerosIsNoReasonToRepeatEither() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.next(answer(503, "00"));
            Got got = got(client(servers, Install.FULL, servers.byroad(servers.assistant())), servers.get("/"));

            assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(2);
            assertThat(got.by()).isEqualTo("origin");
            assertThat(servers.edge.count()).isEqualTo(1);
        }
    }

    /** Calls of two endpoints never share a connection; those to two hosts of one endpoint, as after a redirect, do. */
    @ParameterizedTest
    @EnumSource(Install.class)
    void aMisdirectedRequestOnACoalescedConnectionIsSentOnAConnectionOfItsOwnAsOkHttpDoes(Install install)
            throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.name(TestServers.OTHER, TestServers.EDGE_IP);
            servers.edge.answers(request -> request.getUrl().encodedPath().equals("/old")
                    ? new MockResponse.Builder()
                            .code(307)
                            .setHeader("Location", servers.url(TestServers.OTHER, "/new"))
                            .build()
                    : TestServer.answer(421, "not here"));
            Upstream edge = Upstream.named("assistant").endpoint(servers.atEdge());
            OkHttpClient client = client(servers, install, servers.byroad(edge));

            assertThat(got(client, servers.post("/old")).code()).isEqualTo(421);
            assertThat(servers.edge.count()).isEqualTo(3); // a 421 was not processed (RFC 9110, 15.5.20)
            assertThat(servers.edge.connections()).isEqualTo(2);
        }
    }

    @Test
    void aHeaderThatTheServerWroteWithADotStaysAsItIs() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.answers(answer(503, "0.00"));
            OkHttpClient client = client(
                    servers,
                    Install.FULL,
                    servers.byroad(Upstream.named("assistant").endpoint(servers.atEdge())));

            assertThat(got(client, servers.post("/")).response().header("Retry-After"))
                    .isEqualTo("0.00");
        }
    }
}
