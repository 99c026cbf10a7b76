package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.dns.Answer;
import byroad.dns.Question;
import byroad.dns.Resolver;
import byroad.test.DnsServer;
import byroad.test.DnsServer.Behaviour;
import byroad.test.DnsZone;
import byroad.test.TestCa;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DohResolverTest {
    private static final String HOST = "a.example.test";
    private static final Duration WITHIN = Duration.ofSeconds(5);

    private final TestCa ca = TestCa.create();
    private final OkHttpClient trusting =
            ca.trustedBy(new OkHttpClient.Builder()).build();
    private final ClientRuntime runtime = ClientRuntime.standard();
    private final DnsZone zone = new DnsZone().put(HOST, Duration.ofSeconds(60), "192.0.2.1", "2001:db8::1");
    private final DnsServer server = DnsServer.start("127.0.0.1", zone, ca);
    private final List<AutoCloseable> open = new ArrayList<>(List.of(runtime, server));

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private <T extends AutoCloseable> T closing(T one) {
        open.add(0, one);
        return one;
    }

    private Resolver resolver(String url, String bootstrap) {
        return closing(DohResolver.at(url, "ours", "ours", bootstrap)
                .trustingLike(trusting)
                .on(runtime));
    }

    private static CompletableFuture<Answer> ask(Resolver resolver) {
        return resolver.resolve(new Question(HOST, WITHIN));
    }

    /** What the resolver makes of such a response to each of its two questions. */
    private String reasonFor(MockResponse response) throws Exception {
        MockWebServer web = closing(new MockWebServer());
        web.useHttps(ca.serverSocketFactory("dns.test"));
        web.enqueue(response);
        web.enqueue(response);
        web.start(InetAddress.getByName("127.0.0.1"), 0);
        String url = "https://dns.test:" + web.getPort() + "/dns-query";
        Answer answer = ask(resolver(url, "127.0.0.1")).join();
        assertThat(web.getRequestCount()).isEqualTo(2);
        return ((Answer.Failed) answer).reason();
    }

    private static MockResponse.Builder message() {
        return new MockResponse.Builder().addHeader("Content-Type", "application/dns-message");
    }

    @Test
    void asksUnderIdZeroAndTellsNothingElse() throws Exception {
        MockWebServer web = closing(new MockWebServer());
        web.useHttps(ca.serverSocketFactory("dns.test"));
        web.enqueue(new MockResponse.Builder().code(503).build());
        web.enqueue(new MockResponse.Builder().code(503).build());
        web.start(InetAddress.getByName("127.0.0.1"), 0);
        ask(resolver("https://dns.test:" + web.getPort() + "/dns-query", "127.0.0.1"))
                .join();
        for (int i = 0; i < 2; i++) {
            RecordedRequest request = web.takeRequest();
            assertThat(request.getMethod()).isEqualTo("POST");
            assertThat(request.getBody().substring(0, 2).hex()).isEqualTo("0000");
            assertThat(request.getHeaders().get("Accept")).isEqualTo("application/dns-message");
            assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/dns-message");
            assertThat(request.getHeaders().get("Cookie")).isNull();
        }
    }

    @Test
    void aStatusOtherThan200IsTheReason() throws Exception {
        assertThat(reasonFor(new MockResponse.Builder().code(503).build())).isEqualTo("HTTP 503");
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        assertThat(reasonFor(new MockResponse.Builder()
                        .code(307)
                        .addHeader("Location", server.dohUrl())
                        .build()))
                .isEqualTo("HTTP 307");
        assertThat(server.questions()).isZero();
    }

    @Test
    void aPageIsNoMessage() throws Exception {
        assertThat(reasonFor(new MockResponse.Builder()
                        .addHeader("Content-Type", "text/html")
                        .body("<html>log in first</html>")
                        .build()))
                .isEqualTo("HTTP 200 with text/html (expected: application/dns-message)");
        assertThat(reasonFor(new MockResponse.Builder().body("?").build()))
                .isEqualTo("HTTP 200 with no type (expected: application/dns-message)");
    }

    @Test
    void aTypeWithoutEndIsCut() throws Exception {
        assertThat(reasonFor(new MockResponse.Builder()
                        .addHeader("Content-Type", "text/" + "x".repeat(900))
                        .build()))
                .startsWith("HTTP 200 with text/xxx")
                .hasSizeLessThanOrEqualTo(200);
    }

    @Test
    void anErrorOfAHostnameVerifierIsAFailedLookUpAndAnEvent() {
        List<Event> events = new CopyOnWriteArrayList<>();
        OkHttpClient broken = trusting.newBuilder()
                .hostnameVerifier((host, session) -> {
                    throw new AssertionError("bug");
                })
                .build();
        Resolver resolver = closing(DohResolver.at(server.dohUrl(), "ours", "ours", "127.0.0.1")
                .trustingLike(broken)
                .on(runtime.events(events::add)));
        assertThat(ask(resolver).join()).isEqualTo(new Answer.Failed("java.lang.AssertionError: bug"));
        assertThat(events).hasSize(2).hasOnlyElementsOfType(Event.UserCodeFailed.class); // one for each family
    }

    @Test
    void whatIsLargerThanAMessageIsRefused() throws Exception {
        Buffer large = new Buffer().write(new byte[65_536]);
        assertThat(reasonFor(message().body(large.clone()).build())).isEqualTo("HTTP 200 with more than 65535 bytes");
        assertThat(reasonFor(message().chunkedBody(large, 1024).build()))
                .isEqualTo("HTTP 200 with more than 65535 bytes");
    }

    @Test
    void anEmptyBodyIsMalformed() throws Exception {
        assertThat(reasonFor(message().build())).startsWith("malformed");
    }

    @Test
    void theCertificateMustBeForTheHost() {
        String url = server.dohUrl().replace("127.0.0.1", "other.test");
        assertThat(ask(resolver(url, "127.0.0.1")).join())
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.reason())
                                .contains("other.test not verified")
                                .hasSizeLessThanOrEqualTo(200)
                                .doesNotContainPattern("\\p{C}"));
        assertThat(server.questions()).isZero();
    }

    @Test
    void cancellingEndsTheRequests() {
        server.behave(Behaviour.SILENT);
        Resolver resolver = resolver(server.dohUrl(), "127.0.0.1");
        for (int i = 1; i <= 20; i++) {
            CompletableFuture<Answer> answer = ask(resolver);
            int asked = 2 * i;
            Eventually.holds(() -> assertThat(server.questions()).isEqualTo(asked));
            answer.cancel(false); // frees two of eight threads each time
        }
    }

    @Test
    void closeEndsTheRequestsAndTheConnection() throws Exception {
        int port = URI.create(server.dohUrl()).getPort();
        try (Relay relay = new Relay("127.0.0.6", port, "127.0.0.1")) {
            server.behave(Behaviour.SILENT);
            Resolver resolver = resolver("https://dns.test:" + port + "/dns-query", "127.0.0.6");
            CompletableFuture<Answer> answer = ask(resolver);
            Eventually.holds(() -> assertThat(server.questions()).isEqualTo(2));
            resolver.close();
            assertThat(answer.join()).isInstanceOf(Answer.Failed.class);
            assertThat(ask(resolver).join()).isEqualTo(new Answer.Failed("closed"));
            Eventually.holds(() -> assertThat(relay.open()).isZero());
        }
    }

    @Test
    void aFrozenConnectionIsLeftForANewOne() throws Exception {
        int port = URI.create(server.dohUrl()).getPort();
        try (Relay relay = new Relay("127.0.0.5", port, "127.0.0.1")) {
            Resolver resolver = resolver("https://dns.test:" + port + "/dns-query", "127.0.0.5");
            assertThat(ask(resolver).join()).isInstanceOf(Answer.Addresses.class);
            assertThat(ask(resolver).join()).isInstanceOf(Answer.Addresses.class);
            int made = relay.made(); // two where both questions found no connection
            relay.freeze();
            ask(resolver).join();
            assertThat(ask(resolver).join()).isInstanceOf(Answer.Addresses.class);
            assertThat(relay.made()).isGreaterThan(made);
        }
    }

    @Test
    void refusesWhatIsNotHttpsOrHasNoAddress() {
        assertThatThrownBy(() -> DohResolver.at("http://dns.test/dns-query", "ours", "ours", "192.0.2.1"))
                .hasMessageContaining("expected: https");
        assertThatThrownBy(() -> DohResolver.at("https://dns.test/dns-query", "ours", "ours"))
                .hasMessageContaining("no bootstrap address");
        assertThatThrownBy(() -> DohResolver.at("https://dns.test/dns-query", "ours", "ours", "dns.test"))
                .hasMessageContaining("expected: an IP address");
    }
}
