package byroad.dns;

import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.ip;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Texts of servers, stores and exceptions are cut and escaped before anybody reads them. */
class TextOfOthersTest extends LastGoodFixture {
    private static final String EVIL = "first\nsecond\u001b[31m\u202e" + "x".repeat(900);

    private static void isTame(Object shown) {
        assertThat(shown.toString())
                .contains("first\\u000asecond\\u001b[31m\\u202e")
                .hasSizeLessThan(500)
                .doesNotContainPattern("\\p{C}");
    }

    @Test
    void ofAnAnswerThatFailsOrIsBlocked() {
        scripted.says(new Answer.Failed(EVIL));
        isTame(now(HTTPS));
        pass(5);
        scripted.says(new Answer.Blocked(EVIL));
        isTame(now(HTTPS));
    }

    @Test
    void textsAreEscapedInEventsAndInReportsOfStaleAndBlockedAddresses() {
        expired(60, A);
        scripted.says(new Answer.Failed(EVIL));
        isTame(now(HTTPS).from());
        pass(60);
        scripted.says(new Answer.Blocked(EVIL));
        isTame(now(HTTPS));
        assertThat(events).hasSize(2).allSatisfy(TextOfOthersTest::isTame);
    }

    @Test
    void ofAResolverThatIsFailing() {
        ScriptedResolver other = new ScriptedResolver("other").says(addresses(60, A));
        LastGood names =
                LastGood.builder(ResolverChain.of(scripted, other), runtime).build();
        scripted.says(new Answer.Failed(EVIL));
        names.lookup(HOST, HTTPS).join();
        pass(10);
        names.lookup("b.example", HTTPS).join();
        assertThat(events).singleElement().isInstanceOf(Event.ResolverFailing.class);
        isTame(events.get(0));
    }

    @Test
    void ofAnExceptionThatAFutureBrings() {
        scripted.says(null);
        CompletableFuture<Resolution> found = lookup(HTTPS);
        scripted.open.get(0).completeExceptionally(new IOException(EVIL));
        isTame(found.join());
    }

    @Test
    void ofAnExceptionThatABlockingLookUpThrows() {
        Resolver blocking = Resolvers.blocking("blocking", "blocking", host -> {
            throw new IOException(EVIL);
        });
        isTame(blocking.on(runtime.blocking(Runnable::run))
                .resolve(new Question(HOST, Duration.ofSeconds(3)))
                .join());
    }

    @Test
    void ofATransport() {
        Resolver wire = Resolvers.over("wire", "wire", sharing -> new Transport() {
            @Override
            public List<CompletableFuture<byte[]>> exchange(List<byte[]> queries, Duration within) {
                IOException failure = new IOException(EVIL);
                return List.of(CompletableFuture.failedFuture(failure), CompletableFuture.failedFuture(failure));
            }

            @Override
            public void close() {}
        });
        isTame(wire.on(runtime)
                .resolve(new Question(HOST, Duration.ofSeconds(3)))
                .join());
    }

    @Test
    void ofAStore() {
        StoredRecord record =
                new StoredRecord(HOST, List.of(ip(A)), Duration.ofSeconds(60), EVIL, time.now(), time.now());
        AnswerStore store = new AnswerStore() {
            @Override
            public byte @Nullable [] load(String key) {
                return record.encode();
            }

            @Override
            public void save(String key, byte[] bytes) throws IOException {
                throw new IOException(EVIL);
            }
        };
        LastGood names = LastGood.builder(ResolverChain.of(scripted), runtime.blocking(Runnable::run))
                .store(store)
                .build();
        scripted.says(ScriptedResolver.servfail());
        isTame(names.lookup(HOST, HTTPS).join().from().resolver());
        events.clear();
        names.proven(HOST, ip(A));
        assertThat(events).singleElement().isInstanceOf(Event.Impaired.class);
        isTame(events.get(0));
    }
}
