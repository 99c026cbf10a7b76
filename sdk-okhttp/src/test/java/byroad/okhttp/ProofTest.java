package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Provenance;
import byroad.dns.Resolvers;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The listener of a call tells last-good which addresses proved themselves, and which showed a wrong certificate. */
class ProofTest {
    private static final Duration PAST_FRESH = Duration.ofSeconds(31);

    private final OffsetTime time = new OffsetTime();

    private Byroad byroad(TestServers servers) {
        return servers.closing(Byroad.builder()
                .runtime(ClientRuntime.standard().time(time))
                .resolver(Resolvers.blocking("registry", "registry", servers::lookup))
                .build());
    }

    /** New connections from here on, so that a name is needed. */
    private static void forgetConnections(OkHttpClient client) {
        client.connectionPool().evictAll();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anAddressThatATlsHandshakeProvedIsHeldWhenTheNameGoesEmpty(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = servers.built(servers.client().addInterceptor(byroad(servers)));
            assertThat(got(client, servers.get("/")).code()).isEqualTo(200);
            servers.name(TestServers.HOST);
            time.jump(PAST_FRESH);
            forgetConnections(client);

            Got got = got(client, servers.get("/held"));

            assertThat(got.body()).isEqualTo("edge /held");
            assertThat(Byroad.reportOf(got.response()).attempts().get(0).address())
                    .hasValueSatisfying(from -> assertThat(from.source()).isEqualTo(Provenance.Source.RETAINED));
        }
    }

    @Test
    void aPooledConnectionProvesItsAddressAgainAfterItWasLookedUpAnew() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            OkHttpClient client = servers.with(byroad(servers));
            assertThat(got(client, servers.get("/")).code()).isEqualTo(200);
            assertThat(got(client, servers.get("/")).code()).isEqualTo(200);
            servers.name(TestServers.HOST);
            time.jump(PAST_FRESH);
            forgetConnections(client);

            assertThat(got(client, servers.get("/held")).code()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anAddressThatWasNeverConnectedToIsNotHeld(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.name(TestServers.HOST, "127.0.0.9"); // nobody listens there
            OkHttpClient client = servers.with(byroad(servers));
            assertThatThrownBy(() -> got(client, servers.get("/"))).isInstanceOf(java.net.ConnectException.class);
            servers.name(TestServers.HOST);
            time.jump(PAST_FRESH);

            assertThatThrownBy(() -> got(client, servers.get("/"))).isInstanceOf(UnknownHostException.class);
        }
    }

    @Test
    void overCleartextNothingIsProvenAndNothingHeld() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1);
                TestServer plain = new TestServer("plain").open(TestServers.EDGE_IP, 0)) {
            OkHttpClient client = servers.with(byroad(servers));
            Request request = new Request.Builder()
                    .url("http://" + TestServers.HOST + ":" + plain.port() + "/")
                    .build();
            assertThat(got(client, request).body()).isEqualTo("plain /");
            servers.name(TestServers.HOST);
            time.jump(PAST_FRESH);
            forgetConnections(client);

            assertThatThrownBy(() -> got(client, request)).isInstanceOf(UnknownHostException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anAddressWithAWrongCertificateIsDropped(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            TestServer impostor = servers.closing(new TestServer("impostor")
                    .useHttps(servers.ca.serverSocketFactory("somebody-else.example.test"))
                    .speaking(Protocol.HTTP_1_1)
                    .open("127.0.0.5", servers.port()));
            servers.name(TestServers.HOST, "127.0.0.5", TestServers.EDGE_IP);
            Failures failures = new Failures();
            OkHttpClient client =
                    servers.built(byroad(servers).installOn(servers.client()).eventListener(failures));

            assertThat(got(client, servers.get("/")).body()).isEqualTo("edge /");
            assertThat(failures.addresses).containsExactly("127.0.0.5");
            forgetConnections(client);
            servers.name(TestServers.HOST); // nothing new can be learned
            assertThat(got(client, servers.get("/")).body()).isEqualTo("edge /");

            assertThat(failures.addresses).containsExactly("127.0.0.5"); // not tried a second time
            assertThat(impostor.count()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aCertificateFailureMovesNoCallToAnotherEndpoint(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.closing(new TestServer("impostor")
                    .useHttps(servers.ca.serverSocketFactory("somebody-else.example.test"))
                    .speaking(Protocol.HTTP_1_1)
                    .open("127.0.0.5", servers.port()));
            servers.name(TestServers.HOST, "127.0.0.5");
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));

            assertThatThrownBy(() -> got(client, servers.get("/"))).isInstanceOf(SSLPeerUnverifiedException.class);
            assertThat(servers.origin.count()).isZero();
        }
    }

    @Test
    void theUsersOwnListenerHearsEverythingAsWell() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Failures failures = new Failures();
            OkHttpClient client = servers.built(
                    servers.client().addInterceptor(byroad(servers)).eventListener(failures));

            assertThat(got(client, servers.get("/")).code()).isEqualTo(200);
            assertThat(failures.acquired).hasSize(1);
        }
    }

    @Test
    void clientsThatTrustDifferentlyShareNoAddresses() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Byroad byroad = byroad(servers);
            OkHttpClient one = servers.with(byroad);
            assertThat(got(one, servers.get("/")).code()).isEqualTo(200);
            servers.name(TestServers.HOST);
            time.jump(PAST_FRESH);
            OkHttpClient other = servers.built(one.newBuilder().hostnameVerifier((host, session) -> true));

            assertThatThrownBy(() -> got(other, servers.get("/"))).isInstanceOf(UnknownHostException.class);
            assertThat(List.of(got(one, servers.get("/")).code())).containsExactly(200);
        }
    }
}
