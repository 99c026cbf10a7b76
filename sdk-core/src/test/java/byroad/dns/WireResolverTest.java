package byroad.dns;

import static byroad.dns.ScriptedResolver.addresses;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class WireResolverTest {
    private static final Duration WITHIN = Duration.ofSeconds(3);

    private final FakeTime time = new FakeTime();
    private final Script transport = new Script();
    private final Resolver resolver = Resolvers.over("scripted", "test/scripted", runtime -> transport)
            .on(ClientRuntime.standard().time(time));
    private final CompletableFuture<Answer> answer = resolver.resolve(new Question("a.example", WITHIN));

    @Test
    void asksForBothFamiliesAtOnceUnderRandomIds() throws Exception {
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            resolver.resolve(new Question("a.example", WITHIN));
        }
        for (Sent sent : transport.sent) {
            ids.add(new Message(sent.query).getHeader().getID());
        }
        assertThat(transport.sent).hasSize(42);
        assertThat(ids).hasSizeGreaterThan(35);
        assertThat(transport.type(0)).isEqualTo(Type.A);
        assertThat(transport.type(1)).isEqualTo(Type.AAAA);
    }

    @Test
    void bothResponsesAreTheAnswer() {
        transport.respond(0);
        assertThat(answer).isNotDone();
        transport.respond(1);
        assertThat(answer.join()).isEqualTo(addresses(60, "192.0.2.1", "2001:db8::1"));
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void waitsFiftyMillisForAaaaOnceAHasAddresses() {
        time.advance(Duration.ofMillis(20));
        transport.respond(0);
        time.advance(Duration.ofMillis(49));
        assertThat(answer).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertThat(answer.join()).isEqualTo(addresses(60, "192.0.2.1"));
        assertThat(transport.sent.get(1).response).isCancelled();
    }

    @Test
    void waitsHalfASecondForAOnceAaaaHasAddresses() {
        transport.respond(1);
        time.advance(Duration.ofMillis(499));
        assertThat(answer).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertThat(answer.join()).isEqualTo(addresses(60, "2001:db8::1"));
    }

    @Test
    void aFamilyWithoutAddressesIsNoReasonToHurry() {
        transport.sent.get(0).response.completeExceptionally(new IOException("down"));
        time.advance(WITHIN.minusMillis(1));
        assertThat(answer).isNotDone();
        transport.respond(1);
        assertThat(answer.join()).isEqualTo(addresses(60, "2001:db8::1"));
    }

    @Test
    void silenceEndsWithTheTimeGiven() {
        time.advance(WITHIN);
        assertThat(answer.join()).isEqualTo(new Answer.Failed("no answer within 3000ms"));
        assertThat(transport.sent).allMatch(sent -> sent.response.isCancelled());
    }

    @Test
    void whatGoesWrongOnTheWayIsTheReason() {
        transport.sent.get(0).response.completeExceptionally(new IOException("HTTP 503"));
        transport.sent.get(1).response.completeExceptionally(new IOException("HTTP 503"));
        assertThat(answer.join()).isEqualTo(new Answer.Failed("HTTP 503"));
    }

    @Test
    void aBugOnTheWayIsNamed() {
        transport.sent.get(0).response.completeExceptionally(new IllegalStateException("bug"));
        transport.sent.get(1).response.completeExceptionally(new IOException("down"));
        assertThat(answer.join()).isEqualTo(new Answer.Failed("java.lang.IllegalStateException: bug (A), down (AAAA)"));
    }

    @Test
    void nobodyWaitsForWhatIsCancelled() {
        answer.cancel(false);
        assertThat(transport.sent).allMatch(sent -> sent.response.isCancelled());
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void whatIsNoNameIsNotSent() {
        assertThat(resolver.resolve(new Question("a..example", WITHIN)).join()).isInstanceOf(Answer.Failed.class);
        assertThat(transport.sent).hasSize(2);
    }

    @Test
    void closesItsTransport() {
        resolver.close();
        assertThat(transport.isClosed).isTrue();
    }

    private static final class Sent {
        final byte[] query;
        final CompletableFuture<byte[]> response = new CompletableFuture<>();

        Sent(byte[] query) {
            this.query = query;
        }
    }

    /** A transport whose responses come when the test says so. */
    static final class Script implements Transport {
        final List<Sent> sent = new ArrayList<>();
        boolean isClosed;

        @Override
        public List<CompletableFuture<byte[]>> exchange(List<byte[]> queries, Duration within) {
            List<Sent> all = queries.stream().map(Sent::new).collect(Collectors.toList());
            sent.addAll(all);
            return all.stream().map(one -> one.response).collect(Collectors.toList());
        }

        int type(int at) throws IOException {
            return new Message(sent.get(at).query).getQuestion().getType();
        }

        void respond(int at) {
            try {
                Message message = new Message(sent.get(at).query);
                var question = message.getQuestion();
                message.getHeader().setFlag(Flags.QR);
                message.addRecord(
                        question.getType() == Type.A
                                ? new ARecord(question.getName(), DClass.IN, 60, ScriptedResolver.ip("192.0.2.1"))
                                : new AAAARecord(question.getName(), DClass.IN, 60, ScriptedResolver.ip("2001:db8::1")),
                        Section.ANSWER);
                sent.get(at).response.complete(message.toWire());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }
}
