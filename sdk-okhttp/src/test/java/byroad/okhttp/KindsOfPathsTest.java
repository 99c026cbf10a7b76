package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.AttemptReport;
import byroad.Endpoint;
import byroad.Event;
import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.net.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.CertificatePinner;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The ways to a host: proxies, addresses in place of names, cleartext, pins, and clients that mix connections up. */
class KindsOfPathsTest {
    private static final String STAND_IN = "fallback.example.test";

    static Stream<Arguments> proxies() {
        return Stream.of(Http.values())
                .flatMap(http ->
                        Stream.of(Proxy.Type.HTTP, Proxy.Type.SOCKS).map(type -> Arguments.arguments(http, type)));
    }

    @ParameterizedTest
    @MethodSource("proxies")
    void throughAProxyThePlainEndpointAnswers(Http http, Proxy.Type type) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            ProxyServer proxy = ProxyServer.open(servers, type);
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client())
                    .proxy(proxy.proxy()));

            assertThat(got(client, servers.post("/")).body()).isEqualTo("edge /");
            assertThat(proxy.asked).containsExactly(TestServers.HOST + ":" + servers.port());
        }
    }

    @ParameterizedTest
    @MethodSource("proxies")
    void throughAProxyAnEndpointThatConnectsElsewhereIsSkippedAndAnotherHostIsNot(Http http, Proxy.Type type)
            throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            ProxyServer proxy = ProxyServer.open(servers, type);
            servers.edge.answers(TestServer.edgePage(500));
            servers.name(STAND_IN, TestServers.ORIGIN_IP);
            Upstream upstream = servers.assistant()
                    .endpoint(Endpoint.at(servers.url(STAND_IN, "")).named("fallback"));
            OkHttpClient client = servers.built(
                    servers.byroad(upstream).installOn(servers.client()).proxy(proxy.proxy()));

            Got got = got(client, servers.post("/"));

            assertThat(got.by()).isEqualTo("fallback");
            assertThat(Byroad.reportOf(got.response()).toString())
                    .contains("origin direct impossible: a proxy resolves the name by itself");
            assertThat(proxy.asked)
                    .containsExactly(TestServers.HOST + ":" + servers.port(), STAND_IN + ":" + servers.port());
        }
    }

    /** Its credentials are for the proxy, whoever is called; the caller's are not for whoever is called. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aProxysChallengeIsAnsweredOnTheWayToAnotherAuthorityAsWell(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            ProxyServer proxy = ProxyServer.challenging(servers);
            servers.edge.answers(TestServer.edgePage(500));
            servers.name(STAND_IN, TestServers.ORIGIN_IP);
            servers.origin.answers(TestServer.answer(401, "who?"));
            Upstream upstream = Upstream.named("assistant")
                    .endpoint(servers.atEdge())
                    .endpoint(Endpoint.at(servers.url(STAND_IN, "")).named("fallback"));
            OkHttpClient client = servers.built(servers.byroad(upstream)
                    .installOn(servers.client())
                    .proxy(proxy.proxy())
                    .proxyAuthenticator(answering("Proxy-Authorization"))
                    .authenticator(answering("Authorization")));

            // a fallback that never answered well does not hide the edge's answer
            assertThat(got(client, servers.get("/")).code()).isEqualTo(500);

            assertThat(proxy.asked).hasSize(2);
            assertThat(proxy.authorizations).hasSize(2);
            assertThat(servers.origin.count()).isEqualTo(1);
            assertThat(servers.origin.last().getHeaders().get("Proxy-Authorization"))
                    .isNull();
            assertThat(servers.edge.last().getHeaders().get("Proxy-Authorization"))
                    .isNull();
        }
    }

    /** What comes through a tunnel is the host's, whatever it claims to be. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aHostThatPosesAsTheProxyDoesNotGetTheProxysCredentials(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            ProxyServer proxy = ProxyServer.open(servers, Proxy.Type.HTTP);
            servers.edge.answers(TestServer.answer(407, "who?"));
            OkHttpClient client = servers.built(servers.closing(Byroad.create())
                    .installOn(servers.client())
                    .proxy(proxy.proxy())
                    .proxyAuthenticator(answering("Proxy-Authorization")));

            assertThat(got(client, servers.get("/")).code()).isEqualTo(407);

            assertThat(servers.edge.requests)
                    .extracting(request -> request.getHeaders().get("Proxy-Authorization"))
                    .containsOnlyNulls();
        }
    }

    private static Authenticator answering(String header) {
        return (route, response) -> response.request().header(header) != null
                ? null
                : response.request()
                        .newBuilder()
                        .header(header, Credentials.basic("user", "secret"))
                        .build();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aHostThatIsAnAddressIsCalledAndProtectedLikeAnyOther(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            TestServer byAddress = servers.closing(new TestServer("address")
                            .useHttps(servers.ca.serverSocketFactory("127.0.0.9"))
                            .speaking(http.protocols()))
                    .open("127.0.0.9", servers.port());
            byAddress.next(TestServer.answer(503, "busy"));
            OkHttpClient client = servers.with(servers.closing(Byroad.create()));

            Got got = got(client, at("https://127.0.0.9:" + servers.port() + "/"));

            assertThat(got.body()).isEqualTo("address /");
            assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(2);
        }
    }

    /** OkHttp asks no Dns for an address, so that nothing can be connected to in its place. */
    @Test
    void anEndpointInPlaceOfAnAddressIsSkippedWithAReason() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            TestServer server = servers.closing(
                            new TestServer("address").useHttps(servers.ca.serverSocketFactory("127.0.0.9")))
                    .open("127.0.0.9", servers.port())
                    .answers(TestServer.answer(404, "here"));
            Endpoint edge = Endpoint.at("https://127.0.0.9:" + servers.port());
            Upstream upstream = Upstream.named("assistant")
                    .endpoint(edge.connectTo(TestServers.ORIGIN_IP).named("origin"))
                    .endpoint(edge.named("edge"));
            OkHttpClient client = servers.with(servers.byroad(upstream));

            Got got = got(client, at(edge.at() + "/"));

            assertThat(got.by()).isEqualTo("edge");
            assertThat(server.count()).isEqualTo(1);
            assertThat(Byroad.reportOf(got.response()).toString())
                    .contains("impossible: its host is an address, which is never looked up");
        }
    }

    private static Request at(String url) {
        return new Request.Builder().url(url).build();
    }

    @Test
    void theOriginIsTheFallbackInCleartextAsOverHttps() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1);
                TestServer edge = new TestServer("plain edge").open("127.0.0.8", 0);
                TestServer origin = new TestServer("plain origin").open("127.0.0.9", edge.port())) {
            servers.name(TestServers.HOST, "127.0.0.8");
            servers.name(TestServers.ORIGIN, "127.0.0.9");
            edge.answers(TestServer.edgePage(500));
            Endpoint plain = Endpoint.at("http://" + TestServers.HOST + ":" + edge.port());
            Upstream upstream = Upstream.named("assistant")
                    .endpoint(plain.through("cloudflare"))
                    .endpoint(plain.connectTo(TestServers.ORIGIN));
            OkHttpClient client = servers.with(servers.byroad(upstream));

            assertThat(got(client, at(plain.at() + "/")).body()).isEqualTo("plain origin /");
            assertThat(edge.count()).isEqualTo(1);
            assertThat(origin.count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aRightPinHoldsAtTheOriginToo(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            String pinOfAuthority =
                    CertificatePinner.pin(servers.ca.trustManager().getAcceptedIssuers()[0]);

            Got got = got(pinned(servers, pinOfAuthority), servers.get("/"));

            assertThat(got.body()).isEqualTo("origin /");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aWrongPinAtTheEdgeMovesNothing(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            Call call = pinned(servers, wrongPin()).newCall(servers.get("/"));

            assertThatThrownBy(call::execute).isInstanceOf(SSLPeerUnverifiedException.class);
            assertThat(servers.edge.count()).isZero();
            assertThat(servers.origin.count()).isZero();
            assertThat(Byroad.reportOf(call).attempts())
                    .extracting(AttemptReport::endpoint)
                    .containsOnly("edge"); // twice, if its name's answer was in doubt
            assertThat(Byroad.reportOf(call).notes())
                    .containsExactly("nothing more is tried: the peer could not prove who it is");
        }
    }

    /** The edge has the pinned certificate and fails, the origin has another one of the same authority. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aWrongPinAtTheOriginLeavesTheEdgesAnswer(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            Call first = servers.built(servers.client()).newCall(servers.get("/"));
            Got plain = Got.of(first);
            String pinOfEdge = CertificatePinner.pin(
                    plain.response().handshake().peerCertificates().get(0));

            Got got = got(pinned(servers, pinOfEdge), servers.get("/"));

            assertThat(got.code()).isEqualTo(500);
            assertThat(servers.edge.count()).isEqualTo(2); // one of them without us
            assertThat(servers.origin.count()).isZero();
            assertThat(Byroad.reportOf(got.response()).notes())
                    .containsExactly("nothing more is tried: the peer could not prove who it is");
        }
    }

    private static String wrongPin() {
        return "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    }

    private static OkHttpClient pinned(TestServers servers, String pin) {
        return servers.built(servers.byroad(servers.assistant())
                .installOn(servers.client())
                .certificatePinner(new CertificatePinner.Builder()
                        .add(TestServers.HOST, pin)
                        .build()));
    }

    /** As if an OkHttp to come kept the connection of a call: nothing is sent to the wrong server, and it is told once. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aCallThatDoesNotLetGoOfItsConnectionIsNotSentToTheWrongEndpoint(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            List<Event> events = new CopyOnWriteArrayList<>();
            Byroad byroad = servers.closing(Byroad.builder()
                    .upstream(servers.assistant())
                    .onEvent(events::add)
                    .detach(chain -> {})
                    .build());
            OkHttpClient client = servers.built(servers.client().addInterceptor(chain -> byroad.intercept(chain)));

            for (int calls = 1; calls <= 2; calls++) {
                Got got = got(client, servers.post("/"));

                assertThat(got.code()).isEqualTo(500);
                assertThat(got.by()).isEqualTo("edge");
                assertThat(Byroad.reportOf(got.response()).toString())
                        .contains("origin direct impossible: OkHttp did not let the call go of its connection");
            }
            assertThat(servers.origin.count()).isZero();
            assertThat(impaired(events))
                    .containsExactly(
                            "calls of their own: Byroad is called by another interceptor (expected: addInterceptor(byroad))");
        }
    }

    /** An interceptor below may have the last word on where names lead; then no endpoint can stand in by its addresses. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void anInterceptorBelowThatLooksNamesUpIsReported(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            List<Event> events = new CopyOnWriteArrayList<>();
            Byroad byroad = servers.closing(Byroad.builder()
                    .upstream(servers.assistant())
                    .onEvent(events::add)
                    .build());
            OkHttpClient client = servers.built(byroad.installOn(servers.client())
                    .addInterceptor(chain -> chain.withDns(servers::lookup).proceed(chain.request())));

            Got got = got(client, servers.post("/"));

            assertThat(got.code()).isEqualTo(500);
            assertThat(Byroad.reportOf(got.response()).toString())
                    .contains("origin direct impossible: an interceptor below looks names up by itself");
            assertThat(impaired(events))
                    .containsExactly(
                            "failover to other addresses of the same host: an interceptor below looks names up by itself");
        }
    }

    private static List<String> impaired(List<Event> events) {
        return events.stream()
                .filter(Event.Impaired.class::isInstance)
                .map(Event::toString)
                .toList();
    }
}
