package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Event;
import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The names that a call meets on its way, other than its endpoint's. */
class RedirectAndProxyTest {
    @ParameterizedTest
    @EnumSource(Http.class)
    void aRedirectToAnotherHostGoesToThatHost(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.name(TestServers.OTHER, "127.0.0.6");
            TestServer other = servers.opened("other", "127.0.0.6");
            servers.edge.answers(TestServer.edgePage(500));
            servers.origin.answers(new MockResponse.Builder()
                    .code(302)
                    .setHeader("Location", servers.url(TestServers.OTHER, "/t"))
                    .build());

            Got got = got(servers.with(servers.byroad(servers.assistant())), servers.get("/"));

            assertThat(got.body()).isEqualTo("other /t");
            assertThat(servers.origin.count()).isEqualTo(1);
            assertThat(other.last().getHandshakeServerNames()).containsExactly(TestServers.OTHER);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aRedirectOnTheSameHostStaysAtTheEndpoint(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            servers.origin.next(new MockResponse.Builder()
                    .code(302)
                    .setHeader("Location", "/t")
                    .build());

            assertThat(got(servers.with(servers.byroad(servers.assistant())), servers.get("/"))
                            .body())
                    .isEqualTo("origin /t");
            assertThat(servers.edge.count()).isEqualTo(1);
        }
    }

    @Test
    void behindAProxyEndpointsThatConnectElsewhereAreSkippedWithAReason() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            TestServer proxy = servers.closing(new TestServer("proxy").open("127.0.0.7", 0))
                    .answers(TestServer.edgePage(500));
            servers.name("proxy.example.test", "127.0.0.7");
            Proxy plain =
                    new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy.example.test", proxy.port()));
            List<Event> events = new CopyOnWriteArrayList<>();
            Byroad byroad = servers.closing(
                    Byroad.builder().upstream(cleartext()).onEvent(events::add).build());
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client()).proxy(plain));

            Got got = got(
                    client,
                    servers.get("/")
                            .newBuilder()
                            .url("http://" + TestServers.HOST + "/")
                            .build());

            assertThat(got.code()).isEqualTo(500);
            assertThat(servers.origin.count()).isZero();
            assertThat(proxy.count()).isGreaterThanOrEqualTo(1);
            assertThat(Byroad.reportOf(got.response()).toString())
                    .contains("impossible: a proxy resolves the name by itself");
            assertThat(events)
                    .filteredOn(Event.Impaired.class::isInstance)
                    .singleElement()
                    .asString()
                    .contains("calls go through a proxy that resolves by itself: HTTP @ proxy.example.test");
        }
    }

    private static Upstream cleartext() {
        return Upstream.named("assistant")
                .endpoint(Endpoint.at("http://" + TestServers.HOST).through("cloudflare"))
                .endpoint(Endpoint.at("http://" + TestServers.HOST).connectTo(TestServers.ORIGIN));
    }

    /** As a PAC does: the host of the call is reached directly, that of the fallback endpoint through a proxy. */
    @Test
    void whetherAProxyIsInTheWayIsAskedForTheEndpointAndNotForTheCall() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            String fallback = "fallback.example.test";
            servers.edge.answers(TestServer.edgePage(500));
            Upstream upstream = Upstream.named("assistant")
                    .endpoint(servers.atEdge())
                    .endpoint(Endpoint.at(servers.url(fallback, ""))
                            .connectTo(TestServers.ORIGIN_IP)
                            .named("fallback"));
            ProxySelector pac = new ProxySelector() {
                @Override
                public List<Proxy> select(URI uri) {
                    return uri.getHost().equals(fallback)
                            ? List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", 9)))
                            : List.of(Proxy.NO_PROXY);
                }

                @Override
                public void connectFailed(URI uri, SocketAddress to, IOException why) {}
            };
            OkHttpClient client = servers.built(
                    servers.byroad(upstream).installOn(servers.client()).proxySelector(pac));

            Got got = got(client, servers.get("/"));

            assertThat(Byroad.reportOf(got.response()).toString())
                    .contains("fallback direct impossible: a proxy resolves the name by itself and would not go there");
        }
    }
}
