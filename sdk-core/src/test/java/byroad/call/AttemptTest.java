package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.send;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallOptions;
import byroad.Endpoint;
import byroad.Upstream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a send carries: the URL, the headers that may leave, and the story without secrets. */
class AttemptTest {
    private static final List<String> CREDENTIALS =
            List.of("Authorization", "x-api-key", "api-key", "Cookie", "Proxy-Authorization", "X-Acme-Tenant");
    private static final Endpoint ABROAD =
            Endpoint.at("https://api.eu.example.ai").hostedBy("aws/eu-west-1");

    @Test
    void theSameAuthorityGetsEveryHeader() {
        Attempt toOrigin = second(upstream(CDN, ORIGIN), Bench.URL);

        assertThat(toOrigin.isSameAuthority()).isTrue();
        assertThat(CREDENTIALS).allMatch(toOrigin::keeps);
    }

    @Test
    void anotherAuthorityGetsOnlyWhatIsKnownToHoldNoCredential() {
        Attempt abroad = second(upstream(CDN, ABROAD), Bench.URL);

        assertThat(abroad.isSameAuthority()).isFalse();
        assertThat(CREDENTIALS).noneMatch(abroad::keeps);
        assertThat(List.of("Accept", "content-type", "Content-Length", "IDEMPOTENCY-KEY", "traceparent"))
                .allMatch(abroad::keeps);
    }

    @Test
    void anotherAuthorityOfTheTrustGroupGetsCredentialsButNotTheHost() {
        Attempt abroad = second(upstream(CDN, ABROAD.sharesCredentials()), Bench.URL);

        assertThat(CREDENTIALS).allMatch(abroad::keeps);
        assertThat(abroad.keeps("Host")).isFalse();
    }

    @Test
    void whatIsForwardedIsAnAllowList() {
        Attempt forwarding = second(upstream(CDN, ABROAD.forwards("X-Acme-Tenant")), Bench.URL);
        Attempt sharing = second(upstream(CDN, ABROAD.sharesCredentials().forwards("Accept")), Bench.URL);

        assertThat(forwarding.keeps("x-acme-tenant")).isTrue();
        assertThat(forwarding.keeps("Accept")).isFalse();
        assertThat(sharing.keeps("accept")).isTrue();
        assertThat(sharing.keeps("Authorization")).isFalse();
    }

    @Test
    void aRedirectWithinTheAuthorityKeepsAllHeaders() {
        Attempt send = first(upstream(CDN, ABROAD));

        assertThat(CREDENTIALS).allMatch(name -> send.keeps(name, "https://api.example.ai/elsewhere?q"));
        assertThat(send.trusts("https://api.example.ai/elsewhere")).isTrue();
    }

    @Test
    void aRedirectToAnotherHostKeepsOnlyHeadersThatHoldNoCredential() {
        Attempt send = first(upstream(CDN, ABROAD));

        for (String stranger : List.of(
                "https://evil.example.com/",
                "https://api.example.ai:8443/",
                "http://api.example.ai/",
                "https://api.example.ai@evil.example.com/",
                "https://api.eu.example.ai/")) {
            assertThat(CREDENTIALS).noneMatch(name -> send.keeps(name, stranger));
            assertThat(send.keeps("Accept", stranger)).isTrue();
            assertThat(send.trusts(stranger)).isFalse();
        }
    }

    @Test
    void aRedirectToADeclaredEndpointFollowsItsRules() {
        String abroad = "https://api.eu.example.ai/v1";
        Attempt sharing = first(upstream(CDN, ABROAD.sharesCredentials()));
        Attempt forwarding = first(upstream(CDN, ABROAD.forwards("X-Acme-Tenant")));

        assertThat(CREDENTIALS).allMatch(name -> sharing.keeps(name, abroad));
        assertThat(sharing.trusts(abroad)).isTrue();
        assertThat(forwarding.keeps("x-acme-tenant", abroad)).isTrue();
        assertThat(forwarding.keeps("Accept", abroad)).isFalse();
        assertThat(forwarding.trusts(abroad)).isFalse();
    }

    @Test
    void eachOfTwoEndpointsAtOneOriginIsTrustedForItself() {
        String abroad = "https://api.eu.example.ai/v1";
        Endpoint other = ABROAD.named("other");
        Attempt notSharing = second(upstream(CDN, other, ABROAD.sharesCredentials()), Bench.URL);
        Attempt sharing = second(upstream(CDN, ABROAD.sharesCredentials(), other), Bench.URL);

        assertThat(notSharing.trusts(abroad)).isFalse();
        assertThat(notSharing.trusts(Bench.URL)).isFalse();
        assertThat(sharing.trusts(abroad)).isTrue();
        assertThat(first(upstream(CDN, ABROAD.sharesCredentials(), other)).trusts(abroad))
                .as("a redirect there")
                .isFalse();
    }

    @Test
    void bothEndpointsAtTheOriginOfARedirectMustAcceptAHeader() {
        Endpoint other = ABROAD.named("other").connectTo("198.51.100.1");
        Attempt send = first(upstream(CDN, ABROAD.sharesCredentials(), other));

        assertThat(CREDENTIALS).noneMatch(name -> send.keeps(name, ABROAD.at() + "/v1"));
        assertThat(send.keeps("Accept", ABROAD.at() + "/v1")).isTrue();
    }

    @Test
    void noCredentialComesBackFromOutsideTheTrustGroup() {
        Attempt outside = second(upstream(CDN, ABROAD), Bench.URL);
        Attempt sharing = second(upstream(CDN, ABROAD.sharesCredentials().header("api-key", "own")), Bench.URL);

        assertThat(CREDENTIALS).noneMatch(name -> outside.keeps(name, Bench.URL));
        assertThat(outside.trusts(Bench.URL)).isFalse();
        assertThat(sharing.keeps("Authorization", Bench.URL)).isTrue();
        assertThat(sharing.keeps("Api-Key", Bench.URL)).isFalse();
    }

    @Test
    void ofAHostThatNobodyDeclaredKnownCredentialsStayOnTheHost() {
        Attempt send = first(Upstream.named("other").endpoint(ABROAD));

        assertThat(send.isDeclared()).isFalse();
        assertThat(send.keeps("Authorization", "https://evil.example.com/")).isFalse();
        assertThat(send.keeps("X-Acme-Tenant", "https://evil.example.com/")).isTrue();
        assertThat(send.keeps("x-api-key", "https://api.example.ai:8443/")).isTrue();
        assertThat(send.keeps("x-api-key", "http://api.example.ai/")).isFalse();
        assertThat(send.trusts("https://evil.example.com/")).isTrue();
    }

    private static Attempt first(Upstream upstream) {
        return send(new Bench(upstream).get());
    }

    @Test
    void anotherPortOrSchemeIsAnotherAuthority() {
        Endpoint otherPort = Endpoint.at("https://api.example.ai:8443");
        Endpoint plain = Endpoint.at("http://api.example.ai").named("plain");

        assertThat(second(upstream(CDN, otherPort), Bench.URL).keeps("Authorization"))
                .isFalse();
        assertThat(second(upstream(CDN, plain), Bench.URL).keeps("Authorization"))
                .isFalse();
    }

    @Test
    void aHeaderOfTheEndpointIsAskedForAtEachSend() {
        AtomicInteger asked = new AtomicInteger();
        Attempt send = second(upstream(CDN, ABROAD.header("api-key", () -> "k" + asked.incrementAndGet())), Bench.URL);

        assertThat(send.addedHeaders().orElseThrow()).containsExactly(Map.entry("api-key", "k1"));
        assertThat(send.addedHeaders().orElseThrow()).containsExactly(Map.entry("api-key", "k2"));
    }

    @Test
    void rebasingKeepsTheEncodedUrlToTheByte() {
        Endpoint azure =
                Endpoint.at("https://acme.example.com/openai/deployments/gpt/").named("azure");
        for (String rest : List.of(
                "",
                "/",
                "?q=1",
                "/v1/a%2Fb/%7Euser//c;x=1?q=a+b%20c&empty=&q=%E2%82%AC|[x]#part",
                "/../v1/./chat%00",
                "/caf%C3%A9?next=https://api.example.ai/v1")) {
            Attempt send = second(upstream(CDN, azure), "https://api.example.ai" + rest);

            assertThat(send.url()).isEqualTo("https://acme.example.com/openai/deployments/gpt" + rest);
        }
    }

    @Test
    void theBaseThatTheApplicationCallsIsReplacedAsAWhole() {
        Upstream gateway = upstream(
                        Endpoint.at("https://api.example.ai/v1").named("api"), Endpoint.at("https://b.example.ai/beta"))
                .calledAt("https://gateway.example.ai/ai");
        Bench bench = new Bench(gateway);
        CallPlan plan = bench.planner.plan(RequestTraits.of("GET", "https://gateway.example.ai/ai/chat?x=%2F"));
        Attempt first = send(plan);
        plan.took(first, edge500());

        assertThat(first.url()).isEqualTo("https://api.example.ai/v1/chat?x=%2F");
        assertThat(first.isSameAuthority()).isFalse();
        assertThat(send(plan).url()).isEqualTo("https://b.example.ai/beta/chat?x=%2F");
    }

    @Test
    void theStoryHoldsNoQuery() {
        assertThat(story("https://api.example.ai/v1/chat?key=secret")).contains("GET /v1/chat 500 in 10ms");
        assertThat(story("https://api.example.ai?next=/secret/secret")).contains("GET / 500 in 10ms");
        assertThat(story("https://api.example.ai/v1#access_token=secret")).contains("GET /v1 500 in 10ms");
        assertThat(story("https://user:secret@other.example/v1?secret")).contains("other.example GET /v1 500");
    }

    private static String story(String url) {
        Bench bench = new Bench(upstream(CDN));
        CallPlan plan = bench.planner.plan(new RequestTraits(
                "GET",
                url,
                RequestTraits.Body.ONE_SHOT,
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                CallOptions.NONE));
        bench.run(plan, edge500());
        assertThat(plan.report().toString()).doesNotContain("secret", "?");
        return plan.report().toString();
    }

    /** The send to the second endpoint, after a fault of the first. */
    private static Attempt second(Upstream upstream, String url) {
        CallPlan plan = new Bench(upstream).planner.plan(RequestTraits.of("GET", url));
        plan.took(send(plan), edge500());
        return send(plan);
    }
}
