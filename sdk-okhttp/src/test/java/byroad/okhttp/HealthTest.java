package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Event;
import byroad.Preset;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.ArrayList;
import java.util.List;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** What an operator sees of a client that has not been called yet, and what its owner says of the engine. */
class HealthTest {
    private static final Upstream ASSISTANT = Upstream.named("assistant")
            .endpoint(Endpoint.at("https://api.example.ai").named("cdn").through("cloudflare"))
            .endpoint(Endpoint.at("https://api.example.ai")
                    .named("origin")
                    .connectTo("origin.example.ai")
                    .carries(0.3));

    private static final MockResponse OWN_FAULT = new MockResponse.Builder()
            .code(503)
            .setHeader("Content-Type", "application/problem+json")
            .setHeader("CF-RAY", "9a0c-SJC")
            .body("{\"cloudflare_error\":true,\"error_category\":\"cloudflare\",\"ray_id\":\"9a0c\"}")
            .build();

    @Test
    void everyEndpointHasAHealthFromTheStart() {
        try (Byroad byroad =
                Byroad.builder().preset(Preset.SERVER).upstream(ASSISTANT).build()) {
            assertThat(byroad.status())
                    .hasToString(
                            "[assistant/cdn closed, 490/490 tokens, never answered well,"
                                    + " assistant/origin closed, 0 in flight, 0.30 allowed, 490/490 tokens, never answered well]");
            assertThat(byroad.shifts()).isEmpty();
        }
    }

    @Test
    void aRegistryOfTheUsersShowsTheCircuitsUntilTheClientIsClosed() {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
        try (Byroad byroad =
                Byroad.builder().upstream(ASSISTANT).circuits(registry).build()) {
            assertThat(byroad.status()).hasSize(2);
            assertThat(registry.getAllCircuitBreakers())
                    .extracting(CircuitBreaker::getName)
                    .containsExactlyInAnyOrder("endpoint/assistant/cdn", "endpoint/assistant/origin");
        }
        assertThat(registry.getAllCircuitBreakers()).isEmpty();
    }

    @Test
    void aDeclaredShareNeedsAnInstallationIdOnAPhone() {
        List<Event> events = new ArrayList<>();
        Byroad.Builder phone =
                Byroad.builder().preset(Preset.MOBILE).onEvent(events::add).upstream(ASSISTANT);
        phone.build().close();
        assertThat(events).hasAtLeastOneElementOfType(Event.Impaired.class);

        events.clear();
        phone.installationId("7d3f").build().close();
        assertThat(events).doesNotHaveAnyElementsOfTypes(Event.Impaired.class);
    }

    @Test
    void whomTheEndpointsOfTwoUpstreamsAccuseWithCertaintyIsShown() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.name(TestServers.OTHER, "127.0.0.9");
            TestServer files = servers.opened("files", "127.0.0.9");
            String elsewhere = servers.url(TestServers.OTHER, "/");
            Byroad byroad = servers.closing(Byroad.builder()
                    .upstream(Upstream.named("assistant").endpoint(servers.atEdge()))
                    .upstream(Upstream.named("files")
                            .endpoint(Endpoint.at(elsewhere).through("cloudflare")))
                    .build());
            OkHttpClient client = servers.with(byroad);
            servers.edge.answers(OWN_FAULT);
            files.answers(OWN_FAULT);

            TestServers.got(client, servers.post("/"));
            assertThat(byroad.suspected()).isEmpty();
            TestServers.got(
                    client, servers.post("/").newBuilder().url(elsewhere).build());
            assertThat(byroad.suspected()).hasToString("[cloudflare is suspected by assistant and files]");
        }
    }
}
