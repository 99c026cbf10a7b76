package byroad.dns;

import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.empty;
import static byroad.dns.ScriptedResolver.ip;
import static byroad.dns.ScriptedResolver.servfail;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Provenance.Source;
import byroad.ResolverStatus.State;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is known belongs to the network on which it was asked. */
class NetworksTest extends LastGoodFixture {
    @Test
    void anInquiryBelongsToTheNetworkOnWhichItBegan() {
        good.onNetworkChanged("office");
        CompletableFuture<Resolution> waiting = lookup(HTTPS);
        good.onNetworkChanged("hotel");
        assertThat(asked()).as("asked again for the caller").isEqualTo(2);
        scripted.open.get(0).complete(addresses(60, A)); // whichever network it came over
        assertThat(waiting).isNotDone();
        scripted.answer(addresses(60, B));
        isFrom(waiting.join(), Source.FRESH, B);
        isFrom(now(HTTPS), Source.FRESH, B);
        good.onNetworkChanged("office");
        lookup(HTTPS);
        assertThat(asked()).as("nothing is known in the office").isEqualTo(3);
    }

    @Test
    void aLookUpIsOverByItsDeadlineHoweverOftenTheNetworkChanges() {
        CompletableFuture<Resolution> waiting = lookup(HTTPS);
        for (int i = 1; i <= 3; i++) {
            pass(0.9);
            good.onNetworkChanged("network " + i);
        }
        pass(0.299);
        assertThat(waiting).isNotDone();
        pass(0.001);
        assertThat(waiting.join().answer()).isInstanceOf(Answer.Failed.class);
        pass(3);
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void aCallerOfTheNetworkBeforeGetsNoOldAddressOfIt() {
        good.onNetworkChanged("office");
        expired(60, A);
        scripted.says(null);
        CompletableFuture<Resolution> waiting = lookup(HTTPS);
        pass(0.4);
        good.onNetworkChanged("hotel");
        pass(0.2);
        assertThat(waiting).isNotDone();
        scripted.answer(addresses(60, B));
        isFrom(waiting.join(), Source.FRESH, B);
    }

    @Test
    void anAnswerThatIsLateForAnotherNetworkIsNotLearned() {
        good.onNetworkChanged("office");
        lookup(HTTPS);
        pass(3);
        good.onNetworkChanged("hotel");
        good.onNetworkChanged("office");
        scripted.says(servfail());
        assertThat(now(HTTPS).addresses()).isEmpty();
        scripted.answer(addresses(60, A)); // to the question of the first visit
        assertThat(now(HTTPS).addresses()).isEmpty();
    }

    @Test
    void whatFailedOrWasDeniedIsAskedAnewOnReturn() {
        for (Answer answer : new Answer[] {servfail(), empty(30)}) {
            good.onNetworkChanged("office");
            scripted.says(answer);
            now(HTTPS);
            int before = asked();
            good.onNetworkChanged("lift");
            good.onNetworkChanged("office");
            now(HTTPS);
            assertThat(asked()).isEqualTo(before + 1);
            good.onNetworkChanged("office"); // told again, after a loss that nobody told
            now(HTTPS);
            assertThat(asked()).isEqualTo(before + 2);
            now(HTTPS);
            assertThat(asked()).isEqualTo(before + 2);
        }
    }

    /** A name below no public top-level domain is asked outside the network after it was denied within it. */
    private final ScriptedResolver within = new ScriptedResolver("system");

    private final LastGood inTwoSteps =
            LastGood.builder(ResolverChain.of(within, scripted), runtime).build();

    @Test
    void aLookUpInTwoStepsHasOneDeadline() {
        CompletableFuture<Resolution> found = inTwoSteps.lookup("db.corp", HTTPS);
        pass(2.9);
        within.answer(empty(5));
        assertThat(asked()).isEqualTo(1);
        pass(0.1);
        assertThat(found).isDone();
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void aChangeOfTheNetworkEndsEachStep() {
        inTwoSteps.lookup("db.corp", HTTPS);
        inTwoSteps.onNetworkChanged("hotel");
        assertThat(within.open.get(0)).isCancelled();
        assertThat(within.open).hasSize(2);
        within.answer(empty(5));
        inTwoSteps.onNetworkChanged("lift");
        assertThat(scripted.open.get(0)).isCancelled();
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void theSameNetworkToldAgainDisturbsNoInquiry() {
        good.onNetworkChanged("office");
        CompletableFuture<Resolution> waiting = lookup(HTTPS);
        good.onNetworkChanged("office");
        scripted.answer(addresses(60, A));
        isFrom(waiting.join(), Source.FRESH, A);
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void aRetainedAddressIsNotRetainedLongerBecauseOfAReturn() {
        good.onNetworkChanged("office");
        expired(60, A);
        good.proven(HOST, ip(A));
        scripted.says(empty(5));
        isFrom(now(HTTPS), Source.RETAINED, A);
        pass(3599);
        good.onNetworkChanged("lift");
        good.onNetworkChanged("office");
        isFrom(now(HTTPS), Source.RETAINED, A);
        pass(1);
        assertThat(now(HTTPS).answer()).isEqualTo(empty(5));
    }

    @Test
    void theLatestFourNetworksAreRemembered() {
        scripted.says(addresses(3600, A));
        for (String network : new String[] {"1", "2", "3", "4"}) {
            good.onNetworkChanged(network);
            now(HTTPS);
        }
        for (String network : new String[] {"1", "2", "3", "4", "1"}) {
            good.onNetworkChanged(network);
            now(HTTPS);
        }
        assertThat(asked()).isEqualTo(4);
        good.onNetworkChanged("5");
        now(HTTPS);
        good.onNetworkChanged("3");
        now(HTTPS);
        assertThat(asked()).isEqualTo(5);
        good.onNetworkChanged("2"); // the one not used for the longest time was forgotten
        now(HTTPS);
        assertThat(asked()).isEqualTo(6);
    }

    @Test
    void aResolverThatFailedOnOneNetworkHasItsPlaceOnAnother() {
        ScriptedResolver second = new ScriptedResolver("second").says(addresses(60, B));
        LastGood names =
                LastGood.builder(ResolverChain.of(scripted, second), runtime).build();
        scripted.says(servfail());
        names.lookup(HOST, HTTPS).join();
        assertThat(names.resolvers().get(0).state()).isEqualTo(State.FAILING);
        names.onNetworkChanged("hotel");
        assertThat(names.resolvers().get(0).state()).isEqualTo(State.IN_PLACE);
    }

    @Test
    void resolversAreToldOfAnotherNetworkOnly() {
        int[] told = {0};
        ScriptedResolver resolver = new ScriptedResolver("connected") {
            @Override
            public void onNetworkChanged() {
                told[0]++;
            }
        };
        LastGood names = LastGood.builder(ResolverChain.of(resolver), runtime).build();
        names.onNetworkChanged("hotel");
        names.onNetworkChanged("hotel");
        assertThat(told[0]).isEqualTo(1);
    }
}
