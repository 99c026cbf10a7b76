package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.FailureDomain;
import byroad.Provenance.Source;
import byroad.dns.Answer;
import byroad.dns.LastGood;
import byroad.dns.Question;
import byroad.dns.Resolution;
import byroad.dns.Resolver;
import byroad.dns.ResolverChain;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A seed is used while the resolvers do not answer, for https; an answer without addresses stands against it. */
class SeedsTest {
    private static final Endpoint ENDPOINT =
            Endpoint.at("https://api.example.ai").seeds("192.0.2.77");
    private static final Answer SILENCE = new Answer.Failed("no answer within 3000ms");
    private static final Answer NO_ADDRESS = new Answer.Empty(Duration.ofSeconds(30));
    private static final Answer BLOCKED = new Answer.Blocked("EDE 15");

    private final OffsetTime time = new OffsetTime();
    private final ClientRuntime runtime = ClientRuntime.standard().time(time);
    private final Scripted resolver = new Scripted();
    private final LastGood names =
            LastGood.builder(ResolverChain.of(resolver), runtime).build();

    @AfterEach
    void close() {
        names.close();
        runtime.close();
    }

    private Resolution ask(Endpoint endpoint, Answer answer) throws IOException {
        resolver.next = answer;
        return new EndpointAddresses(endpoint, names, time).lookup(endpoint.host(), new CompletableFuture<>());
    }

    private void isASeed(Answer answer) throws IOException {
        Resolution found = ask(ENDPOINT, answer);
        assertThat(found.from().source()).isEqualTo(Source.SEED);
        assertThat(found.addresses()).extracting(InetAddress::getHostAddress).containsExactly("192.0.2.77");
    }

    private void isUnknown(Endpoint endpoint, Answer answer) throws IOException {
        assertThat(ask(endpoint, answer).addresses()).isEmpty();
    }

    @Test
    void seedsAreUsedWhileTheResolversAreSilent() throws IOException {
        isASeed(SILENCE);
        time.jump(Duration.ofDays(3));
        isASeed(SILENCE);
    }

    @Test
    void addressesThatWereResolvedBeforeComeFirstAndSeedsAfterTheirTime() throws IOException {
        Answer answer = new Answer.Addresses(List.of(InetAddress.getByName("192.0.2.1")), Duration.ofSeconds(60));
        assertThat(ask(ENDPOINT, answer).from().source()).isEqualTo(Source.FRESH);
        time.jump(Duration.ofHours(1));
        assertThat(ask(ENDPOINT, SILENCE).from().source()).isEqualTo(Source.STALE);
        time.jump(Duration.ofHours(24));
        isASeed(SILENCE);
    }

    @Test
    void noSeedIsUsedAgainstAnAnswerWithoutAddresses() throws IOException {
        for (Answer answer : new Answer[] {NO_ADDRESS, new Answer.NoSuchName(Duration.ofSeconds(5)), BLOCKED}) {
            time.jump(Duration.ofMinutes(2));
            isUnknown(ENDPOINT, answer);
            time.jump(Duration.ofMinutes(2));
            isUnknown(ENDPOINT, SILENCE); // the answer stands
        }
    }

    @Test
    void noSeedIsUsedIfOneNameOfTheEndpointIsDenied() throws IOException {
        Endpoint two = ENDPOINT.connectTo("a.example.ai", "blocked.example.ai");
        isUnknown(two, SILENCE);
    }

    @Test
    void seedsAreForHttpsOnly() throws IOException {
        isUnknown(Endpoint.at("http://api.example.ai").seeds("192.0.2.77"), SILENCE);
    }

    private static final class Scripted implements Resolver {
        volatile Answer next = SILENCE;

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
            return CompletableFuture.completedFuture(question.host().startsWith("blocked.") ? BLOCKED : next);
        }
    }
}
