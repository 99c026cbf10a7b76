package outsider;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.FakeTime;
import byroad.Fault;
import byroad.Mode;
import byroad.ResponseHead;
import byroad.Signature;
import byroad.Upstream;
import byroad.call.Attempt;
import byroad.call.CallPlan;
import byroad.call.CallPlanner;
import byroad.call.Outcome;
import byroad.call.RequestTraits;
import byroad.call.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Status, headers and the start of a body go in, a fault comes out: from outside, by public types alone. */
class AttributionFromOutsideTest {
    private static final Endpoint EDGE =
            Endpoint.at("https://api.example.ai").through("cloudflare").hostedBy("aws/us-west-2");

    @Test
    void aFaultIsReadFromAnAnswerByTheEngine() {
        Fault fault = fault(
                ResponseHead.of(
                        503,
                        Map.of(
                                "content-type", "application/problem+json",
                                "cf-ray", "9a0c-SJC",
                                "retry-after", "Mon, 20 Oct 2025 06:50:00 GMT"),
                        "{\"cloudflare_error\":true,\"error_category\":\"cloudflare\",\"ray_id\":\"9a0c\"}"),
                Upstream.named("assistant").endpoint(EDGE));

        assertThat(fault).hasToString("edge fault, certain (cloudflare says it failed itself)");
        assertThat(fault.suspects()).extracting("path").contains("cloudflare", "endpoint/assistant/api.example.ai");
        assertThat(fault.delivery()).isEqualTo(Fault.Delivery.MAYBE_PROCESSED);
        assertThat(fault.retryAfter()).contains(Duration.ofMinutes(2));
    }

    @Test
    void theMarkOfTheOriginIsDeclaredOnTheEndpoint() {
        isRead("x-origin-id", Upstream.named("assistant").endpoint(EDGE.originMarker("X-Origin-Id")));
    }

    @Test
    void theMarkOfTheOriginIsDeclaredOnTheUpstreamForAllEndpointsWithoutOne() {
        isRead("x-id", Upstream.named("assistant").originMarker("x-id").endpoint(EDGE));
        isRead(
                "x-id",
                Upstream.named("assistant").endpoint(EDGE).originMarker("x-id").repeatable());
        isRead(
                "x-own",
                Upstream.named("assistant").endpoint(EDGE.originMarker("x-own")).originMarker("x-id"));
    }

    private static void isRead(String marker, Upstream upstream) {
        assertThat(fault(ResponseHead.of(500, Map.of(marker, "7"), ""), upstream)
                        .layer())
                .isEqualTo(Fault.Layer.ORIGIN);
        assertThat(fault(ResponseHead.of(500, Map.of(), ""), upstream).layer()).isEqualTo(Fault.Layer.EDGE);
    }

    private static Fault fault(ResponseHead head, Upstream upstream) {
        ClientRuntime runtime = ClientRuntime.standard().time(new FakeTime());
        CallPlan plan = new CallPlanner(List.of(upstream), Signature.known(), Mode.ACT, runtime)
                .plan(RequestTraits.of("GET", "https://api.example.ai/v1"));
        Attempt send = ((Step.Send) plan.next()).attempt();
        return plan.took(send, Outcome.answered(head)).orElseThrow();
    }
}
