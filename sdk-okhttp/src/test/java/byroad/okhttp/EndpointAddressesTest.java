package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.FailureDomain;
import byroad.dns.Answer;
import byroad.dns.LastGood;
import byroad.dns.Question;
import byroad.dns.Resolver;
import byroad.dns.ResolverChain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EndpointAddressesTest {
    /** Answers for the first name once it was asked for the second. */
    private static final class InPairs implements Resolver {
        private final CompletableFuture<Answer> first = new CompletableFuture<>();

        @Override
        public String name() {
            return "pairs";
        }

        @Override
        public FailureDomain domain() {
            return FailureDomain.of("pairs");
        }

        @Override
        public CompletableFuture<Answer> resolve(Question question) {
            if (question.host().startsWith("first.")) {
                return first;
            }
            first.complete(found(1));
            return CompletableFuture.completedFuture(found(2));
        }

        private static Answer found(int last) {
            try {
                InetAddress address = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last});
                return new Answer.Addresses(List.of(address), Duration.ofSeconds(60));
            } catch (UnknownHostException ofWrongLength) {
                throw new AssertionError(ofWrongLength);
            }
        }
    }

    @Test
    void aNameIsNotWaitedForBeforeTheNextIsAsked() throws IOException {
        try (ClientRuntime runtime = ClientRuntime.standard();
                LastGood names = LastGood.builder(ResolverChain.of(new InPairs()), runtime)
                        .build()) {
            Endpoint endpoint = Endpoint.at("https://api.example.test").connectTo("first.example", "second.example");
            assertThat(new EndpointAddresses(endpoint, names, new OffsetTime())
                            .lookup("api.example.test", new CompletableFuture<>())
                            .addresses())
                    .extracting(InetAddress::getHostAddress)
                    .containsExactly("192.0.2.1", "192.0.2.2");
        }
    }

    @Test
    void anAddressAtWhichAnAttemptFailedIsLastForAMinute() throws IOException {
        OffsetTime time = new OffsetTime();
        InetAddress first = InetAddress.getByName("192.0.2.1");
        InetAddress second = InetAddress.getByName("192.0.2.2");
        try (ClientRuntime runtime = ClientRuntime.standard();
                LastGood names = LastGood.builder(ResolverChain.of(new InPairs()), runtime)
                        .build()) {
            EndpointAddresses addresses = new EndpointAddresses(Endpoint.at("https://api.example.test"), names, time);

            addresses.failed(first);
            assertThat(addresses.inOrder(List.of(first, second))).containsExactly(second, first);
            time.jump(Duration.ofSeconds(59));
            assertThat(addresses.inOrder(List.of(first, second))).containsExactly(second, first);
            addresses.failed(second);
            assertThat(addresses.inOrder(List.of(first, second))).containsExactly(first, second);
            time.jump(Duration.ofSeconds(2));
            assertThat(addresses.inOrder(List.of(second, first))).containsExactly(first, second);
        }
    }
}
