package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.FakeTime;
import byroad.Preset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How many calls a fallback endpoint is trusted with. */
class ConcurrencyLimitTest {
    private static final Duration QUICK = Duration.ofMillis(100);

    private final FakeTime time = new FakeTime();
    private final Dice dice = new Dice();
    private final ClientRuntime server =
            ClientRuntime.standard().time(time).random(dice).preset(Preset.SERVER);
    private final OwnLoad load = new OwnLoad(time);

    private ConcurrencyLimit undeclared() {
        return new ConcurrencyLimit(server, load, Double.NaN);
    }

    @Test
    void itStartsWithTwoWhereTheOwnLoadIsUnknown() {
        assertThat(entered(undeclared())).isEqualTo(2);
    }

    @Test
    void itStartsWithAQuarterOfTheOwnLoad() {
        ownLoadOf(40);

        assertThat(entered(undeclared())).isEqualTo(10);
    }

    /** Two in flight on average are six at times, and a process of 16 starts with no more: a fleet of them is many. */
    @Test
    void itStartsWithABurstOfAModestOwnLoad() {
        ownLoadOf(1);
        assertThat(entered(undeclared())).isEqualTo(4);
        ownLoadOf(2);
        assertThat(entered(undeclared())).isEqualTo(6);
        ownLoadOf(16);
        assertThat(entered(undeclared())).isEqualTo(6);
    }

    /** Below one it is chance that decides, and waiting would only roll the dice again. */
    @Test
    void nobodyWaitsForLessThanAPlace() {
        assertThat(undeclared().isWorthAWait()).isTrue();
        assertThat(new ConcurrencyLimit(server, load, 0.1).isWorthAWait()).isFalse();
    }

    @Test
    void asManyWaitingCallsAreAdmittedAsThereArePlaces() {
        ConcurrencyLimit limit = undeclared();
        entered(limit);
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(new CompletableFuture<>());
            limit.queue(waiting.get(i));
        }
        time.advance(Duration.ofSeconds(1));

        limit.exit(QUICK, false); // and the concurrency limit doubles to four places, one of which is taken

        assertThat(waiting.stream().map(CompletableFuture::isDone)).containsExactly(true, true, true, false);
    }

    /** It became free between the no and the wait. */
    @Test
    void whoWaitsForAPlaceThatIsFreeIsToldAtOnce() {
        CompletableFuture<Boolean> waits = new CompletableFuture<>();

        undeclared().queue(waits);

        assertThat(waits).isCompletedWithValue(true);
    }

    /** Less than a place is left of it, so that chance would decide. */
    @Test
    void nobodyStaysInLineOnceAWaitIsNotWorthIt() {
        ownLoadOf(3);
        ConcurrencyLimit limit = new ConcurrencyLimit(server, load, 0.5);
        entered(limit);
        CompletableFuture<Boolean> waits = new CompletableFuture<>();
        limit.queue(waits);
        assertThat(waits).isNotDone();

        for (int i = 0; i < 3_000; i++) { // five minutes of next to no load
            time.advance(Duration.ofMillis(100));
            load.answered(Duration.ZERO);
        }
        limit.abandon();

        assertThat(waits).isCompletedWithValue(false);
    }

    @Test
    void itStartsWithOneWhereCallsComeOneByOne() {
        answersEvery(Duration.ofMillis(300), Duration.ofMillis(60));

        assertThat(entered(undeclared())).isEqualTo(1);
    }

    /** A fallback endpoint may be slower than the edge was: forty calls a second of 2 ms are four in flight if it takes 100. */
    @Test
    void quickAnswersAloneDoNotMeanThatOneIsEnough() {
        answersEvery(Duration.ofMillis(25), Duration.ofMillis(2));

        assertThat(entered(undeclared())).isEqualTo(2);
    }

    @Test
    void itStartsWithABurstOfASmallLoadOfSlowAnswers() {
        answersEvery(Duration.ofSeconds(10), Duration.ofSeconds(4));

        assertThat(entered(undeclared())).isEqualTo(2);
    }

    @Test
    void readingItChangesNothing() {
        ConcurrencyLimit limit = undeclared();
        assertThat(limit).hasToString("0 in flight, 2.00 allowed");
        ownLoadOf(40);

        assertThat(entered(limit)).isEqualTo(10);
    }

    @Test
    void anOutageOfLastWeekDoesNotCountAgainstAFallback() {
        ConcurrencyLimit limit = undeclared();
        assertThat(limit.enter()).isTrue();
        time.advance(QUICK);
        limit.exit(QUICK, true);
        time.advance(Duration.ofHours(1).minusNanos(1));
        assertThat(limit).hasToString("0 in flight, 1.00 allowed");
        assertThat(limit.isWorthAWait()).isFalse();

        time.advance(Duration.ofNanos(1));

        assertThat(limit).hasToString("0 in flight, 2.00 allowed");
        assertThat(limit.isWorthAWait()).isTrue();
    }

    @Test
    void whatAFallbackCarriedLastWeekIsNoPromise() {
        ConcurrencyLimit limit = grownTo(64);
        time.advance(Duration.ofHours(1));

        assertThat(entered(limit)).isEqualTo(2);
    }

    @Test
    void aCallThatIsOnItsWayKeepsWhatIsKnown() {
        ConcurrencyLimit limit = grownTo(64);
        assertThat(limit.enter()).isTrue();
        time.advance(Duration.ofHours(2));

        assertThat(limit).hasToString("1 in flight, 64.00 allowed");
    }

    @Test
    void itDoublesOnceAStepWhileAnswersAreGood() {
        ConcurrencyLimit limit = undeclared();
        round(limit, QUICK);
        assertThat(entered(limit)).isEqualTo(2);
        leave(limit, 2, QUICK);

        time.advance(Duration.ofSeconds(1));
        round(limit, QUICK);
        assertThat(entered(limit)).isEqualTo(4);
        leave(limit, 4, QUICK);

        time.advance(Duration.ofSeconds(1));
        round(limit, QUICK);
        assertThat(entered(limit)).isEqualTo(8);
    }

    @Test
    void aStepIsAsLongAsAnAnswerTakes() {
        ConcurrencyLimit limit = undeclared();
        int inside = entered(limit);
        time.advance(Duration.ofSeconds(4));
        leave(limit, inside, Duration.ofSeconds(5));

        assertThat(entered(limit)).isEqualTo(2);
    }

    @Test
    void itDoesNotGrowWhileNobodyNeedsIt() {
        ConcurrencyLimit limit = undeclared();
        for (int i = 0; i < 2_000; i++) {
            time.advance(Duration.ofSeconds(1));
            assertThat(limit.enter()).isTrue();
            limit.exit(QUICK, false);
        }

        assertThat(entered(limit)).isEqualTo(4);
    }

    @Test
    void itHalvesOnOverloadOncePerLatency() {
        ConcurrencyLimit limit = grownTo(16);
        int inside = entered(limit);
        time.advance(Duration.ofSeconds(2));
        for (int i = 0; i < inside; i++) {
            limit.exit(Duration.ofSeconds(1), true);
        }
        assertThat(entered(limit)).isEqualTo(8);

        time.advance(Duration.ofSeconds(1));
        limit.exit(Duration.ofSeconds(1), true);
        assertThat(limit.toString()).isEqualTo("7 in flight, 4.00 allowed");
    }

    @Test
    void theLimitGrowsByATenthAfterAnOverloadAndAtLeastByOne() {
        ConcurrencyLimit limit = grownTo(64);
        for (int i = 0; i < 3; i++) { // two are overlooked after so many good answers
            assertThat(limit.enter()).isTrue();
            limit.exit(QUICK, true);
        }
        assertThat(entered(limit)).isEqualTo(32);
        time.advance(Duration.ofSeconds(1));
        leave(limit, 32, QUICK);
        assertThat(limit).hasToString("0 in flight, 35.20 allowed");

        ConcurrencyLimit small = undeclared();
        assertThat(small.enter()).isTrue();
        small.exit(QUICK, true);
        assertThat(small).hasToString("0 in flight, 1.00 allowed");
        time.advance(Duration.ofSeconds(1));
        round(small, QUICK);
        assertThat(small).hasToString("0 in flight, 2.00 allowed");
    }

    @Test
    void belowOneItIsAProbabilityWhileNoneIsInFlight() {
        ConcurrencyLimit phone = new ConcurrencyLimit(server.preset(Preset.MOBILE), load, Double.NaN);
        dice.show(0.25);
        assertThat(phone.enter()).isFalse();
        dice.show(0.2499);
        assertThat(phone.enter()).isTrue();
        assertThat(phone.enter()).isFalse();

        phone.exit(QUICK, false);
        assertThat(phone.enter()).isTrue();
    }

    @Test
    void itNeverFallsBelowOneInAHundred() {
        ConcurrencyLimit phone = new ConcurrencyLimit(server.preset(Preset.MOBILE), load, Double.NaN);
        dice.show(0);
        for (int i = 0; i < 20; i++) {
            time.advance(Duration.ofSeconds(1));
            assertThat(phone.enter()).isTrue();
            phone.exit(QUICK, true);
        }

        assertThat(phone).hasToString("0 in flight, 0.01 allowed");
    }

    @Test
    void whatTheEndpointCarriesIsACeiling() {
        ownLoadOf(40);
        ConcurrencyLimit limit = new ConcurrencyLimit(server, load, 0.1);

        assertThat(entered(limit)).isEqualTo(4);
    }

    @Test
    void aCallThatCameToNothingLeavesItsPlaceAndNoMark() {
        ConcurrencyLimit limit = undeclared();
        entered(limit);
        time.advance(Duration.ofSeconds(10));
        limit.abandon();

        assertThat(limit).hasToString("1 in flight, 2.00 allowed");
    }

    @Test
    void theOwnLoadIsThatOfTheLastHealthyAnswer() {
        ownLoadOf(40);
        time.advance(Duration.ofHours(1));

        assertThat(load.concurrency()).isBetween(39.0, 41.0);
    }

    @Test
    void anOutageDoesNotMakeTheOwnLoadLookSmallAfterwardsEither() {
        ownLoadOf(40);
        load.interrupted();
        time.advance(Duration.ofMinutes(3));
        ownLoadFor(Duration.ofSeconds(1), 40);

        assertThat(load.concurrency()).isBetween(39.0, 41.0);
    }

    @Test
    void failuresInBetweenDoNotMakeTheOwnLoadLookSmall() {
        for (int third = 0; third < 2_000; third++) {
            time.advance(Duration.ofMillis(100));
            load.interrupted();
            ownLoadFor(Duration.ofMillis(200), 40);
        }

        assertThat(load.concurrency()).isBetween(39.0, 41.0);
    }

    /** That many calls in flight at any time, over five minutes. */
    private void ownLoadOf(int inFlight) {
        ownLoadFor(Duration.ofMinutes(5), inFlight);
    }

    private void ownLoadFor(Duration all, int inFlight) {
        for (int tenth = 0; tenth < all.toMillis() / 100; tenth++) {
            time.advance(Duration.ofMillis(100));
            load.answered(Duration.ofMillis(100L * inFlight));
        }
    }

    private void answersEvery(Duration pause, Duration took) {
        for (int call = 0; call < 100; call++) {
            time.advance(pause);
            load.answered(took);
        }
    }

    private ConcurrencyLimit grownTo(int size) {
        ConcurrencyLimit limit = undeclared();
        for (int now = 2; now < size; now *= 2) {
            int inside = entered(limit);
            time.advance(Duration.ofSeconds(1));
            leave(limit, inside, QUICK);
        }
        time.advance(Duration.ofSeconds(1));
        return limit;
    }

    /** All that may enter, and leave with a good answer. */
    private static void round(ConcurrencyLimit limit, Duration took) {
        leave(limit, entered(limit), took);
    }

    private static int entered(ConcurrencyLimit limit) {
        int entered = 0;
        while (entered < 1_000 && limit.enter()) {
            entered++;
        }
        return entered;
    }

    private static void leave(ConcurrencyLimit limit, int calls, Duration took) {
        for (int i = 0; i < calls; i++) {
            limit.exit(took, false);
        }
    }

    @Test
    void itMightLetInWhatItLetsIn() {
        ownLoadOf(5);
        ConcurrencyLimit limit = new ConcurrencyLimit(server, load, 0.5);
        entered(limit);

        assertThat(limit).hasToString("2 in flight, 2.50 allowed");
        assertThat(limit.mightEnter()).isFalse();
    }

    @Test
    void belowOneItGrowsByATenthAndAtLeastByTwoHundredths() {
        ConcurrencyLimit phone = new ConcurrencyLimit(server.preset(Preset.MOBILE), load, Double.NaN);
        dice.show(0);
        assertThat(phone.enter()).isTrue();
        phone.exit(QUICK, true);
        time.advance(Duration.ofSeconds(1));
        round(phone, QUICK);

        assertThat(phone).hasToString("0 in flight, 0.15 allowed");
    }

    @Test
    void aCeilingMeansNoLessThanAQuarterOfACallNorLessThanItsShareOfOne() {
        ownLoadOf(1);
        assertThat(new ConcurrencyLimit(server, load, 0.01)).hasToString("0 in flight, 0.25 allowed");
        answersEvery(Duration.ofSeconds(10), Duration.ofSeconds(1)); // a tenth in flight
        assertThat(new ConcurrencyLimit(server, load, 0.5)).hasToString("0 in flight, 0.50 allowed");
    }
}
