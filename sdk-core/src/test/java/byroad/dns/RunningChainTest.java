package byroad.dns;

import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.empty;
import static byroad.dns.ScriptedResolver.servfail;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a chain learns about its resolvers from one question to the next. */
class RunningChainTest {
    private static final Answer FOUND = addresses(60, "192.0.2.1");

    private final FakeTime time = new FakeTime();
    private final List<Event> events = new ArrayList<>();
    private final List<ChainAnswer> late = new ArrayList<>();
    private final Random noJitter = new Random() {
        @Override
        public double nextDouble() {
            return 0;
        }
    };
    private final ClientRuntime runtime =
            ClientRuntime.standard().time(time).random(noJitter).events(events::add);

    private final ScriptedResolver one = new ScriptedResolver("one");
    private final ScriptedResolver two = new ScriptedResolver("two");
    private final RunningChain chain = new RunningChain(ResolverChain.of(one, two), runtime);

    private CompletableFuture<ChainAnswer> ask() {
        return chain.ask("a.example", "", late::add);
    }

    private void pass(double seconds) {
        time.advance(Duration.ofMillis((long) (seconds * 1000)));
    }

    /** The first resolver is silent, and the second one finds it out. */
    private void firstIsDead() {
        two.says(FOUND);
        CompletableFuture<ChainAnswer> asked = ask();
        pass(0.25);
        assertThat(asked.join().by()).isEqualTo("two");
    }

    @Test
    void aSilentResolverCostsTheStaggerOnce() {
        firstIsDead();
        assertThat(ask().join().by()).isEqualTo("two");
        assertThat(one.questions).hasSize(1);
        assertThat(chain).hasToString("one (failing), two");
    }

    @Test
    void aQuestionAskedTheMomentTheVerdictIsHeardGoesToWhoAnswers() {
        two.says(FOUND);
        CompletableFuture<ChainAnswer> next = ask().thenCompose(heard -> ask());
        pass(0.25);
        assertThat(next).isCompletedWithValueMatching(heard -> heard.by().equals("two"));
        assertThat(one.questions).hasSize(1);
    }

    @Test
    void aProbeAsideGivesItsPlaceBack() {
        firstIsDead();
        pass(4.9);
        ask();
        assertThat(one.questions).hasSize(1);
        one.says(FOUND);
        pass(0.1);
        assertThat(ask().join().by()).isEqualTo("two");
        assertThat(one.questions).hasSize(2);
        assertThat(ask().join().by()).isEqualTo("one");
        assertThat(events).isEmpty();
    }

    @Test
    void thatItIsDeadIsToldWhenAProbeWasInVainAndThatItAnswersAgainToo() {
        firstIsDead();
        pass(5);
        ask();
        one.answer(servfail());
        assertThat(events).containsExactly(new Event.ResolverFailing("one", "SERVFAIL"));
        pass(10);
        one.says(FOUND);
        ask();
        assertThat(events).endsWith(new Event.ResolverRecovered("one")).hasSize(2);
    }

    @Test
    void probesInVainAreMadeAfterFiveSecondsDoublingToSixty() {
        firstIsDead();
        for (double gap : new double[] {5, 10, 20, 40, 60, 60}) {
            int before = one.questions.size();
            pass(gap - 0.1);
            ask();
            assertThat(one.questions).hasSize(before);
            pass(0.1);
            ask();
            ask();
            assertThat(one.questions).as("after " + gap).hasSize(before + 1);
            one.answer(servfail());
        }
        assertThat(events).hasSize(1);
    }

    @Test
    void aProbeThatIsNeverAnsweredIsInVainAtTheDeadline() {
        firstIsDead();
        pass(5);
        ask();
        pass(3);
        ask();
        pass(9.9);
        ask();
        assertThat(one.questions).hasSize(2);
        pass(0.1);
        ask();
        assertThat(one.questions).hasSize(3);
    }

    @Test
    void aResolverThatFailsWhereAnotherKnowsLosesItsPlace() {
        one.says(new Answer.Failed("REFUSED"));
        two.says(FOUND);
        ask();
        ask();
        assertThat(one.questions).hasSize(1);
    }

    @Test
    void aNegativeIsAnAnswerAndKeepsThePlace() {
        one.says(empty(5));
        two.says(FOUND);
        ask();
        ask();
        assertThat(one.questions).hasSize(2);
        assertThat(events).allMatch(Event.ResolversDisagree.class::isInstance);
    }

    @Test
    void noResolverLosesItsPlaceIfNoneAnswers() {
        ask();
        pass(3);
        two.says(servfail());
        ask();
        pass(3);
        assertThat(events).isEmpty();
        assertThat(chain).hasToString("one, two");
    }

    @Test
    void theLoserIsNotAFailure() {
        CompletableFuture<ChainAnswer> asked = ask();
        pass(0.3);
        one.answer(FOUND);
        assertThat(asked.join().by()).isEqualTo("one");
        assertThat(two.open.get(0)).isCancelled();
        assertThat(events).isEmpty();
        assertThat(chain).hasToString("one, two");
    }

    @Test
    void theOneWhoseAnswerIsOfNoUseIsAskedLast() {
        one.says(FOUND);
        two.says(FOUND);
        assertThat(chain.ask("a.example", "one", late::add).join().by()).isEqualTo("two");
        assertThat(one.questions).isEmpty();
    }

    @Test
    void addressesThatComeAfterTheDeadlineAreHandedOn() {
        CompletableFuture<ChainAnswer> asked = ask();
        pass(3);
        assertThat(asked.join().answer()).isInstanceOf(Answer.Failed.class);
        one.answer(FOUND);
        two.answer(empty(5));
        assertThat(late).containsExactly(new ChainAnswer(FOUND, "one"));
    }

    @Test
    void addressesThatComeAfterANegativeAreHandedOnToo() {
        two.says(empty(5));
        CompletableFuture<ChainAnswer> asked = ask();
        pass(3);
        assertThat(asked.join().answer()).isEqualTo(empty(5));
        one.answer(FOUND);
        assertThat(late).containsExactly(new ChainAnswer(FOUND, "one"));
    }

    @Test
    void addressesOfThePreferredResolverReplaceThoseOfAnotherHoweverLate() {
        CompletableFuture<ChainAnswer> asked = ask();
        pass(0.25);
        two.answer(FOUND);
        Answer inner = addresses(60, "10.0.0.1");
        one.answer(inner);
        assertThat(asked.join().by()).isEqualTo("two");
        assertThat(late).containsExactly(new ChainAnswer(inner, "one"));
    }

    @Test
    void addressesOfALessPreferredResolverReplaceNone() {
        two.says(FOUND);
        one.says(FOUND);
        CompletableFuture<ChainAnswer> asked = chain.ask("a.example", "one", late::add);
        assertThat(asked.join().by()).isEqualTo("two");
        pass(3);
        assertThat(late).isEmpty();
    }

    @Test
    void aBlockOfThePreferredResolverCountsHoweverLate() {
        two.says(FOUND);
        ask();
        pass(0.25);
        one.answer(new Answer.Blocked("EDE 15"));
        assertThat(late).containsExactly(new ChainAnswer(new Answer.Blocked("EDE 15"), "one"));
    }

    @Test
    void oneSlowAnswerCostsThePlaceOnlyUntilItIsThere() {
        two.says(FOUND);
        ask();
        pass(0.4);
        one.answer(FOUND);
        one.says(FOUND);
        assertThat(ask().join().by()).isEqualTo("one");
        assertThat(events).isEmpty();
    }

    @Test
    void addressesThatAreNotPublicAreTakenOnlyFromWithinTheNetwork() {
        ScriptedResolver system = new ScriptedResolver("system");
        RunningChain strict = new RunningChain(ResolverChain.of(one, system).publicOnly(), runtime);
        one.says(addresses(60, "10.0.0.1", "9.9.9.9"));
        assertThat(strict.ask("a.example", "", late::add).join().answer()).isEqualTo(addresses(60, "9.9.9.9"));
        one.says(addresses(60, "10.0.0.1"));
        system.says(addresses(60, "10.0.0.2"));
        assertThat(strict.ask("a.example", "", late::add).join().by()).isEqualTo("system");
    }

    @Test
    void closesItsResolvers() {
        chain.close();
        assertThat(one.closed && two.closed).isTrue();
    }

    @Test
    void aListKeepsItsPlaceAlthoughItHasNothingToSayOfMostNames() {
        Resolver list = Resolvers.fixed("list", "ours", Map.of("b.example", List.of("192.0.2.9")));
        RunningChain withList = new RunningChain(ResolverChain.of(list, two), runtime);
        two.says(FOUND);
        assertThat(withList.ask("a.example", "", late::add).join().by()).isEqualTo("two");
        assertThat(withList.ask("b.example", "", late::add).join().by()).isEqualTo("list");
    }

    @Test
    void anAddressOfZerosIsABlockWhoeverBringsIt() {
        for (String zeros : List.of("0.0.0.0", "::")) {
            one.says(addresses(30, zeros));
            two.says(FOUND);
            assertThat(ask().join().answer()).isInstanceOf(Answer.Blocked.class);
        }
        assertThat(two.questions).isEmpty();
    }
}
