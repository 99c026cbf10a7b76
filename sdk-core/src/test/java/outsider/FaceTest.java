package outsider;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallOptions;
import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.FailureDomain;
import byroad.FakeTime;
import byroad.Fault;
import byroad.Importance;
import byroad.Provenance;
import byroad.ResponseHead;
import byroad.Scheme;
import byroad.Signature;
import byroad.call.Backoff;
import byroad.call.RetryBudget;
import byroad.dns.Answer;
import byroad.dns.LastGood;
import byroad.dns.Question;
import byroad.dns.Resolver;
import byroad.dns.ResolverChain;
import byroad.dns.ResolverSpec;
import byroad.dns.Resolvers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What users can write with the core alone, from outside its packages. */
class FaceTest {
    private static final Endpoint EDGE = Endpoint.at("https://a.example").through("cloudflare");

    @Test
    void anExpertBringsASignatureOfHisOwn() {
        Signature ourWaf = (head, endpoint) ->
                head.status() == 503 && head.header("x-acme-waf").isPresent()
                        ? Optional.of(Fault.of(Fault.Layer.EDGE_POLICY, "x-acme-waf")
                                .suspecting(FailureDomain.of("acme/waf"))
                                .certain())
                        : Optional.empty();
        ResponseHead refused = ResponseHead.of(503, Map.of("X-Acme-Waf", "1"), "");
        ResponseHead unreachable = ResponseHead.of(521, Map.of("cf-ray", "1"), "");
        Signature both = ourWaf.orElse(Signature.known());

        assertThat(both.read(refused, EDGE)).map(Fault::layer).contains(Fault.Layer.EDGE_POLICY);
        assertThat(both.read(unreachable, EDGE)).map(Fault::layer).contains(Fault.Layer.ORIGIN);
    }

    @Test
    void anExpertBringsResolversOfHisOwn() {
        Resolver consul =
                Resolvers.blocking("consul", "acme/consul", host -> List.of(InetAddress.getLoopbackAddress()));
        ResolverChain chain =
                ResolverChain.of(consul, new Scripted()).independent(2).deadline(Duration.ofSeconds(2));

        assertThat(chain).hasToString("consul, scripted (2 failure domains, deadline 2000ms, stagger 250ms)");
        assertThat(ResolverSpec.parse("quad9")).isNotNull();
    }

    @Test
    void aCallSaysWhatItAsksFor() {
        CallOptions options = CallOptions.NONE
                .importance(Importance.BULK)
                .avoiding("cloudflare")
                .repeatable();

        assertThat(options).hasToString("CallOptions BULK avoiding [cloudflare] repeatable");
    }

    @Test
    void anOutsideTestDrivesLastGoodWithItsOwnTimeChanceAndResolver() throws Exception {
        FakeTime fakeTime = new FakeTime();
        Scripted scripted = new Scripted();
        InetAddress a = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
        LastGood good = LastGood.builder(
                        ResolverChain.of(scripted),
                        ClientRuntime.standard().time(fakeTime).random(new Random(1)))
                .build();

        scripted.next = new Answer.Addresses(List.of(a), Duration.ofSeconds(60));
        good.lookup("db.example", Scheme.HTTPS).get();
        good.proven("db.example", a);
        fakeTime.advance(Duration.ofSeconds(61));
        scripted.next = new Answer.Empty(Duration.ofSeconds(5));

        assertThat(good.lookup("db.example", Scheme.HTTPS).get().from().source())
                .isEqualTo(Provenance.Source.RETAINED);
    }

    @Test
    void anOutsideTestDrivesTheSmallParts() {
        RetryBudget bucket = RetryBudget.ofCapacity(500);
        assertThat(bucket.tryWithdraw(14)).isTrue();
        bucket.deposit(1);
        assertThat(bucket.available()).isEqualTo(487);

        Duration wait = Backoff.from(Duration.ofMillis(50))
                .cappedAt(Duration.ofSeconds(20))
                .before(1, new Random(7));
        assertThat(wait).isBetween(Duration.ZERO, Duration.ofMillis(50));

        ResponseHead page = ResponseHead.of(500, Map.of("content-type", "text/html"), "<i>cloudflare</i>");
        assertThat(Signature.known().read(page, EDGE)).isPresent();
    }

    private static final class Scripted implements Resolver {
        private Answer next = new Answer.Failed("not asked to say anything");

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public FailureDomain domain() {
            return FailureDomain.of("test/scripted");
        }

        @Override
        public CompletableFuture<Answer> resolve(Question question) {
            return CompletableFuture.completedFuture(next);
        }
    }
}
