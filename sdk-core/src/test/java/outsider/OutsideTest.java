package outsider;

import static byroad.Scheme.HTTPS;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import byroad.FakeTime;
import byroad.Provenance;
import byroad.dns.Answer;
import byroad.dns.LastGood;
import byroad.dns.Question;
import byroad.dns.Resolver;
import byroad.dns.ResolverChain;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Drives the parts from outside their packages, with its own time, chance and resolver. */
class OutsideTest {
    @Test
    void anOutsiderCanStepThroughTheEmptyRecordIncident() throws Exception {
        Scripted scripted = new Scripted();
        FakeTime fakeTime = new FakeTime();
        InetAddress a = InetAddress.getByName("192.0.2.1");

        LastGood good = LastGood.builder(
                        ResolverChain.of(scripted),
                        ClientRuntime.standard().time(fakeTime).random(new Random(1)))
                .build();
        scripted.next = new Answer.Addresses(List.of(a), Duration.ofSeconds(60));
        good.lookup("db.example", HTTPS).get();
        good.proven("db.example", a);
        fakeTime.advance(Duration.ofSeconds(61));
        scripted.next = new Answer.Empty(Duration.ofSeconds(5));
        assertThat(good.lookup("db.example", HTTPS).get().from().source()).isEqualTo(Provenance.Source.RETAINED);
    }

    private static final class Scripted implements Resolver {
        Answer next = new Answer.Failed("not told yet");

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public FailureDomain domain() {
            return FailureDomain.of("scripted");
        }

        @Override
        public CompletableFuture<Answer> resolve(Question question) {
            return CompletableFuture.completedFuture(next);
        }
    }
}
