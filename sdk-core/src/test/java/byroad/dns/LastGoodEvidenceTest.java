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
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What proofs, denials and failed connections do to the answers of {@link LastGood}. */
class LastGoodEvidenceTest extends LastGoodFixture {
    @Test
    void holdsOnlyProvenAddressesAgainstAnAgreedNegative() {
        scripted.says(addresses(60, A, B));
        now(HTTPS);
        good.proven(HOST, ip(B));
        pass(61);
        scripted.says(empty(5));
        Resolution found = now(HTTPS);
        isFrom(found, Source.RETAINED, B);
        assertThat(found.from().reason()).isEqualTo("the resolvers agree that it has no address (scripted: NODATA)");
        now(HTTPS);
        assertThat(events).containsExactly(new Event.AnswerOutlived(HOST, found.from()));
    }

    @Test
    void holdsAgainstNoSuchNameToo() {
        expired(60, A);
        good.proven(HOST, ip(A));
        scripted.says(new Answer.NoSuchName(Duration.ofSeconds(5)));
        isFrom(now(HTTPS), Source.RETAINED, A);
    }

    @Test
    void believesTheNegativeForHttpAndForUnprovenAddresses() {
        expired(60, A);
        scripted.says(empty(5));
        assertThat(now(HTTPS).answer()).isEqualTo(empty(5));
        assertThat(events).containsExactly(new Event.NegativeBelieved(HOST, "scripted: NODATA"));

        scripted.says(addresses(60, A));
        pass(5);
        isFrom(now(HTTP), Source.FRESH, A);
        good.proven(HOST, ip(A));
        pass(60);
        scripted.says(empty(5));
        assertThat(now(HTTP).answer()).isEqualTo(empty(5));
        isFrom(now(HTTPS), Source.RETAINED, A);
    }

    @Test
    void theHoldRunsOutAnHourAfterTheFirstNegative() {
        expired(60, A);
        good.proven(HOST, ip(A));
        scripted.says(empty(5));
        now(HTTPS);
        pass(3599);
        isFrom(now(HTTPS), Source.RETAINED, A);
        scripted.says(servfail()); // no news: the hold goes on, and does not start anew
        pass(0.9);
        isFrom(now(HTTPS), Source.RETAINED, A);
        scripted.says(empty(5));
        pass(0.1);
        assertThat(now(HTTPS).answer()).isEqualTo(empty(5));
        pass(600);
        now(HTTPS);
        assertThat(events).filteredOn(Event.NegativeBelieved.class::isInstance).hasSize(1);
    }

    @Test
    void aDeniedRecordIsNotServedStaleWhenTheChainFailsLater() {
        expired(60, A);
        scripted.says(empty(5));
        now(HTTPS);
        pass(5);
        scripted.says(servfail());
        assertThat(now(HTTPS).answer()).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void theChainIsAskedAgainWhileAnAddressIsRetainedAndItsAnswerIsUsed() {
        expired(60, A);
        good.proven(HOST, ip(A));
        scripted.says(empty(1));
        now(HTTPS);
        pass(4.9);
        now(HTTPS);
        assertThat(asked()).isEqualTo(2);
        pass(0.1);
        now(HTTPS);
        assertThat(asked()).isEqualTo(3);
        scripted.says(addresses(60, B));
        pass(10);
        isFrom(now(HTTPS), Source.FRESH, B);
        good.proven(HOST, ip(B));
        pass(60);
        scripted.says(empty(1));
        now(HTTPS);
        assertThat(events).filteredOn(Event.AnswerOutlived.class::isInstance).hasSize(2);
    }

    @Test
    void anAddressStaysProvenWhileItIsInTheNewAnswer() {
        expired(60, A, B);
        good.proven(HOST, ip(A));
        good.proven(HOST, ip(B));
        scripted.says(addresses(60, B));
        now(HTTPS);
        pass(60);
        scripted.says(empty(5));
        isFrom(now(HTTPS), Source.RETAINED, B);
    }

    @Test
    void aBlockIsBelievedAtOnceAndForgivesNothing() {
        expired(60, A);
        good.proven(HOST, ip(A));
        scripted.says(new Answer.Blocked("EDE 15"));
        assertThat(now(HTTPS).answer()).isEqualTo(new Answer.Blocked("EDE 15"));
        pass(30);
        scripted.says(empty(5));
        assertThat(now(HTTPS).answer()).isEqualTo(empty(5));
    }

    @Test
    void aWrongCertificateEndsTheHold() {
        expired(60, A, B);
        good.proven(HOST, ip(A));
        good.proven(HOST, ip(B));
        scripted.says(empty(30));
        now(HTTPS);
        good.disproven(HOST, ip(A));
        pass(1);
        isFrom(now(HTTPS), Source.RETAINED, B);
        good.disproven(HOST, ip(B));
        pass(1);
        assertThat(now(HTTPS).answer()).isEqualTo(empty(30));
    }

    @Test
    void aWrongCertificateEndsTheUseOfAStaleAddress() {
        expired(60, A);
        scripted.says(servfail());
        now(HTTPS);
        good.disproven(HOST, ip(A));
        pass(1);
        assertThat(now(HTTPS).answer()).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void aWrongCertificateDropsAFreshAddressAsLongAsThereIsAnother() {
        scripted.says(addresses(60, A, B));
        now(HTTPS);
        now(HTTPS);
        good.disproven(HOST, ip(A));
        isFrom(now(HTTPS), Source.FRESH, B);
        good.disproven(HOST, ip(B));
        pass(1);
        scripted.says(servfail());
        isFrom(now(HTTPS), Source.FRESH, A, B);
        pass(60);
        assertThat(now(HTTPS).answer()).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void aDoubtedStaleAddressIsAskedForAtOnceAndWaitedFor() {
        expired(60, A);
        scripted.says(servfail());
        now(HTTPS);
        pass(1);
        scripted.says(null);
        good.doubt(HOST, ip(A));
        CompletableFuture<Resolution> first = lookup(HTTPS);
        CompletableFuture<Resolution> second = lookup(HTTPS);
        assertThat(asked()).isEqualTo(3);
        pass(2.9);
        assertThat(first).isNotDone();
        scripted.answer(addresses(60, B));
        isFrom(first.join(), Source.FRESH, B);
        isFrom(second.join(), Source.FRESH, B);
    }

    @Test
    void doubtAsksAtMostOnceASecond() {
        expired(60, A);
        scripted.says(servfail());
        now(HTTPS);
        good.doubt(HOST, ip(A)); // newer than the answer, so it is asked at once
        isFrom(now(HTTPS), Source.STALE, A);
        assertThat(asked()).isEqualTo(3);
        good.doubt(HOST, ip(A));
        pass(0.9);
        isFrom(now(HTTPS), Source.STALE, A);
        assertThat(asked()).isEqualTo(3);
        pass(0.1);
        isFrom(now(HTTPS), Source.STALE, A);
        assertThat(asked()).isEqualTo(4);
        pass(2);
        now(HTTPS);
        assertThat(asked()).isEqualTo(4);
    }

    @Test
    void doubtInEveryFreshAddressAsksAgain() {
        scripted.says(addresses(60, A, B));
        now(HTTPS);
        pass(10);
        now(HTTPS);
        good.doubt(HOST, ip(A));
        now(HTTPS);
        assertThat(asked()).isEqualTo(1);
        good.doubt(HOST, ip(B));
        scripted.says(addresses(60, "192.0.2.3"));
        isFrom(now(HTTPS), Source.FRESH, "192.0.2.3");
        good.doubt(HOST, ip(A)); // it is not one of them any more
        pass(10);
        now(HTTPS);
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void aFreshAnswerSurvivesAFailedQuestionAboutIt() {
        scripted.says(addresses(60, A));
        now(HTTPS);
        pass(10);
        good.doubt(HOST, ip(A));
        scripted.says(servfail());
        isFrom(now(HTTPS), Source.FRESH, A);
    }

    @Test
    void theHoldEndsADayAfterTheTimeToLiveEvenIfTheDenialIsNew() {
        expired(60, A);
        good.proven(HOST, ip(A));
        scripted.says(servfail());
        pass(24 * 3600 - 61);
        scripted.says(empty(5));
        isFrom(now(HTTPS), Source.RETAINED, A);
        pass(61);
        assertThat(now(HTTPS).answer()).isEqualTo(empty(5));
    }

    @Test
    void aDenialEndsAFreshAnswerThatFails() {
        scripted.says(addresses(3600, A));
        now(HTTPS);
        good.proven(HOST, ip(A));
        scripted.says(empty(5));
        good.doubt(HOST, ip(A));
        isFrom(now(HTTPS), Source.RETAINED, A);
        assertThat(now(HTTP).answer()).isEqualTo(empty(5));
    }

    @Test
    void noCallWaitsLongForTheChainIfAnotherOldAddressMayWork() {
        expired(60, A, B);
        scripted.says(servfail());
        now(HTTPS);
        scripted.says(null);
        good.doubt(HOST, ip(A));
        CompletableFuture<Resolution> waiting = lookup(HTTPS);
        assertThat(asked()).isEqualTo(3);
        pass(0.5);
        isFrom(waiting.join(), Source.STALE, A, B);
    }

    @Test
    void anAddressThatIsNotNamedAnyMoreAfterAnOutageIsGone() {
        expired(60, A, B);
        scripted.says(addresses(60, B));
        now(HTTPS);
        assertThat(good.isGone(HOST, ip(A)))
                .as("answers that rotate are no outage")
                .isFalse();
        pass(60);
        scripted.says(servfail());
        now(HTTPS);
        pass(5);
        scripted.says(addresses(60, A));
        now(HTTPS);
        assertThat(good.isGone(HOST, ip(B))).isTrue();
        assertThat(good.isGone(HOST, ip(A))).isFalse();
        pass(60);
        scripted.says(addresses(60, B));
        now(HTTPS);
        assertThat(good.isGone(HOST, ip(B))).as("it is back").isFalse();
        assertThat(good.isGone("unheard.example", ip(B))).isFalse();
    }
}
