package byroad.test;

import static byroad.test.Asker.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.test.DnsServer.Behaviour;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

@Timeout(20)
class DohTest {
    private static final String NAME = "api.example.test";
    private static final String RIGHT = NAME + ". 5 IN A 127.0.0.2";
    private static final String TYPE = "application/dns-message";

    private final TestCa ca = TestCa.create();
    private final DnsZone zone = new DnsZone().put(NAME, Duration.ofSeconds(5), "127.0.0.2");
    private final DnsServer server = DnsServer.start("127.0.0.2", zone, ca);
    // OkHttp repeats a request whose stream was reset, unless told not to
    private final OkHttpClient client = ca.trustedBy(new OkHttpClient.Builder())
            .retryOnConnectionFailure(false)
            .build();

    @AfterEach
    void close() {
        server.close();
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
    }

    private Request get(byte[] query) {
        String asked = Base64.getUrlEncoder().withoutPadding().encodeToString(query);
        return new Request.Builder().url(server.dohUrl() + "?dns=" + asked).build();
    }

    private Request post(byte[] query) {
        return new Request.Builder()
                .url(server.dohUrl())
                .post(RequestBody.create(query, MediaType.get(TYPE)))
                .build();
    }

    private static byte[] question() {
        return Asker.question(NAME, Type.A).toWire();
    }

    @Test
    void answersGetAndPostOverHttp2() throws IOException {
        for (Request request : List.of(get(question()), post(question()))) {
            try (Response response = client.newCall(request).execute()) {
                assertThat(response.protocol()).isEqualTo(Protocol.HTTP_2);
                assertThat(response.code()).isEqualTo(200);
                assertThat(response.header("Content-Type")).isEqualTo(TYPE);
                assertThat(response.header("Cache-Control")).isEqualTo("max-age=5");
                assertThat(answers(new Message(response.body().bytes()))).containsExactly(RIGHT);
            }
        }
        assertThat(server.transcript())
                .containsExactly("doh A " + NAME + " -> 127.0.0.2 ttl 5", "doh A " + NAME + " -> 127.0.0.2 ttl 5");
        assertThat(server.questions(NAME)).isEqualTo(2);
    }

    @Test
    void answersGetAndPostOfTheJdkClientOverHttp2() throws Exception {
        HttpClient jdk = HttpClient.newBuilder().sslContext(ca.clientContext()).build();
        byte[] query = question();
        String asked = Base64.getUrlEncoder().withoutPadding().encodeToString(query);
        HttpRequest get = HttpRequest.newBuilder(URI.create(server.dohUrl() + "?dns=" + asked))
                .build();
        HttpRequest post = HttpRequest.newBuilder(URI.create(server.dohUrl()))
                .header("Content-Type", TYPE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(query))
                .build();

        for (HttpRequest request : List.of(get, post)) {
            HttpResponse<byte[]> response = jdk.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(answers(new Message(response.body()))).containsExactly(RIGHT);
        }
    }

    @Test
    void answersHttp11() throws IOException {
        OkHttpClient old =
                client.newBuilder().protocols(List.of(Protocol.HTTP_1_1)).build();
        try (Response response = old.newCall(post(question())).execute()) {
            assertThat(response.protocol()).isEqualTo(Protocol.HTTP_1_1);
            assertThat(answers(new Message(response.body().bytes()))).containsExactly(RIGHT);
        }
    }

    @Test
    void isCertifiedForItsAddressAndForTheNameDnsTest() throws IOException {
        OkHttpClient byName =
                client.newBuilder().dns(host -> List.of(address("127.0.0.2"))).build();
        String url = server.dohUrl().replace("127.0.0.2", "dns.test");
        Request request = get(question()).newBuilder().url(url + "?dns=").build();
        try (Response response = byName.newCall(request).execute()) {
            assertThat(response.code()).isEqualTo(400);
        }
        String other = server.dohUrl().replace("127.0.0.2", "other.test");
        assertThatThrownBy(() ->
                        byName.newCall(request.newBuilder().url(other).build()).execute())
                .hasMessageContaining("other.test not verified");
        assertThatThrownBy(() -> new OkHttpClient().newCall(get(question())).execute())
                .isInstanceOf(SSLHandshakeException.class);
    }

    private static InetAddress address(String ip) {
        return Literals.address("ip", ip);
    }

    @Test
    void sendsWholeWhatUdpWouldTruncate() throws IOException {
        zone.put(
                NAME,
                Duration.ofSeconds(5),
                IntStream.range(0, 200).mapToObj(i -> "127.1.0." + i).toArray(String[]::new));
        server.behave(Behaviour.TRUNCATE);

        assertThat(answers(ask())).hasSize(200);
    }

    @Test
    void failsAndIsEmptyAsTheOtherTransportsAre() throws IOException {
        server.behave(Behaviour.SERVFAIL);
        assertThat(ask().getRcode()).isEqualTo(Rcode.SERVFAIL);
        server.behave(Behaviour.REFUSED);
        assertThat(ask().getRcode()).isEqualTo(Rcode.REFUSED);
        server.behave(Behaviour.EMPTY);
        assertThat(ask().getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(server.transcript())
                .containsExactly(
                        "doh A " + NAME + " -> SERVFAIL",
                        "doh A " + NAME + " -> REFUSED",
                        "doh A " + NAME + " -> empty");
    }

    private Message ask() throws IOException {
        try (Response response = client.newCall(post(question())).execute()) {
            return new Message(response.body().bytes());
        }
    }

    @Test
    void silentHoldsARequestAndDropsItWhenItAnswersAgain() throws IOException {
        assertThat(answers(ask())).containsExactly(RIGHT);
        server.behave(Behaviour.SILENT);
        CompletableFuture<Integer> held = held();
        assertThat(held).isNotDone();

        server.behave(Behaviour.ANSWER);

        assertThat(held).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(-1);
        assertThat(answers(ask())).containsExactly(RIGHT);
        assertThat(server.transcript())
                .containsExactly(
                        "doh A " + NAME + " -> 127.0.0.2 ttl 5",
                        "doh A " + NAME + " -> silence",
                        "doh A " + NAME + " -> 127.0.0.2 ttl 5");
    }

    @Test
    void aHeldRequestFailsWhenTheServerCloses() {
        server.behave(Behaviour.SILENT);
        CompletableFuture<Integer> held = held();

        server.close();

        assertThat(held).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(-1);
    }

    /** The status of a request that the server has taken, -1 where it comes to nothing. */
    private CompletableFuture<Integer> held() {
        long before = server.questions();
        Call call = client.newCall(post(question()));
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> {
            try (Response response = call.execute()) {
                return response.code();
            } catch (IOException e) {
                return -1;
            }
        });
        Asker.until(() -> server.questions() > before);
        return status;
    }

    @Test
    void saysWhatIsWrongWithARequest() throws IOException {
        String url = server.dohUrl();
        Request.Builder request = new Request.Builder().url(url);
        RequestBody text = RequestBody.create(question(), MediaType.get("text/plain"));

        assertThat(code(request.url(url.replace("dns-query", "other")).build())).isEqualTo(404);
        assertThat(code(request.url(url).build())).isEqualTo(400);
        assertThat(code(request.url(url + "?dns=!").build())).isEqualTo(400);
        assertThat(code(get(new byte[] {1, 2, 3}))).isEqualTo(400);
        assertThat(code(post(new byte[0]))).isEqualTo(400);
        assertThat(code(request.url(url).post(text).build())).isEqualTo(415);
        assertThat(code(request.url(url).put(text).build())).isEqualTo(405);
        assertThat(server.questions()).isZero();
    }

    private int code(Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return response.code();
        }
    }
}
