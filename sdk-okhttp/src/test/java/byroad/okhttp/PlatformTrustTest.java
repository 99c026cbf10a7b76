package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.test.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.CertificatePinner;
import okhttp3.ConnectionSpec;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which clients look up and trust as the platform does, and may therefore share what they learned. */
class PlatformTrustTest {
    private static final String PIN = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private final PlatformTrust platform = new PlatformTrust();

    private Surroundings of(UnaryOperator<OkHttpClient.Builder> change) throws IOException {
        return of(change.apply(new OkHttpClient.Builder()).build());
    }

    private Surroundings of(OkHttpClient client) throws IOException {
        return Surroundings.of(chainOf(client), platform);
    }

    /** A call of that client as an interceptor sees it, with nothing on the network. */
    static Interceptor.Chain chainOf(OkHttpClient client) throws IOException {
        List<Interceptor.Chain> seen = new ArrayList<>();
        OkHttpClient watched = client.newBuilder()
                .addInterceptor(chain -> {
                    seen.add(chain);
                    return new Response.Builder()
                            .request(chain.request())
                            .protocol(Protocol.HTTP_1_1)
                            .code(204)
                            .message("")
                            .body(ResponseBody.create("", null))
                            .build();
                })
                .build();
        watched.newCall(new Request.Builder().url("https://api.example.test/").build())
                .execute()
                .close();
        return seen.get(0);
    }

    private static X509TrustManager trustManager(@Nullable KeyStore keys) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(keys);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    private static OkHttpClient.Builder trusting(OkHttpClient.Builder client, X509TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return client.sslSocketFactory(context.getSocketFactory(), trust);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aClientWithSocketsOfItsOwnHasAWorldOfItsOwn() throws IOException {
        SocketFactory own = new OtherSockets();
        assertThat(of(client -> client.socketFactory(own)))
                .isNotSameAs(Surroundings.PLATFORM)
                .isNotEqualTo(of(client -> client.socketFactory(new OtherSockets())));
    }

    @Test
    void allClientsBuiltWithNothingSetShareOneWorld() throws IOException {
        OkHttpClient one = new OkHttpClient();
        OkHttpClient other = new OkHttpClient.Builder().build();
        assertThat(one.sslSocketFactory()).isNotEqualTo(other.sslSocketFactory());
        assertThat(of(one)).isSameAs(Surroundings.PLATFORM).isSameAs(of(other));
        assertThat(of(one.newBuilder().followRedirects(false).build())).isSameAs(Surroundings.PLATFORM);
    }

    @Test
    void theRecipeOfOkHttpsDocumentationIsThePlatform() throws Exception {
        X509TrustManager asDocumented = trustManager(null);
        assertThat(of(client -> trusting(client, asDocumented))).isSameAs(Surroundings.PLATFORM);
    }

    @Test
    void aClientThatTrustsAllIsNotThePlatform() throws IOException {
        assertThat(of(client -> trusting(client, new TrustsAll()))).isNotEqualTo(Surroundings.PLATFORM);
    }

    @Test
    void aManagerOfOnesOwnAroundThatOfThePlatformIsNotThePlatform() throws Exception {
        X509TrustManager inside = trustManager(null);
        X509TrustManager around = new TrustsAll() {
            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return inside.getAcceptedIssuers();
            }
        };
        assertThat(of(client -> trusting(client, around))).isNotEqualTo(Surroundings.PLATFORM);
    }

    @Test
    void aKeyStoreOfOnesOwnIsNotThePlatform() throws Exception {
        KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
        keys.load(null, null);
        keys.setCertificateEntry(
                "test", TestCa.create().certificateFor("api.example.test").certificate());
        X509TrustManager own = trustManager(keys);
        assertThat(own.getClass()).isEqualTo(trustManager(null).getClass());
        assertThat(of(client -> trusting(client, own))).isNotEqualTo(Surroundings.PLATFORM);
    }

    @Test
    void oneIssuerMoreThanThePlatformHasIsNotThePlatform() throws Exception {
        KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
        keys.load(null, null);
        int number = 0;
        for (X509Certificate issuer : trustManager(null).getAcceptedIssuers()) {
            keys.setCertificateEntry("issuer-" + number++, issuer);
        }
        X509TrustManager same = trustManager(keys);
        keys.setCertificateEntry(
                "test", TestCa.create().certificateFor("api.example.test").certificate());
        X509TrustManager more = trustManager(keys);
        assertThat(of(client -> trusting(client, same))).isSameAs(Surroundings.PLATFORM);
        assertThat(of(client -> trusting(client, more))).isNotEqualTo(Surroundings.PLATFORM);
    }

    @Test
    void aVerifierPinsADnsOrCleartextOfOnesOwnIsNotThePlatform() throws IOException {
        CertificatePinner pins =
                new CertificatePinner.Builder().add("*.example.test", PIN).build();
        assertThat(of(client -> client.hostnameVerifier((host, session) -> true)))
                .isNotEqualTo(Surroundings.PLATFORM);
        assertThat(of(client -> client.certificatePinner(pins))).isNotEqualTo(Surroundings.PLATFORM);
        assertThat(of(client -> client.dns(host -> List.of(InetAddress.getLoopbackAddress()))))
                .isNotEqualTo(Surroundings.PLATFORM);
        assertThat(of(client -> client.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))))
                .isNotEqualTo(Surroundings.PLATFORM);
    }

    @Test
    void aSocketFactoryOfOnesOwnIsNotThePlatform() throws Exception {
        OkHttpClient plain = new OkHttpClient();
        X509TrustManager trust = trustManager(null);
        assertThat(of(client -> client.sslSocketFactory(new Wrapped(plain.sslSocketFactory()), trust)))
                .isNotEqualTo(Surroundings.PLATFORM);
    }

    @Test
    void aClientWithItsOwnTrustSharesWithItsOwnCopiesOnly() throws IOException {
        OkHttpClient own = trusting(new OkHttpClient.Builder(), new TrustsAll()).build();
        OkHttpClient pinned = own.newBuilder()
                .certificatePinner(new CertificatePinner.Builder()
                        .add("*.example.test", PIN)
                        .build())
                .build();
        assertThat(of(own)).isEqualTo(of(own.newBuilder().build()));
        assertThat(of(own)).isNotEqualTo(of(client -> trusting(client, new TrustsAll())));
        assertThat(of(pinned))
                .isNotEqualTo(of(own))
                .isEqualTo(of(pinned.newBuilder().build()));
    }

    @Test
    void noClientSharesNamesIfThePlatformHasNoTrust() throws IOException {
        PlatformTrust without = new PlatformTrust(() -> {
            throw new AssertionError("No System TLS");
        });
        Interceptor.Chain chain = chainOf(new OkHttpClient());
        assertThat(without.isThatOf(chain)).isFalse();
        assertThat(Surroundings.of(chain, without)).isEqualTo(Surroundings.of(chain, without));
    }

    @Test
    void moreClientsThanAreRememberedAreJudgedAlike() throws IOException {
        List<Interceptor.Chain> chains = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            chains.add(chainOf(
                    i % 2 == 0
                            ? new OkHttpClient()
                            : trusting(new OkHttpClient.Builder(), new TrustsAll())
                                    .build()));
        }
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < chains.size(); i++) {
                assertThat(platform.isThatOf(chains.get(i))).isEqualTo(i % 2 == 0);
            }
        }
    }

    @Test
    void theIssuersOfAClientAreReadOnceAndNotByTheCall() throws IOException {
        OkHttpClient like = trusting(new OkHttpClient.Builder(), new Counting()).build();
        Counting counting = new Counting();
        Interceptor.Chain chain =
                chainOf(trusting(new OkHttpClient.Builder(), counting).build());
        PlatformTrust strange = new PlatformTrust(() -> like);
        int before = counting.reads;
        for (int call = 0; call < 100; call++) {
            assertThat(strange.isThatOf(chain)).isTrue();
        }
        assertThat(counting.reads).isEqualTo(before + 1);
    }

    /** As on Android, where reading the issuers is expensive. */
    @Test
    void theVeryManagerOfThePlatformIsNotAskedForItsIssuers() throws IOException {
        Counting counting = new Counting();
        OkHttpClient like = trusting(new OkHttpClient.Builder(), counting).build();
        Interceptor.Chain chain =
                chainOf(trusting(new OkHttpClient.Builder(), counting).build());
        int before = counting.reads;
        assertThat(new PlatformTrust(() -> like).isThatOf(chain)).isTrue();
        assertThat(counting.reads).isEqualTo(before);
    }

    private static final class Counting extends TrustsAll {
        int reads;

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            reads++;
            return super.getAcceptedIssuers();
        }
    }

    /** What applications use to change ciphers or to count sockets. */
    private static final class Wrapped extends SSLSocketFactory {
        private final SSLSocketFactory inside;

        Wrapped(SSLSocketFactory inside) {
            this.inside = inside;
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return inside.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return inside.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(Socket under, String host, int port, boolean autoClose) throws IOException {
            return inside.createSocket(under, host, port, autoClose);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return inside.createSocket(host, port);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
            return inside.createSocket(host, port, from, fromPort);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return inside.createSocket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
            return inside.createSocket(host, port, from, fromPort);
        }
    }

    /** The mistake of many examples. */
    private static class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
