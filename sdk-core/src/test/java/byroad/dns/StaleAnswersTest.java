package byroad.dns;

import static byroad.Scheme.HTTP;
import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.servfail;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Event;
import byroad.Provenance.Source;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is used, and when it is asked again, while the chain fails or is slow. */
class StaleAnswersTest extends LastGoodFixture {
    @Test
    void servesStaleWhenTheChainFailsAndSaysSoOnce() {
        expired(60, A);
        scripted.says(servfail());
        Resolution found = now(HTTP);
        isFrom(found, Source.STALE, A);
        assertThat(found.from().reason()).isEqualTo("scripted: SERVFAIL");
        assertThat(found.from().age()).isEqualTo(Duration.ofSeconds(60));
        isFrom(now(HTTPS), Source.STALE, A);
        assertThat(events).containsExactly(new Event.AnswerOutlived(HOST, found.from()));
    }

    @Test
    void servesStaleNoLongerThanItMay() {
        LastGood brief = LastGood.builder(ResolverChain.of(scripted), runtime)
                .staleFor(Duration.ofMinutes(10))
                .build();
        scripted.says(addresses(60, A));
        brief.lookup(HOST, HTTPS).join();
        scripted.says(servfail());
        pass(60 + 599);
        isFrom(brief.lookup(HOST, HTTPS).join(), Source.STALE, A);
        pass(1);
        assertThat(brief.lookup(HOST, HTTPS).join().answer()).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void answersStaleAfterTheClientTimerWhileTheRefreshGoesOn() {
        expired(60, A);
        scripted.says(null);
        CompletableFuture<Resolution> waiting = lookup(HTTPS);
        pass(0.499);
        assertThat(waiting).isNotDone();
        pass(0.001);
        isFrom(waiting.join(), Source.STALE, A);
        isFrom(now(HTTPS), Source.STALE, A); // the timer runs from when the chain was asked
        assertThat(asked()).isEqualTo(2);
        pass(1);
        scripted.answer(addresses(60, B));
        isFrom(now(HTTPS), Source.FRESH, B);
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void theRefreshThatIsInTimeIsUsed() {
        expired(60, A);
        scripted.says(null);
        CompletableFuture<Resolution> waiting = lookup(HTTPS);
        pass(0.4);
        scripted.answer(addresses(60, B));
        isFrom(waiting.join(), Source.FRESH, B);
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void theClientTimerIsNotSetWhereNothingIsKnown() {
        scripted.says(null);
        CompletableFuture<Resolution> waiting = lookup(HTTPS);
        assertThat(time.scheduled()).isEqualTo(1); // the chain's deadline
        scripted.answer(addresses(60, A));
        isFrom(waiting.join(), Source.FRESH, A);
    }

    @Test
    void asksOnceForManyCallers() {
        scripted.says(null);
        CompletableFuture<Resolution> first = lookup(HTTPS);
        CompletableFuture<Resolution> second = lookup(HTTP);
        assertThat(asked()).isEqualTo(1);
        scripted.answer(addresses(60, A));
        isFrom(first.join(), Source.FRESH, A);
        isFrom(second.join(), Source.FRESH, A);
    }

    @Test
    void theChainIsAskedAgainFiveSecondsAfterAFailedRefreshDoublingToSixty() {
        expired(60, A);
        scripted.says(servfail());
        now(HTTPS);
        for (double gap : new double[] {5, 10, 20, 40, 60, 60}) {
            int before = asked();
            pass(gap - 0.1);
            isFrom(now(HTTPS), Source.STALE, A);
            assertThat(asked()).isEqualTo(before);
            pass(0.1);
            now(HTTPS);
            assertThat(asked()).as("after " + gap).isEqualTo(before + 1);
        }
        pass(60);
        scripted.says(addresses(60, B));
        isFrom(now(HTTPS), Source.FRESH, B);
    }

    @Test
    void jitterMakesTheGapLonger() {
        LastGood jittered = LastGood.builder(ResolverChain.of(scripted), runtime.random(nearlyOne))
                .build();
        scripted.says(addresses(60, A));
        jittered.lookup(HOST, HTTPS).join();
        pass(60);
        scripted.says(servfail());
        jittered.lookup(HOST, HTTPS).join();
        pass(5.9);
        jittered.lookup(HOST, HTTPS).join();
        assertThat(asked()).isEqualTo(2);
        pass(0.1);
        jittered.lookup(HOST, HTTPS).join();
        assertThat(asked()).isEqualTo(3);
    }
}
