package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.FakeTime;
import byroad.Preset;
import byroad.Seams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How many calls a stand-in is trusted with. */
class GateTest {
    private static final Duration QUICK = Duration.ofMillis(100);

    private final FakeTime time = new FakeTime();
    private final Dice dice = new Dice();
    private final Seams server = Seams.standard().time(time).random(dice).preset(Preset.SERVER);
    private final OwnLoad load = new OwnLoad(time);

    private Gate undeclared() {
        return new Gate(server, load, Double.NaN);
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
        assertThat(new Gate(server, load, 0.1).isWorthAWait()).isFalse();
    }

    @Test
    void asManyAreToldAsThereArePlaces() {
        Gate gate = undeclared();
        entered(gate);
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(new CompletableFuture<>());
            gate.queue(waiting.get(i));
        }
        time.advance(Duration.ofSeconds(1));

        gate.exit(QUICK, false); // and the gate doubles to four places, one of which is taken

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
        Gate gate = new Gate(server, load, 0.5);
        entered(gate);
        CompletableFuture<Boolean> waits = new CompletableFuture<>();
        gate.queue(waits);
        assertThat(waits).isNotDone();

        for (int i = 0; i < 3_000; i++) { // five minutes of next to no load
            time.advance(Duration.ofMillis(100));
            load.answered(Duration.ZERO);
        }
        gate.abandon();

        assertThat(waits).isCompletedWithValue(false);
    }

    @Test
    void itStartsWithOneWhereCallsComeOneByOne() {
        answersEvery(Duration.ofMillis(300), Duration.ofMillis(60));

        assertThat(entered(undeclared())).isEqualTo(1);
    }

    /** A stand-in may be slower than the edge was: forty calls a second of 2 ms are four in flight if it takes 100. */
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
        Gate gate = undeclared();
        assertThat(gate).hasToString("0 in flight, 2.00 allowed");
        ownLoadOf(40);

        assertThat(entered(gate)).isEqualTo(10);
    }

    @Test
    void anOutageOfLastWeekDoesNotCountAgainstAStandIn() {
        Gate gate = undeclared();
        assertThat(gate.enter()).isTrue();
        time.advance(QUICK);
        gate.exit(QUICK, true);
        time.advance(Duration.ofHours(1).minusNanos(1));
        assertThat(gate).hasToString("0 in flight, 1.00 allowed");
        assertThat(gate.isWorthAWait()).isFalse();

        time.advance(Duration.ofNanos(1));

        assertThat(gate).hasToString("0 in flight, 2.00 allowed");
        assertThat(gate.isWorthAWait()).isTrue();
    }

    @Test
    void whatAStandInCarriedLastWeekIsNoPromise() {
        Gate gate = grownTo(64);
        time.advance(Duration.ofHours(1));

        assertThat(entered(gate)).isEqualTo(2);
    }

    @Test
    void aCallThatIsOnItsWayKeepsWhatIsKnown() {
        Gate gate = grownTo(64);
        assertThat(gate.enter()).isTrue();
        time.advance(Duration.ofHours(2));

        assertThat(gate).hasToString("1 in flight, 64.00 allowed");
    }

    @Test
    void itDoublesOnceAStepWhileAnswersAreGood() {
        Gate gate = undeclared();
        round(gate, QUICK);
        assertThat(entered(gate)).isEqualTo(2);
        leave(gate, 2, QUICK);

        time.advance(Duration.ofSeconds(1));
        round(gate, QUICK);
        assertThat(entered(gate)).isEqualTo(4);
        leave(gate, 4, QUICK);

        time.advance(Duration.ofSeconds(1));
        round(gate, QUICK);
        assertThat(entered(gate)).isEqualTo(8);
    }

    @Test
    void aStepIsAsLongAsAnAnswerTakes() {
        Gate gate = undeclared();
        int inside = entered(gate);
        time.advance(Duration.ofSeconds(4));
        leave(gate, inside, Duration.ofSeconds(5));

        assertThat(entered(gate)).isEqualTo(2);
    }

    @Test
    void itDoesNotGrowWhileNobodyNeedsIt() {
        Gate gate = undeclared();
        for (int i = 0; i < 2_000; i++) {
            time.advance(Duration.ofSeconds(1));
            assertThat(gate.enter()).isTrue();
            gate.exit(QUICK, false);
        }

        assertThat(entered(gate)).isEqualTo(4);
    }

    @Test
    void itHalvesOnOverloadOncePerLatency() {
        Gate gate = grownTo(16);
        int inside = entered(gate);
        time.advance(Duration.ofSeconds(2));
        for (int i = 0; i < inside; i++) {
            gate.exit(Duration.ofSeconds(1), true);
        }
        assertThat(entered(gate)).isEqualTo(8);

        time.advance(Duration.ofSeconds(1));
        gate.exit(Duration.ofSeconds(1), true);
        assertThat(gate.toString()).isEqualTo("7 in flight, 4.00 allowed");
    }

    @Test
    void afterAnOverloadItGrowsByATenthAndAtLeastByOne() {
        Gate gate = grownTo(64);
        for (int i = 0; i < 3; i++) { // two are overlooked after so many good answers
            assertThat(gate.enter()).isTrue();
            gate.exit(QUICK, true);
        }
        assertThat(entered(gate)).isEqualTo(32);
        time.advance(Duration.ofSeconds(1));
        leave(gate, 32, QUICK);
        assertThat(gate).hasToString("0 in flight, 35.20 allowed");

        Gate small = undeclared();
        assertThat(small.enter()).isTrue();
        small.exit(QUICK, true);
        assertThat(small).hasToString("0 in flight, 1.00 allowed");
        time.advance(Duration.ofSeconds(1));
        round(small, QUICK);
        assertThat(small).hasToString("0 in flight, 2.00 allowed");
    }

    @Test
    void belowOneItIsAProbabilityWhileNoneIsInFlight() {
        Gate phone = new Gate(server.preset(Preset.MOBILE), load, Double.NaN);
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
        Gate phone = new Gate(server.preset(Preset.MOBILE), load, Double.NaN);
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
        Gate gate = new Gate(server, load, 0.1);

        assertThat(entered(gate)).isEqualTo(4);
    }

    @Test
    void aCallThatCameToNothingLeavesItsPlaceAndNoMark() {
        Gate gate = undeclared();
        entered(gate);
        time.advance(Duration.ofSeconds(10));
        gate.abandon();

        assertThat(gate).hasToString("1 in flight, 2.00 allowed");
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

    private Gate grownTo(int limit) {
        Gate gate = undeclared();
        for (int now = 2; now < limit; now *= 2) {
            int inside = entered(gate);
            time.advance(Duration.ofSeconds(1));
            leave(gate, inside, QUICK);
        }
        time.advance(Duration.ofSeconds(1));
        return gate;
    }

    /** All that may enter, and leave with a good answer. */
    private static void round(Gate gate, Duration took) {
        leave(gate, entered(gate), took);
    }

    private static int entered(Gate gate) {
        int entered = 0;
        while (entered < 1_000 && gate.enter()) {
            entered++;
        }
        return entered;
    }

    private static void leave(Gate gate, int calls, Duration took) {
        for (int i = 0; i < calls; i++) {
            gate.exit(took, false);
        }
    }

    @Test
    void itMightLetInWhatItLetsIn() {
        ownLoadOf(5);
        Gate gate = new Gate(server, load, 0.5);
        entered(gate);

        assertThat(gate).hasToString("2 in flight, 2.50 allowed");
        assertThat(gate.mightEnter()).isFalse();
    }

    @Test
    void belowOneItGrowsByATenthAndAtLeastByTwoHundredths() {
        Gate phone = new Gate(server.preset(Preset.MOBILE), load, Double.NaN);
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
        assertThat(new Gate(server, load, 0.01)).hasToString("0 in flight, 0.25 allowed");
        answersEvery(Duration.ofSeconds(10), Duration.ofSeconds(1)); // a tenth in flight
        assertThat(new Gate(server, load, 0.5)).hasToString("0 in flight, 0.50 allowed");
    }
}
