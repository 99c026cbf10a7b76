package byroad;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a {@code Proxy-Status} header says, and of which proxy. */
class ProxyStatusTest {
    private static final Endpoint EDGE = Endpoint.at("https://api.example.ai")
            .through("fastly", "acme/shield")
            .hostedBy("aws/us-west-2");
    private static final Endpoint DIRECT = Endpoint.at("https://api.example.ai").hostedBy("aws/us-west-2");

    @ParameterizedTest
    @CsvSource({
        "dns_error, ORIGIN, NEVER_REACHED_ORIGIN",
        "connection_refused, ORIGIN, NEVER_REACHED_ORIGIN",
        "connection_timeout, ORIGIN, NEVER_REACHED_ORIGIN",
        "tls_protocol_error, ORIGIN, NEVER_REACHED_ORIGIN",
        "connection_terminated, ORIGIN, MAYBE_PROCESSED",
        "http_response_timeout, ORIGIN, MAYBE_PROCESSED",
        "tls_certificate_error, EDGE_POLICY, NEVER_REACHED_ORIGIN",
        "http_request_denied, EDGE_POLICY, NEVER_REACHED_ORIGIN",
        "destination_not_found, EDGE, NEVER_REACHED_ORIGIN",
        "proxy_internal_error, EDGE, MAYBE_PROCESSED",
    })
    void eachTypeOfErrorHasALayerAndADelivery(String error, Layer layer, Delivery delivery) {
        Fault fault =
                read("fastly; error=" + error + "; details=\"x, y; z\"", EDGE).orElseThrow();

        assertThat(fault.layer()).isEqualTo(layer);
        assertThat(fault.delivery()).isEqualTo(delivery);
        assertThat(fault.suspects()).isEqualTo(layer == Layer.ORIGIN ? Set.of() : EDGE.edges());
    }

    @Test
    void allTypesOfTheStandardAreKnownButTheCallersOwn() {
        assertThat(ProxyStatus.errors()).hasSize(31).doesNotContainKey("http_request_error");
    }

    @Test
    void theProxyNearestToTheCallerThatSpeaksOfAnErrorDecides() {
        String both = "\"gw.internal\";error=proxy_internal_error, cache-fra.fastly.net;error=connection_timeout";

        assertThat(read(both, EDGE))
                .map(Object::toString)
                .contains("origin fault, certain (proxy-status of cache-fra.fastly.net: connection_timeout)");
        assertThat(read("\"gw.internal\";error=dns_error, fastly;next-hop=\"1,2\"", EDGE))
                .map(Object::toString)
                .contains("origin fault, certain (proxy-status of gw.internal: dns_error)");
    }

    @Test
    void membersMayComeInLinesOfTheirOwn() {
        ResponseHead head = new ResponseHead() {
            @Override
            public int status() {
                return 502;
            }

            @Override
            public Optional<String> header(String name) {
                return headers(name).stream().findFirst();
            }

            @Override
            public List<String> headers(String name) {
                return name.equals("proxy-status")
                        ? List.of("gw;error=proxy_internal_error", "fastly;error=connection_refused")
                        : List.of();
            }

            @Override
            public String bodyStart() {
                return "";
            }
        };

        assertThat(Signature.known().read(head, EDGE)).map(Fault::layer).contains(Layer.ORIGIN);
    }

    @Test
    void theOwnFailureOfAProxyThatIsNoDeclaredEdgeIsUnclearAndBehindADirectEndpointTheHosts() {
        assertThat(read("envoy;error=proxy_internal_error", EDGE))
                .map(fault -> fault + " " + fault.layer())
                .contains("unknown fault (proxy-status of envoy: proxy_internal_error) UNKNOWN");
        assertThat(read("envoy;error=proxy_internal_error", DIRECT))
                .map(Fault::layer)
                .contains(Layer.ORIGIN);
        assertThat(read("envoy;error=http_request_denied", EDGE))
                .map(Fault::layer)
                .contains(Layer.EDGE_POLICY);
    }

    @Test
    void aStatusThatTheProxyReceivedIsTheOrigins() {
        assertThat(read("fastly;received-status=502", EDGE))
                .map(fault -> fault + " " + fault.delivery())
                .contains("origin fault, certain (proxy-status of fastly: received 502) ANSWERED");
        assertThat(read("fastly;received-status=200", EDGE)).isEmpty();
    }

    @Test
    void whatSaysNothingIsNobodysFault() {
        for (String header : List.of(
                "fastly", "fastly;error=of_tomorrow", "a;error=http_request_error", "", ";;,\"", "x".repeat(5000))) {
            assertThat(read(header, EDGE)).as(header).isEmpty();
        }
    }

    private static Optional<Fault> read(String header, Endpoint endpoint) {
        return Signature.known().read(ResponseHead.of(502, Map.of("Proxy-Status", header), ""), endpoint);
    }
}
