package byroad.dns;

import static byroad.Scheme.HTTP;
import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.empty;
import static byroad.dns.ScriptedResolver.ip;
import static byroad.dns.ScriptedResolver.servfail;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Event;
import byroad.Provenance.Source;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one process proved, another one lives on. */
class RecallTest extends LastGoodFixture {
    private final Map<String, byte[]> kept = new HashMap<>();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> saves = new ArrayList<>();
    private final AnswerStore store = new AnswerStore() {
        @Override
        public byte @Nullable [] load(String key) {
            return kept.get(key);
        }

        @Override
        public void save(String key, byte[] record) {
            saves.add(key);
            kept.put(key, record);
        }
    };

    private LastGood process() {
        return process(ResolverChain.of(scripted));
    }

    private LastGood process(ResolverChain chain) {
        return LastGood.builder(chain, runtime.blocking(Runnable::run))
                .store(store)
                .build();
    }

    /** A process that proved A, and is gone. */
    private void earlier() {
        LastGood earlier = process();
        scripted.says(addresses(60, A, B));
        earlier.lookup(HOST, HTTPS).join();
        earlier.proven(HOST, ip(A));
        earlier.close();
    }

    @Test
    void aRestartedProcessAnswersAfterTheClientTimerWhileTheResolversAreSilent() {
        earlier();
        pass(3600);
        scripted.says(null);
        CompletableFuture<Resolution> found = process().lookup(HOST, HTTPS);
        pass(0.499);
        assertThat(found).isNotDone();
        pass(0.001);
        isFrom(found.join(), Source.STALE, A);
        assertThat(found.join().from().age()).isBetween(Duration.ofSeconds(3600), Duration.ofSeconds(3602));
    }

    @Test
    void anAgreedNegativeIsHeldAgainstForHttpsOnly() {
        earlier();
        pass(3600);
        scripted.says(empty(5));
        LastGood restarted = process();
        isFrom(restarted.lookup(HOST, HTTPS).join(), Source.RETAINED, A);
        assertThat(restarted.lookup(HOST, HTTP).join().answer()).isEqualTo(empty(5));
        pass(3600);
        assertThat(restarted.lookup(HOST, HTTPS).join().answer()).isEqualTo(empty(5));
    }

    @Test
    void whatTheResolversNameIsUsedAndNotWhatWasKept() {
        earlier();
        scripted.says(addresses(60, B));
        isFrom(process().lookup(HOST, HTTPS).join(), Source.FRESH, B);
    }

    @Test
    void aBlockIsBelieved() {
        earlier();
        scripted.says(new Answer.Blocked("EDE 15"));
        assertThat(process().lookup(HOST, HTTPS).join().answer()).isEqualTo(new Answer.Blocked("EDE 15"));
    }

    @Test
    void whatIsOlderThanADayIsNotUsedAndThatIsTold() {
        earlier();
        pass(24 * 3600 + 2);
        scripted.says(servfail());
        assertThat(process().lookup(HOST, HTTPS).join().answer()).isInstanceOf(Answer.Failed.class);
        assertThat(events).hasAtLeastOneElementOfType(Event.StoredAnswerRefused.class);
    }

    @Test
    void onlyWhatWasProvenIsKept() {
        scripted.says(addresses(60, A));
        LastGood process = process();
        process.lookup(HOST, HTTPS).join();
        process.close();
        assertThat(kept).isEmpty();
    }

    @Test
    void aProofIsStoredWhenItIsNewAndOnceAMinute() {
        scripted.says(addresses(3600, A, B));
        LastGood process = process();
        process.lookup(HOST, HTTPS).join();
        process.proven(HOST, ip(A));
        process.proven(HOST, ip(A));
        assertThat(saves).hasSize(1);
        process.proven(HOST, ip(B));
        assertThat(saves).hasSize(2);
        pass(59);
        process.proven(HOST, ip(A));
        assertThat(saves).hasSize(2);
        pass(1);
        process.proven(HOST, ip(A));
        assertThat(saves).hasSize(3);
    }

    /** A process whose store answers when {@link #threads} are run. */
    private LastGood slow(ResolverChain chain) {
        return LastGood.builder(chain, runtime.blocking(threads::add))
                .store(store)
                .build();
    }

    private void storeAnswers() {
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
    }

    @Test
    void aFailureOfTheResolversWaitsForTheStoreForTwoHundredMilliseconds() {
        earlier();
        scripted.says(servfail());
        LastGood slow = slow(ResolverChain.of(scripted));
        CompletableFuture<Resolution> inVain = slow.lookup(HOST, HTTPS);
        pass(0.199);
        assertThat(inVain).isNotDone();
        pass(0.001);
        assertThat(inVain.join().answer()).isInstanceOf(Answer.Failed.class);
        storeAnswers();
        isFrom(slow.lookup(HOST, HTTPS).join(), Source.STALE, A); // the next look-up has it
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void aSlowStoreIsUsedForTheCallersThatStillWait() {
        earlier();
        scripted.says(null);
        LastGood slow = slow(ResolverChain.of(scripted));
        CompletableFuture<Resolution> waiting = slow.lookup(HOST, HTTPS);
        pass(1);
        assertThat(waiting).isNotDone();
        storeAnswers();
        isFrom(waiting.join(), Source.STALE, A);
    }

    @Test
    void noLookUpOutlastsItsDeadlineBecauseOfTheStore() {
        scripted.says(servfail());
        LastGood brief = slow(ResolverChain.of(scripted).deadline(Duration.ofMillis(50)));
        CompletableFuture<Resolution> found = brief.lookup(HOST, HTTPS);
        pass(0.05);
        assertThat(found).isDone();
        scripted.says(null);
        LastGood silent = slow(ResolverChain.of(scripted));
        CompletableFuture<Resolution> late = silent.lookup("b.example", HTTPS);
        pass(3);
        assertThat(late).isDone();
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void aProblemOfTheStoreIsAnEventAtStart() {
        AnswerStore broken = new AnswerStore() {
            @Override
            public byte @Nullable [] load(String key) {
                return null;
            }

            @Override
            public void save(String key, byte[] record) {}

            @Override
            public Optional<String> problem() {
                return Optional.of("cannot write");
            }
        };
        LastGood.builder(ResolverChain.of(scripted), runtime.blocking(Runnable::run))
                .store(broken)
                .build();
        assertThat(events).containsExactly(new Event.Impaired("answer store", "cannot write"));
    }

    @Test
    void networksDoNotMix() {
        LastGood earlier = process();
        earlier.onNetworkChanged("office");
        scripted.says(addresses(60, A));
        earlier.lookup(HOST, HTTPS).join();
        earlier.proven(HOST, ip(A));
        assertThat(kept).containsOnlyKeys("office/" + HOST);
        scripted.says(servfail());
        LastGood restarted = process();
        restarted.onNetworkChanged("cafe");
        assertThat(restarted.lookup(HOST, HTTPS).join().answer()).isInstanceOf(Answer.Failed.class);
        restarted.onNetworkChanged("office");
        isFrom(restarted.lookup(HOST, HTTPS).join(), Source.STALE, A);
    }

    @Test
    void theFilterHoldsForWhatWasKeptToo() {
        LastGood earlier = process();
        scripted.says(addresses(60, "10.0.0.1"));
        earlier.lookup(HOST, HTTPS).join();
        earlier.proven(HOST, ip("10.0.0.1"));
        scripted.says(servfail());
        LastGood strict = process(ResolverChain.of(scripted).publicOnly());
        assertThat(strict.lookup(HOST, HTTPS).join().answer()).isInstanceOf(Answer.Failed.class);
        LastGood excepting = process(ResolverChain.of(scripted).publicOnly("example"));
        isFrom(excepting.lookup(HOST, HTTPS).join(), Source.STALE, "10.0.0.1");
    }
}
