package byroad.dns;

import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.FakeTime;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class BlockingResolverTest {
    private static final Question QUESTION = new Question("a.example", Duration.ofSeconds(3));

    private final Queue<Runnable> work = new ArrayDeque<>();
    private final List<Event> events = new ArrayList<>();
    private final ClientRuntime runtime =
            ClientRuntime.standard().time(new FakeTime()).blocking(work::add).events(events::add);

    private Answer answer(HostLookup lookup) {
        CompletableFuture<Answer> answer =
                Resolvers.blocking("consul", "acme/consul", lookup).on(runtime).resolve(QUESTION);
        assertThat(answer).isNotDone(); // never on the caller's thread
        work.remove().run();
        assertThat(answer).isDone();
        return answer.join();
    }

    @Test
    void itsAddressesCountAsThirtySeconds() {
        assertThat(answer(host -> List.of(ip("192.0.2.1")))).isEqualTo(addresses(30, "192.0.2.1"));
    }

    @Test
    void tellsUnknownEmptyAndBrokenApart() {
        assertThat(answer(host -> {
                    throw new UnknownHostException(host);
                }))
                .isEqualTo(new Answer.NoSuchName(Duration.ofSeconds(5)));
        assertThat(answer(host -> List.of())).isInstanceOf(Answer.Empty.class);
        assertThat(answer(host -> {
                    throw new IOException("down");
                }))
                .isEqualTo(new Answer.Failed("java.io.IOException: down"));
        assertThat(answer(host -> {
                    throw new IllegalStateException("bug");
                }))
                .isEqualTo(new Answer.Failed("java.lang.IllegalStateException: bug"));
    }

    @Test
    void anErrorIsAFailedLookUpAndAnEvent() {
        assertThat(answer(host -> {
                    throw new AssertionError("bug");
                }))
                .isInstanceOf(Answer.Failed.class);
        assertThat(events).singleElement().asString().startsWith("the look-up of the resolver consul threw");
    }

    @Test
    void doesNotWorkForNobody() {
        CompletableFuture<Answer> answer = Resolvers.blocking("consul", "acme/consul", host -> {
                    throw new AssertionError("asked for nobody");
                })
                .on(runtime)
                .resolve(QUESTION);
        answer.cancel(false);
        work.remove().run();
    }

    @Test
    void noFreeThreadIsAFailure() {
        ClientRuntime full = runtime.blocking(task -> {
            throw new RejectedExecutionException();
        });
        Resolver resolver =
                Resolvers.blocking("consul", "acme/consul", host -> List.of()).on(full);
        assertThat(resolver.resolve(QUESTION).join()).isEqualTo(new Answer.Failed("no free thread for the look-up"));
    }

    @Test
    void aLookupThatHasBegunEndsInAnAnswerHoweverLate() {
        FakeTime time = new FakeTime();
        CompletableFuture<Answer> answer = Resolvers.blocking("slow", "test/slow", host -> {
                    time.advance(QUESTION.within().multipliedBy(10));
                    return List.of(ip("192.0.2.1"));
                })
                .on(runtime.time(time))
                .resolve(QUESTION);
        work.remove().run();
        assertThat(answer.join()).isEqualTo(addresses(30, "192.0.2.1"));
    }

    @Test
    void aFixedResolverKnowsItsHostsAndNothingElse() {
        Resolver fixed = Resolvers.fixed("list", "ours", Map.of("A.example.", List.of("192.0.2.1", "2001:db8::1")));
        assertThat(fixed.resolve(QUESTION).join()).isEqualTo(addresses(30, "192.0.2.1", "2001:db8::1"));
        assertThat(fixed.resolve(new Question("b.example", Duration.ofSeconds(3)))
                        .join())
                .isEqualTo(new Answer.Failed("not among its hosts"));
        assertThatThrownBy(() -> Resolvers.fixed("list", "ours", Map.of("a.example", List.of("b.example"))))
                .hasMessage("a.example: \"b.example\" (expected: an IP address)");
        assertThatThrownBy(() -> Resolvers.fixed("list", "ours", Map.of("a.example", List.of())))
                .hasMessage("a.example: no address (expected: at least one)");
    }
}
