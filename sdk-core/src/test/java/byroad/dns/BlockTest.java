package byroad.dns;

import static byroad.Scheme.HTTP;
import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.empty;
import static byroad.dns.ScriptedResolver.ip;
import static byroad.dns.ScriptedResolver.servfail;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Provenance.Source;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A policy block is the end: nothing brings an address back but an answer with addresses on that network. */
class BlockTest extends LastGoodFixture {
    private static final Answer BLOCKED = new Answer.Blocked("EDE 15");

    private final Map<String, byte[]> kept = new HashMap<>();
    private final AnswerStore store = new AnswerStore() {
        @Override
        public byte @Nullable [] load(String key) {
            return kept.get(key);
        }

        @Override
        public void save(String key, byte[] record) {
            kept.put(key, record);
        }
    };

    private LastGood process() {
        return LastGood.builder(ResolverChain.of(scripted), runtime.blocking(Runnable::run))
                .store(store)
                .build();
    }

    private Resolution ask(LastGood names, Answer answer) {
        scripted.says(answer);
        return names.lookup(HOST, HTTPS).join();
    }

    /** A name whose address was proven, and is blocked now. */
    private LastGood blocked() {
        LastGood names = process();
        ask(names, addresses(60, A));
        names.proven(HOST, ip(A));
        pass(61);
        assertThat(ask(names, BLOCKED).answer()).isEqualTo(BLOCKED);
        return names;
    }

    @Test
    void aProofOnAPooledConnectionBringsNothingBack() {
        LastGood names = blocked();
        names.proven(HOST, ip(A));
        pass(60);
        assertThat(ask(names, empty(5)).answer()).isEqualTo(empty(5));
        names.proven(HOST, ip(A));
        pass(60);
        assertThat(ask(names, servfail()).addresses()).isEmpty();
        pass(60);
        assertThat(ask(names, BLOCKED).answer()).isEqualTo(BLOCKED);
    }

    @Test
    void aRestartBringsNothingBack() {
        blocked().proven(HOST, ip(A));
        for (Answer answer : new Answer[] {servfail(), empty(5), BLOCKED}) {
            LastGood restarted = process();
            assertThat(ask(restarted, answer).addresses()).isEmpty();
            assertThat(restarted.isDenied(HOST)).as("seeds are of no use").isTrue();
        }
    }

    @Test
    void anotherProcessOfTheFleetDoesNotStoreWhatItLearnedBeforeTheBlock() {
        LastGood other = process();
        ask(other, addresses(3600, A));
        pass(1);
        blocked();
        other.proven(HOST, ip(A));
        assertThat(ask(process(), servfail()).addresses()).isEmpty();
        pass(3601);
        ask(other, addresses(60, B));
        other.proven(HOST, ip(B));
        isFrom(ask(process(), servfail()), Source.STALE, B);
    }

    @Test
    void anAnswerWithAddressesEndsIt() {
        LastGood names = blocked();
        pass(60);
        isFrom(ask(names, addresses(60, A)), Source.FRESH, A);
        names.proven(HOST, ip(A));
        pass(61);
        isFrom(ask(names, empty(5)), Source.RETAINED, A);
        assertThat(ask(process(), servfail()).addresses()).containsExactly(ip(A));
    }

    @Test
    void aBlockIsOfItsNetworkOnly() {
        LastGood names = process();
        names.onNetworkChanged("office");
        ask(names, addresses(60, A));
        names.proven(HOST, ip(A));
        names.onNetworkChanged("home");
        assertThat(ask(names, BLOCKED).addresses()).isEmpty();
        names.onNetworkChanged("office");
        isFrom(ask(names, servfail()), Source.FRESH, A);
        names.onNetworkChanged("home");
        assertThat(ask(names, servfail()).addresses()).isEmpty();
    }

    @Test
    void aBlockThatIsHeardBeforeTheStoreAnswersStands() {
        LastGood earlier = process();
        ask(earlier, addresses(60, A));
        earlier.proven(HOST, ip(A));
        Queue<Runnable> threads = new ArrayDeque<>();
        LastGood slow = LastGood.builder(ResolverChain.of(scripted), runtime.blocking(threads::add))
                .store(store)
                .build();
        scripted.says(BLOCKED);
        slow.lookup(HOST, HTTPS);
        pass(1);
        threads.forEach(Runnable::run);
        pass(60);
        assertThat(ask(slow, empty(5)).answer()).isEqualTo(empty(5));
    }

    @Test
    void aSeedIsOfUseOnlyWhileTheResolversSayNothing() {
        ask(good, servfail());
        assertThat(good.isDenied(HOST)).isFalse();
        pass(10);
        ask(good, empty(5));
        assertThat(good.isDenied(HOST)).isTrue();
        pass(30);
        ask(good, servfail());
        assertThat(good.isDenied(HOST)).isTrue();
        pass(60);
        ask(good, addresses(60, A));
        assertThat(good.isDenied(HOST)).isFalse();
        assertThat(good.isDenied("unheard.example")).isFalse();
    }

    @Test
    void addressesOfTheStoreAreForHttpsOnly() {
        LastGood earlier = process();
        ask(earlier, addresses(60, A));
        earlier.proven(HOST, ip(A));
        pass(3600);
        LastGood restarted = process();
        isFrom(ask(restarted, servfail()), Source.STALE, A);
        assertThat(restarted.lookup(HOST, HTTP).join().answer()).isInstanceOf(Answer.Failed.class);
        pass(60);
        ask(restarted, addresses(60, B));
        pass(61);
        scripted.says(servfail());
        isFrom(restarted.lookup(HOST, HTTP).join(), Source.STALE, B);
    }
}
