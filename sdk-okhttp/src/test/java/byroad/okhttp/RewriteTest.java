package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said while a client is built: rewrites of requests, and what makes no sense. */
class RewriteTest {
    @ParameterizedTest
    @EnumSource(Http.class)
    void aRewriteChangesPathAndHeaderForItsEndpointOnly(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.name("fallback.example.test", TestServers.ORIGIN_IP);
            servers.edge.answers(TestServer.edgePage(500));
            Endpoint azure =
                    Endpoint.at(servers.url("fallback.example.test", "")).named("azure");
            Byroad byroad = servers.closing(Byroad.builder()
                    .upstream(Upstream.named("assistant")
                            .endpoint(servers.atEdge())
                            .endpoint(azure)
                            .repeatable())
                    .rewrite(
                            "assistant/azure",
                            request -> request.newBuilder()
                                    .url(request.url()
                                            .newBuilder()
                                            .encodedPath("/openai/chat")
                                            .build())
                                    .header("api-key", "own")
                                    .build())
                    .build());
            OkHttpClient client = servers.with(byroad);

            assertThat(got(client, servers.post("/v1/chat")).body()).isEqualTo("origin /openai/chat");
            assertThat(servers.edge.last().getUrl().encodedPath()).isEqualTo("/v1/chat");
            assertThat(servers.edge.last().getHeaders().get("api-key")).isNull();
            assertThat(servers.origin.last().getHeaders().get("api-key")).isEqualTo("own");
            assertThat(servers.origin.last().getBody()).isNotNull();
        }
    }

    @Test
    void aRewriteOfNoEndpointIsRefused() {
        Byroad.Builder builder = Byroad.builder()
                .upstream(Upstream.named("assistant").endpoint(Endpoint.at("https://api.example.test")))
                .rewrite("assistant/azure", request -> request);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "rewrite: \"assistant/azure\" is not an endpoint (expected one of: [assistant/api.example.test])");
    }

    @Test
    void aMisspeltResolverIsRefusedWithWhatWasMeant() {
        assertThatThrownBy(() -> Byroad.builder().resolver("quad8"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("\"quad8\"", "did you mean", "quad9", "expected");
    }

    @Test
    void twoUpstreamsOnOneUrlAreRefused() {
        Endpoint at = Endpoint.at("https://api.example.test");
        Byroad.Builder builder = Byroad.builder()
                .upstream(Upstream.named("one").endpoint(at))
                .upstream(Upstream.named("two").endpoint(at));

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("\"one\"", "\"two\"", "https://api.example.test", "expected: different URLs");
    }

    @Test
    void anUpstreamWithoutEndpointsAndALimitBeyondTheDeadlineAreRefused() {
        assertThatThrownBy(Byroad.builder().upstream(Upstream.named("empty"))::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("\"empty\"", "no endpoints", "expected: at least one");
        Upstream contradiction = Upstream.named("one")
                .endpoint(Endpoint.at("https://api.example.test"))
                .deadline(Duration.ofSeconds(1))
                .attemptLimit(Duration.ofSeconds(2));
        assertThatThrownBy(Byroad.builder().upstream(contradiction)::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("PT2S", "PT1S");
    }

    @Test
    void aMisspeltEdgeAndAUrlThatIsNoneAreRefused() {
        assertThatThrownBy(() -> Endpoint.at("https://api.example.test").through("cloudfare"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("cloudfare", "cloudflare");
        assertThatThrownBy(() -> Endpoint.at("ftp://api.example.test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("ftp://api.example.test", "expected: an http or https URL");
    }
}
