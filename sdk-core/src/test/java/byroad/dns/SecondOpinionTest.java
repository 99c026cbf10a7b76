package byroad.dns;

import static byroad.Scheme.HTTP;
import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.ip;
import static byroad.dns.ScriptedResolver.servfail;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Event;
import byroad.Provenance.Source;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An answer of which every address fails, and none was ever proven, is the resolver's fault until another one says the same. */
class SecondOpinionTest extends LastGoodFixture {
    private static final String WRONG = "198.51.100.6";

    private final ScriptedResolver second = new ScriptedResolver("second");
    private final LastGood names =
            LastGood.builder(ResolverChain.of(scripted, second), runtime).build();

    private Resolution ask() {
        return names.lookup(HOST, HTTPS).join();
    }

    /** A was proven an hour ago; now the first resolver names an address that fails. */
    private void theFirstGoesWrong() {
        scripted.says(addresses(60, A));
        ask();
        names.proven(HOST, ip(A));
        pass(61);
        scripted.says(addresses(60, WRONG));
        isFrom(ask(), Source.FRESH, WRONG);
        names.doubt(HOST, ip(WRONG));
    }

    @Test
    void theOtherResolverIsAskedFirstThen() {
        theFirstGoesWrong();
        second.says(addresses(60, B));
        isFrom(ask(), Source.FRESH, B);
        assertThat(scripted.questions).hasSize(2);
        isFrom(ask(), Source.FRESH, B);
    }

    @Test
    void theOtherResolverMayTakeASecondForThat() {
        theFirstGoesWrong();
        CompletableFuture<Resolution> found = names.lookup(HOST, HTTPS);
        pass(0.9);
        assertThat(found).isNotDone();
        second.answer(addresses(60, B));
        isFrom(found.join(), Source.FRESH, B);
    }

    @Test
    void theProvenAddressIsRetainedAfterASecondIfTheOtherResolverIsSilent() {
        theFirstGoesWrong();
        CompletableFuture<Resolution> found = names.lookup(HOST, HTTPS);
        pass(1);
        isFrom(found.join(), Source.RETAINED, A);
    }

    @Test
    void anAnswerThatCameBecauseOfAFailureIsQuestionedAsSoonAsAnyOther() {
        scripted.says(addresses(60, A));
        ask();
        names.proven(HOST, ip(A));
        names.doubt(HOST, ip(A));
        scripted.says(addresses(60, WRONG));
        isFrom(ask(), Source.FRESH, WRONG);
        names.doubt(HOST, ip(WRONG));
        second.says(addresses(60, B));
        isFrom(ask(), Source.FRESH, B);
    }

    @Test
    void eachReasonToAskHasItsOwnSecondIfAllFails() {
        theFirstGoesWrong();
        second.says(addresses(60, B));
        isFrom(ask(), Source.FRESH, B);
        for (int i = 0; i < 10; i++) {
            names.doubt(HOST, ip(B));
            names.doubt(HOST, ip(WRONG));
            ask();
        }
        assertThat(scripted.questions.size() + second.questions.size()).isLessThanOrEqualTo(4);
    }

    @Test
    void aWrongCertificateIsEvidenceToo() {
        scripted.says(addresses(60, WRONG));
        ask();
        names.disproven(HOST, ip(WRONG));
        second.says(addresses(60, B));
        isFrom(ask(), Source.FRESH, B);
    }

    @Test
    void anAddressThatWasProvenSpeaksForTheAnswer() {
        scripted.says(addresses(60, A));
        ask();
        names.proven(HOST, ip(A));
        names.doubt(HOST, ip(A));
        second.says(addresses(60, B));
        isFrom(ask(), Source.FRESH, A);
        assertThat(second.questions).isEmpty();
    }

    @Test
    void whatTheOtherConfirmsIsTheEndpointsFault() {
        theFirstGoesWrong();
        second.says(addresses(60, WRONG));
        isFrom(ask(), Source.FRESH, WRONG);
        names.doubt(HOST, ip(WRONG));
        pass(1);
        isFrom(ask(), Source.FRESH, WRONG);
        assertThat(second.questions).hasSize(1);
    }

    @Test
    void theProvenAddressIsRetainedForHttpsAndAnHourIfNoResolverHasAnother() {
        theFirstGoesWrong();
        second.says(servfail());
        Resolution found = ask();
        isFrom(found, Source.RETAINED, A);
        assertThat(found.from().reason()).isEqualTo("all addresses that scripted names since then fail");
        assertThat(events).containsExactly(new Event.AnswerOutlived(HOST, found.from()));
        assertThat(names.lookup(HOST, HTTP).join().addresses()).containsExactly(ip(WRONG));
        pass(3599);
        second.says(null);
        scripted.says(null);
        names.lookup(HOST, HTTPS);
        pass(0.5);
        isFrom(names.lookup(HOST, HTTPS).join(), Source.RETAINED, A);
        pass(1);
        assertThat(ask().addresses()).containsExactly(ip(WRONG));
    }

    @Test
    void theResolversAreAskedAgainWhileAnAddressIsRetained() {
        theFirstGoesWrong();
        second.says(servfail());
        isFrom(ask(), Source.RETAINED, A);
        pass(5);
        scripted.says(addresses(60, B));
        isFrom(ask(), Source.FRESH, B);
    }

    @Test
    void theResolversAreAskedAtOnceIfTheProvenAddressFailsToo() {
        theFirstGoesWrong();
        second.says(servfail());
        isFrom(ask(), Source.RETAINED, A);
        names.doubt(HOST, ip(A));
        pass(1);
        scripted.says(addresses(60, B));
        isFrom(ask(), Source.FRESH, B);
    }

    @Test
    void anAnswerThatProvesItselfReplacesWhatWasProvenBefore() {
        scripted.says(addresses(60, A));
        ask();
        names.proven(HOST, ip(A));
        pass(61);
        scripted.says(addresses(60, B));
        ask();
        names.proven(HOST, ip(B));
        pass(61);
        scripted.says(ScriptedResolver.empty(5));
        second.says(ScriptedResolver.empty(5));
        isFrom(ask(), Source.RETAINED, B);
    }

    @Test
    void againstAnAgreedNegativeTheProvenRecordBeforeAnUnprovenOneIsHeld() {
        theFirstGoesWrong();
        scripted.says(ScriptedResolver.empty(5));
        second.says(ScriptedResolver.empty(5));
        isFrom(ask(), Source.RETAINED, A);
    }

    @Test
    void oneResolverAloneIsAskedAgainAndThenTheProvenAddressIsHeld() {
        LastGood alone = LastGood.builder(ResolverChain.of(scripted), runtime).build();
        scripted.says(addresses(60, A));
        alone.lookup(HOST, HTTPS).join();
        alone.proven(HOST, ip(A));
        pass(61);
        scripted.says(addresses(60, WRONG));
        alone.lookup(HOST, HTTPS).join();
        alone.doubt(HOST, ip(WRONG));
        isFrom(alone.lookup(HOST, HTTPS).join(), Source.RETAINED, A);
    }

    @Test
    void theEndpointIsToBlameAfterTheResolversGaveTheSameAnswerAgain() {
        LastGood alone = LastGood.builder(ResolverChain.of(scripted), runtime).build();
        scripted.says(addresses(60, WRONG));
        alone.lookup(HOST, HTTPS).join();
        assertThat(alone.isInDoubt(HOST, List.of(ip(WRONG)))).isFalse();
        alone.doubt(HOST, ip(WRONG));
        assertThat(alone.isInDoubt(HOST, List.of(ip(WRONG))))
                .as("the only resolver was asked just now")
                .isFalse();
        pass(6);
        assertThat(alone.isInDoubt(HOST, List.of(ip(WRONG)))).isTrue();
        alone.lookup(HOST, HTTPS).join();
        alone.doubt(HOST, ip(WRONG));
        assertThat(alone.isInDoubt(HOST, List.of(ip(WRONG)))).isFalse();
        pass(61);
        alone.lookup(HOST, HTTPS).join();
        alone.doubt(HOST, ip(WRONG));
        assertThat(alone.isInDoubt(HOST, List.of(ip(WRONG))))
                .as("the same once more is no news")
                .isFalse();
        pass(61);
        scripted.says(addresses(60, B));
        alone.lookup(HOST, HTTPS).join();
        alone.doubt(HOST, ip(B));
        pass(6);
        assertThat(alone.isInDoubt(HOST, List.of(ip(B)))).isTrue();
    }

    @Test
    void aCallThatFailedAtTheWrongAddressIsToldThatThereIsABetterOne() {
        theFirstGoesWrong();
        second.says(addresses(60, B));
        isFrom(ask(), Source.FRESH, B);
        assertThat(names.isInDoubt(HOST, List.of(ip(WRONG)))).isTrue();
        assertThat(names.isInDoubt(HOST, List.of(ip(WRONG), ip(B)))).isFalse();
        assertThat(names.isInDoubt(HOST, List.of())).isFalse();
    }

    @Test
    void anotherResolverIsAskedWhileTheProvenAddressIsRetained() {
        theFirstGoesWrong();
        second.says(servfail());
        isFrom(ask(), Source.RETAINED, A);
        assertThat(names.isInDoubt(HOST, List.of(ip(WRONG)))).isTrue();
        assertThat(names.isInDoubt(HOST, List.of(ip(A)))).isFalse();
    }

    private void theProvenAddressIsHeld() {
        theFirstGoesWrong();
        second.says(servfail());
        isFrom(ask(), Source.RETAINED, A);
        pass(6);
    }

    @Test
    void aBlockOfAnAnswerOfNoUseIsBelieved() {
        theProvenAddressIsHeld();
        scripted.says(new Answer.Blocked("EDE 15"));
        assertThat(ask().answer()).isInstanceOf(Answer.Blocked.class);
    }

    @Test
    void anAgreedNegativeAfterAnAnswerOfNoUseIsBelievedWhenTheHoldIsOver() {
        theProvenAddressIsHeld();
        scripted.says(ScriptedResolver.empty(5));
        second.says(ScriptedResolver.empty(5));
        isFrom(ask(), Source.RETAINED, A);
        assertThat(names.lookup(HOST, HTTP).join().answer()).isInstanceOf(Answer.Empty.class);
        pass(3600);
        assertThat(ask().answer()).isInstanceOf(Answer.Empty.class);
    }

    @Test
    void anAnswerOfNoUseIsNoOlderThanAnyOther() {
        theProvenAddressIsHeld();
        scripted.says(servfail());
        pass(25 * 3600);
        ask();
        assertThat(ask().addresses()).isEmpty();
    }

    @Test
    void theSameWrongAnswerAgainNeitherProlongsTheHoldNorIsTriedEachTime() {
        theProvenAddressIsHeld();
        int tried = 0;
        for (int seconds = 0; seconds < 3600; seconds++) {
            if (ask().from().source() == Source.FRESH) {
                tried++;
                names.doubt(HOST, ip(WRONG));
            }
            pass(1);
        }
        assertThat(tried).isBetween(30, 65); // about once a minute
        assertThat(ask().addresses()).containsExactly(ip(WRONG));
    }

    @Test
    void connectionsToTheHeldAddressAreNotLeft() {
        scripted.says(addresses(60, A));
        ask();
        names.proven(HOST, ip(A));
        pass(61);
        scripted.says(ScriptedResolver.empty(5));
        second.says(ScriptedResolver.empty(5));
        isFrom(ask(), Source.RETAINED, A);
        pass(6);
        scripted.says(addresses(60, WRONG));
        isFrom(ask(), Source.FRESH, WRONG);
        assertThat(names.isGone(HOST, ip(A))).isTrue();
        names.doubt(HOST, ip(WRONG));
        isFrom(ask(), Source.RETAINED, A);
        assertThat(names.isGone(HOST, ip(A))).isFalse();
    }
}
