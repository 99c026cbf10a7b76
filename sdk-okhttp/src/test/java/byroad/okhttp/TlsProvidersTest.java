package byroad.okhttp;

import byroad.okhttp.TestServers.Http;
import byroad.test.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a certificate that is not accepted means does not depend on the provider of TLS. */
class TlsProvidersTest {
    enum Tls {
        JDK(() -> {
            try {
                return SSLContext.getDefault().getProvider();
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }),
        BOUNCY_CASTLE(() -> new BouncyCastleJsseProvider(new BouncyCastleProvider())),
        CONSCRYPT(Conscrypt::newProvider);

        @SuppressWarnings("ImmutableEnumChecker") // a supplier without state
        private final Supplier<Provider> provider;

        Tls(Supplier<Provider> provider) {
            this.provider = provider;
        }

        OkHttpClient.Builder on(OkHttpClient.Builder client, TestCa ca, KeyManager... keys) {
            try {
                KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
                trusted.load(null, null);
                trusted.setCertificateEntry("ca", ca.trustManager().getAcceptedIssuers()[0]);
                TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX", provider.get());
                trust.init(trusted);
                SSLContext context = SSLContext.getInstance("TLS", provider.get());
                context.init(keys, trust.getTrustManagers(), null);
                return client.sslSocketFactory(
                        context.getSocketFactory(), (X509TrustManager) trust.getTrustManagers()[0]);
            } catch (GeneralSecurityException | IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tls.class)
    void aCallIsAnsweredWithEach(Tls tls) throws Exception {
        Paired.over(Http.H2, day -> {
                    day.set(builder -> tls.on(builder, day.servers.ca));
                    day.get("/");
                    day.post("/");
                })
                .neverWorse()
                .holds("answers", result -> result.answered() == 2);
    }

    @ParameterizedTest
    @EnumSource(Tls.class)
    void theCertificateOfAStrangerEndsTheCall(Tls tls) throws Exception {
        Paired.over(Http.H2, day -> {
                    TestServers servers = day.servers;
                    servers.name(TestServers.HOST, "127.0.0.5");
                    TestServer stranger = servers.closing(new TestServer("stranger")
                            .useHttps(TestCa.create().serverSocketFactory(TestServers.HOST))
                            .open("127.0.0.5", servers.port()));
                    day.counted(stranger::count);
                    day.set(builder -> tls.on(builder, servers.ca));
                    day.get("/");
                    day.tell("asked: " + stranger.count() + servers.origin.count());
                    day.tell("circuits closed: " + day.areCircuitsClosed());
                })
                .answersAsPlain()
                .connectionsAsPlain()
                .requestsAsPlain();
    }

    /** The alert races with the request, which may also fail with a broken pipe. */
    @ParameterizedTest
    @EnumSource(Tls.class)
    void aCertificateOfTheClientThatIsRefusedEndsTheCall(Tls tls) throws Exception {
        HeldCertificate unknown = new HeldCertificate.Builder()
                .commonName("a client of somebody else")
                .signedBy(new HeldCertificate.Builder().certificateAuthority(0).build())
                .build();
        HandshakeCertificates own =
                new HandshakeCertificates.Builder().heldCertificate(unknown).build();
        Paired.over(Http.H1, day -> {
                    TestServers servers = day.servers;
                    MockWebServer strict = servers.closing(new MockWebServer());
                    strict.useHttps(new HandshakeCertificates.Builder()
                            .heldCertificate(servers.ca.certificateFor(TestServers.HOST))
                            .addTrustedCertificate(servers.ca.trustManager().getAcceptedIssuers()[0])
                            .build()
                            .sslSocketFactory());
                    strict.requireClientAuth();
                    strict.setProtocols(List.of(Http.H1.protocols()));
                    strict.start(InetAddress.getByName("127.0.0.5"), servers.port());
                    servers.name(TestServers.HOST, "127.0.0.5");
                    servers.name(TestServers.ORIGIN, "127.0.0.5");
                    day.set(builder -> tls.on(builder, servers.ca, own.keyManager()));
                    String answer = PairedDay.answerOf(day.client().newCall(servers.get("/")));
                    day.tell(answer.matches("SocketException|SSL.*|Tls.*") ? "refused" : answer);
                    day.tell("circuits closed: " + day.areCircuitsClosed());
                })
                .answersAsPlain()
                .asSoon()
                .nothingLeft();
    }
}
