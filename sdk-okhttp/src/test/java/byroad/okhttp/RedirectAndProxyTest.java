package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Event;
import byroad.Upstream;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
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
        try (Doors doors = Doors.open(http)) {
            doors.name(Doors.OTHER, "127.0.0.6");
            Door other = doors.opened("other", "127.0.0.6");
            doors.edge.answers(Door.edgePage(500));
            doors.origin.answers(new MockResponse.Builder()
                    .code(302)
                    .setHeader("Location", doors.url(Doors.OTHER, "/t"))
                    .build());

            Got got = got(doors.with(doors.byroad(doors.assistant())), doors.get("/"));

            assertThat(got.body()).isEqualTo("other /t");
            assertThat(doors.origin.count()).isEqualTo(1);
            assertThat(other.last().getHandshakeServerNames()).containsExactly(Doors.OTHER);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aRedirectOnTheSameHostStaysAtTheEndpoint(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.edgePage(500));
            doors.origin.next(new MockResponse.Builder()
                    .code(302)
                    .setHeader("Location", "/t")
                    .build());

            assertThat(got(doors.with(doors.byroad(doors.assistant())), doors.get("/"))
                            .body())
                    .isEqualTo("origin /t");
            assertThat(doors.edge.count()).isEqualTo(1);
        }
    }

    @Test
    void behindAProxyEndpointsThatConnectElsewhereAreSkippedWithAReason() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            Door proxy = doors.closing(new Door("proxy").open("127.0.0.7", 0)).answers(Door.edgePage(500));
            doors.name("proxy.example.test", "127.0.0.7");
            Proxy plain =
                    new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy.example.test", proxy.port()));
            List<Event> events = new CopyOnWriteArrayList<>();
            Byroad byroad = doors.closing(
                    Byroad.builder().upstream(cleartext()).onEvent(events::add).build());
            OkHttpClient client = doors.built(byroad.installOn(doors.client()).proxy(plain));

            Got got = got(
                    client,
                    doors.get("/")
                            .newBuilder()
                            .url("http://" + Doors.HOST + "/")
                            .build());

            assertThat(got.code()).isEqualTo(500);
            assertThat(doors.origin.count()).isZero();
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
                .endpoint(Endpoint.at("http://" + Doors.HOST).through("cloudflare"))
                .endpoint(Endpoint.at("http://" + Doors.HOST).connectTo(Doors.ORIGIN));
    }

    /** As a PAC does: the host of the call is reached directly, that of the stand-in through a proxy. */
    @Test
    void whetherAProxyIsInTheWayIsAskedForTheEndpointAndNotForTheCall() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            String standIn = "stand-in.example.test";
            doors.edge.answers(Door.edgePage(500));
            Upstream upstream = Upstream.named("assistant")
                    .endpoint(doors.atEdge())
                    .endpoint(Endpoint.at(doors.url(standIn, ""))
                            .connectTo(Doors.ORIGIN_IP)
                            .named("stand-in"));
            ProxySelector pac = new ProxySelector() {
                @Override
                public List<Proxy> select(URI uri) {
                    return uri.getHost().equals(standIn)
                            ? List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", 9)))
                            : List.of(Proxy.NO_PROXY);
                }

                @Override
                public void connectFailed(URI uri, SocketAddress to, IOException why) {}
            };
            OkHttpClient client =
                    doors.built(doors.byroad(upstream).installOn(doors.client()).proxySelector(pac));

            Got got = got(client, doors.get("/"));

            assertThat(Byroad.reportOf(got.response()).toString())
                    .contains("stand-in direct impossible: a proxy resolves the name by itself and would not go there");
        }
    }
}
