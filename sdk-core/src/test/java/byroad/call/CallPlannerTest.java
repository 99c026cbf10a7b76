package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import byroad.Endpoint;
import byroad.Event;
import byroad.Mode;
import byroad.Upstream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which upstream a call belongs to, and what makes no sense as an engine. */
class CallPlannerTest {
    @Test
    void theLongestPrefixWins() {
        Bench bench = new Bench(
                Upstream.named("all").endpoint(Endpoint.at("https://api.example.ai")),
                Upstream.named("files").endpoint(Endpoint.at("https://api.example.ai/v1/files")),
                Upstream.named("v1").endpoint(Endpoint.at("https://api.example.ai/v1")));

        assertThat(upstreamOf(bench, "https://api.example.ai/v1/files/7")).isEqualTo("files");
        assertThat(upstreamOf(bench, "https://api.example.ai/v1/files?x")).isEqualTo("files");
        assertThat(upstreamOf(bench, "https://api.example.ai/v1/filesystem")).isEqualTo("v1");
        assertThat(upstreamOf(bench, "https://api.example.ai/v2")).isEqualTo("all");
        assertThat(upstreamOf(bench, "https://api.example.ai")).isEqualTo("all");
    }

    @Test
    void aHostThatNobodyDeclaredIsAnUpstreamOfItsOwn() {
        Bench bench = Bench.of(CDN);

        assertThat(upstreamOf(bench, "https://api.example.ai.evil.example/")).isEqualTo("api.example.ai.evil.example");
        assertThat(upstreamOf(bench, "https://api.example.ai:8443/")).isEqualTo("api.example.ai:8443");
        assertThat(upstreamOf(bench, "http://[2001:db8::1]:81/x")).isEqualTo("2001:db8::1:81");
        assertThat(upstreamOf(bench, "https://user:pass@other.example/?a@b")).isEqualTo("other.example");
        assertThat(send(bench.planner.plan(RequestTraits.of("GET", "https://other.example:443/a%2Fb?c")))
                        .url())
                .isEqualTo("https://other.example:443/a%2Fb?c");
    }

    @Test
    void anUndeclaredHostIsRepeatedFromItsOwnBudget() {
        Bench bench = new Bench();
        CallPlan plan = bench.planner.plan(RequestTraits.of("GET", "https://other.example/"));

        assertThat(bench.run(plan, status(503), status(200)))
                .containsExactly("other.example", "wait 100ms", "other.example", "deliver other.example");
    }

    @Test
    void anUndeclaredHostThatWasForgottenStartsAfresh() {
        Bench bench = new Bench();
        failForASecond(bench, "https://first.example/");
        assertThat(bench.events).hasSize(1);
        for (int i = 0; i < 1_000; i++) {
            upstreamOf(bench, "https://host" + i + ".example/");
        }
        bench.time.advance(Duration.ofSeconds(60));

        CallPlan plan = bench.planner.plan(RequestTraits.of("POST", "https://first.example/"));
        bench.run(plan, status(503));

        assertThat(bench.events).as("one failure opens no new circuit").hasSize(1);
    }

    @Test
    void httpAndHttpsOfOneHostAreTwoUpstreams() {
        Bench bench = new Bench();
        failForASecond(bench, "http://first.example/");

        CallPlan plan = bench.planner.plan(RequestTraits.of("POST", "https://first.example/"));
        bench.run(plan, status(503));

        assertThat(bench.events).hasSize(1);
    }

    @Test
    void aChangeOfModeHoldsForCallsThatStartAfterwardsAndIsTold() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan before = bench.get();
        bench.planner.mode(Mode.WATCH);

        assertThat(send(before).isAsCalled()).isFalse();
        assertThat(send(bench.get()).isAsCalled()).isTrue();
        assertThat(bench.events).containsExactly(new Event.ModeChanged(Mode.ACT, Mode.WATCH));
    }

    @Test
    void anUpstreamWithoutEndpointsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bench(Upstream.named("empty")))
                .withMessageStartingWith("upstream \"empty\": no endpoints (expected: at least one");
    }

    @Test
    void twoUpstreamsThatClaimOneUrlAreRefused() {
        Upstream one = Upstream.named("one").endpoint(Endpoint.at("https://api.example.ai/v1"));
        Upstream two = Upstream.named("two").endpoint(ORIGIN).calledAt("https://API.example.ai:443/v1/");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bench(one, two))
                .withMessage("upstreams \"one\" and \"two\": both are called at https://api.example.ai/v1"
                        + " (expected: different URLs, as by calledAt)");
    }

    @Test
    void twoUpstreamsOfOneNameAreRefused() {
        Upstream one = Upstream.named("one").endpoint(CDN);
        Upstream two = Upstream.named("one").endpoint(Endpoint.at("https://other.example"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bench(one, two))
                .withMessage("two upstreams named \"one\" (expected: different names)");
    }

    private static String upstreamOf(Bench bench, String url) {
        return send(bench.planner.plan(RequestTraits.of("GET", url))).upstream();
    }

    private static void failForASecond(Bench bench, String url) {
        for (int i = 0; i < 3; i++) {
            CallPlan plan = bench.planner.plan(RequestTraits.of("POST", url));
            bench.run(plan, status(503));
            bench.time.advance(Duration.ofMillis(500));
        }
    }
}
