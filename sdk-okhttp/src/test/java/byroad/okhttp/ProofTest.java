package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Provenance;
import byroad.Seams;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
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

    private Byroad byroad(Doors doors) {
        return doors.closing(Byroad.builder().seams(Seams.standard().time(time)).build());
    }

    /** New connections from here on, so that a name is needed. */
    private static void forgetConnections(OkHttpClient client) {
        client.connectionPool().evictAll();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anAddressThatATlsHandshakeProvedIsHeldWhenTheNameGoesEmpty(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            OkHttpClient client = doors.built(doors.client().addInterceptor(byroad(doors)));
            assertThat(got(client, doors.get("/")).code()).isEqualTo(200);
            doors.name(Doors.HOST);
            time.jump(PAST_FRESH);
            forgetConnections(client);

            Got got = got(client, doors.get("/held"));

            assertThat(got.body()).isEqualTo("edge /held");
            assertThat(Byroad.reportOf(got.response()).attempts().get(0).address())
                    .hasValueSatisfying(from -> assertThat(from.source()).isEqualTo(Provenance.Source.HELD));
        }
    }

    @Test
    void aPooledConnectionProvesItsAddressAgainAfterItWasLookedUpAnew() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            OkHttpClient client = doors.with(byroad(doors));
            assertThat(got(client, doors.get("/")).code()).isEqualTo(200);
            assertThat(got(client, doors.get("/")).code()).isEqualTo(200);
            doors.name(Doors.HOST);
            time.jump(PAST_FRESH);
            forgetConnections(client);

            assertThat(got(client, doors.get("/held")).code()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anAddressThatWasNeverConnectedToIsNotHeld(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.name(Doors.HOST, "127.0.0.9"); // nobody listens there
            OkHttpClient client = doors.with(byroad(doors));
            assertThatThrownBy(() -> got(client, doors.get("/"))).isInstanceOf(java.net.ConnectException.class);
            doors.name(Doors.HOST);
            time.jump(PAST_FRESH);

            assertThatThrownBy(() -> got(client, doors.get("/"))).isInstanceOf(UnknownHostException.class);
        }
    }

    @Test
    void overCleartextNothingIsProvenAndNothingHeld() throws Exception {
        try (Doors doors = Doors.open(Http.H1);
                Door plain = new Door("plain").open(Doors.EDGE_IP, 0)) {
            OkHttpClient client = doors.with(byroad(doors));
            Request request = new Request.Builder()
                    .url("http://" + Doors.HOST + ":" + plain.port() + "/")
                    .build();
            assertThat(got(client, request).body()).isEqualTo("plain /");
            doors.name(Doors.HOST);
            time.jump(PAST_FRESH);
            forgetConnections(client);

            assertThatThrownBy(() -> got(client, request)).isInstanceOf(UnknownHostException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anAddressWithAWrongCertificateIsDropped(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            Door impostor = doors.closing(new Door("impostor")
                    .useHttps(doors.ca.serverSocketFactory("somebody-else.example.test"))
                    .speaking(Protocol.HTTP_1_1)
                    .open("127.0.0.5", doors.port()));
            doors.name(Doors.HOST, "127.0.0.5", Doors.EDGE_IP);
            Failures failures = new Failures();
            OkHttpClient client =
                    doors.built(Byroad.create().installOn(doors.client()).eventListener(failures));

            assertThat(got(client, doors.get("/")).body()).isEqualTo("edge /");
            assertThat(failures.addresses).containsExactly("127.0.0.5");
            forgetConnections(client);
            doors.name(Doors.HOST); // nothing new can be learned
            assertThat(got(client, doors.get("/")).body()).isEqualTo("edge /");

            assertThat(failures.addresses).containsExactly("127.0.0.5"); // not tried a second time
            assertThat(impostor.count()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aCertificateFailureMovesNoCallToAnotherEndpoint(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.closing(new Door("impostor")
                    .useHttps(doors.ca.serverSocketFactory("somebody-else.example.test"))
                    .speaking(Protocol.HTTP_1_1)
                    .open("127.0.0.5", doors.port()));
            doors.name(Doors.HOST, "127.0.0.5");
            OkHttpClient client = doors.with(doors.byroad(doors.assistant()));

            assertThatThrownBy(() -> got(client, doors.get("/"))).isInstanceOf(SSLPeerUnverifiedException.class);
            assertThat(doors.origin.count()).isZero();
        }
    }

    @Test
    void theUsersOwnListenerHearsEverythingAsWell() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Failures failures = new Failures();
            OkHttpClient client =
                    doors.built(doors.client().addInterceptor(byroad(doors)).eventListener(failures));

            assertThat(got(client, doors.get("/")).code()).isEqualTo(200);
            assertThat(failures.acquired).hasSize(1);
        }
    }

    @Test
    void clientsThatTrustDifferentlyShareNoAddresses() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Byroad byroad = byroad(doors);
            OkHttpClient one = doors.with(byroad);
            assertThat(got(one, doors.get("/")).code()).isEqualTo(200);
            doors.name(Doors.HOST);
            time.jump(PAST_FRESH);
            OkHttpClient other = doors.built(one.newBuilder().hostnameVerifier((host, session) -> true));

            assertThatThrownBy(() -> got(other, doors.get("/"))).isInstanceOf(UnknownHostException.class);
            assertThat(List.of(got(one, doors.get("/")).code())).containsExactly(200);
        }
    }
}
