package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Avoidance.Voice;
import byroad.ClientRuntime;
import byroad.Event;
import byroad.FailureDomain;
import byroad.FakeTime;
import byroad.Preset;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When a circuit opens, for how long, and what closes it. */
class CircuitTest {
    private static final FailureDomain DOMAIN = FailureDomain.of("endpoint/assistant/cdn");
    private static final Duration TOOK = Duration.ofMillis(10);

    private final FakeTime time = new FakeTime();
    private final Dice dice = new Dice();
    private final List<Event> events = new ArrayList<>();
    private final ClientRuntime runtime = runtime(dice);
    private final OwnLoad usual = new OwnLoad(time);
    private final Circuit circuit = circuit(runtime);

    private ClientRuntime runtime(Random random) {
        return ClientRuntime.standard()
                .time(time)
                .random(random)
                .preset(Preset.SERVER)
                .events(events::add);
    }

    private Circuit circuit(ClientRuntime runtime) {
        return new Circuit("assistant", "cdn", DOMAIN, runtime, usual, CircuitBridge.NONE);
    }

    @Test
    void itOpensOnThreeFailuresAndNoSuccessForASecond() {
        fail();
        pass(999);
        fail();
        fail();
        assertThat(circuit).hasToString("closed");

        pass(1);
        fail();
        assertThat(circuit).hasToString("open");
        assertThat(events).singleElement().asString().contains("4 failures and no success for 1000ms");
    }

    @Test
    void twoFailuresAreTooFewHoweverLongTheyLast() {
        fail();
        pass(60_000);
        fail();

        assertThat(circuit).hasToString("closed");
    }

    @Test
    void theSecondCountsFromWhenTheFirstFailureBecameKnown() {
        int sentLongAgo = circuit.enter();
        pass(30_000);
        circuit.failed(sentLongAgo, Duration.ofSeconds(30), "timeout");
        fail();
        fail();

        assertThat(circuit).hasToString("closed");
    }

    @Test
    void aSuccessStartsTheCountAfresh() {
        fail();
        fail();
        pass(2_000);
        succeed();
        fail();
        fail();
        fail();

        assertThat(circuit).hasToString("closed");
    }

    @Test
    void fiveHundredFailuresWithinNineHundredMillisecondsMayBeOneDeadConnection() {
        failMany(500, Duration.ofMillis(900));
        assertThat(circuit).hasToString("closed");

        succeed();
        failMany(500, Duration.ofMillis(900));
        assertThat(circuit).hasToString("closed");

        pass(110);
        fail();
        assertThat(circuit).hasToString("open");
    }

    @Test
    void itOpensWhenTenOfTwentyCallsInTenSecondsFailed() {
        mixed(9);
        succeed();
        assertThat(circuit).hasToString("closed");
        fail();

        assertThat(circuit).hasToString("open");
        assertThat(events).singleElement().asString().contains("half of the calls in ten seconds failed");
    }

    @Test
    void nineteenCallsAreTooFewForARate() {
        mixed(9);
        fail();

        assertThat(circuit).hasToString("closed");
    }

    @Test
    void theRateForgetsCallsOlderThanTenSecondsAlsoWhereTheClockOverflows() {
        pass(85_000); // five seconds before the clock of the tests overflows
        mixed(9);
        pass(11_000);
        mixed(1);
        fail();

        assertThat(circuit).hasToString("closed");
    }

    @Test
    void itStaysOpenForASecondDoublingToThirtyWithFullJitter() {
        dice.show(1.0);
        open();
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            assertThat(opensFor())
                    .isBetween(
                            Duration.ofSeconds(seconds),
                            Duration.ofSeconds(seconds).plusNanos(1));
            time.advance(opensFor());
            fail(circuit.enter());
        }
    }

    @Test
    void jitterIsAnyTimeUpToTheBound() {
        Random seeded = new Random(7);
        Circuit jittered = circuit(runtime(new Random(7)));
        for (int i = 0; i < 3; i++) {
            jittered.failed(jittered.enter(), TOOK, "503");
            pass(500);
        }

        assertThat(opensFor()).isEqualTo(Duration.ofNanos(1 + (long) (seeded.nextDouble() * 1e9)));
    }

    @Test
    void theCircuitOpensForASecondAgainAfterASuccess() {
        dice.show(1.0);
        open();
        time.advance(opensFor());
        fail(circuit.enter());
        time.advance(opensFor());
        circuit.succeeded(circuit.enter(), TOOK);

        open();
        assertThat(opensFor()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_001));
    }

    @Test
    void itRefusesWhileOpenAndThenLetsExactlyOneProbeThrough() {
        open();
        assertThat(circuit.enter()).isEqualTo(Circuit.REFUSED);
        time.advance(opensFor().minusNanos(1));
        assertThat(circuit.enter()).isEqualTo(Circuit.REFUSED);

        time.advance(Duration.ofNanos(1));
        assertThat(circuit.enter()).isNotEqualTo(Circuit.REFUSED);
        assertThat(circuit.enter()).isEqualTo(Circuit.REFUSED);
        pass(999);
        assertThat(circuit.enter()).isEqualTo(Circuit.REFUSED);
    }

    @Test
    void aProbeThatHangsIsOvertakenEachTimeLater() {
        usually(Duration.ofMillis(100)); // so that four times that is less than a second
        open();
        time.advance(opensFor());
        int hanging = circuit.enter();
        for (int patience : new int[] {1_000, 2_000, 4_000}) {
            pass(patience - 1);
            assertThat(circuit.wouldEnter()).isFalse();
            assertThat(circuit.enter()).isEqualTo(Circuit.REFUSED);
            pass(1);
            assertThat(circuit.wouldEnter()).isTrue();
            assertThat(circuit.enter()).isEqualTo(hanging);
        }
        circuit.succeeded(hanging, TOOK);
        assertThat(circuit.isClosed()).isTrue();
    }

    @Test
    void aProbeOfAnEndpointThatIsSlowAsARuleIsWaitedForFourTimesAsLong() {
        usually(Duration.ofSeconds(5));
        open();
        time.advance(opensFor());
        circuit.enter();
        pass(19_000);
        assertThat(circuit.enter()).isEqualTo(Circuit.REFUSED);
        pass(2_000);
        assertThat(circuit.enter()).isNotEqualTo(Circuit.REFUSED);
    }

    @Test
    void aProbeOfWhichNothingUsualIsKnownIsWaitedForAsLongAsACircuitIsOpenAtMost() {
        open();
        time.advance(opensFor());
        circuit.enter();
        pass(29_999);
        assertThat(circuit.enter()).isEqualTo(Circuit.REFUSED);
        pass(1);
        assertThat(circuit.enter()).isNotEqualTo(Circuit.REFUSED);
    }

    private void usually(Duration took) {
        for (int i = 0; i < 10; i++) {
            time.advance(took);
            usual.answered(took);
        }
    }

    @Test
    void theFirstSuccessClosesIt() {
        open();
        time.advance(opensFor());
        circuit.succeeded(circuit.enter(), TOOK);

        assertThat(circuit.isClosed()).isTrue();
        assertThat(events).hasSize(2).last().isInstanceOf(Event.EndpointRecovered.class);
    }

    @Test
    void theSuccessOfALastResortClosesIt() {
        open();
        circuit.succeeded(circuit.enterAnyway(), TOOK);

        assertThat(circuit.isClosed()).isTrue();
    }

    @Test
    void theFailureOfALastResortNeitherProlongsItNorCountsAsAProbe() {
        open();
        Duration opensFor = opensFor();
        fail(circuit.enterAnyway());
        time.advance(opensFor);

        assertThat(events).hasSize(1);
        assertThat(circuit.enter()).isNotEqualTo(Circuit.REFUSED);
    }

    @Test
    void outcomesOfCallsSentBeforeAChangeOfStateAreIgnored() {
        int sentWhileClosed = circuit.enter();
        open();
        circuit.succeeded(sentWhileClosed, TOOK);
        assertThat(circuit).hasToString("open");

        time.advance(opensFor());
        int probe = circuit.enter();
        fail(sentWhileClosed);
        circuit.abandoned(sentWhileClosed);
        assertThat(circuit).hasToString("half-open");
        circuit.succeeded(probe, TOOK);
        for (int i = 0; i < 50; i++) {
            fail(sentWhileClosed);
            pass(100);
        }
        assertThat(circuit).hasToString("closed");
    }

    @Test
    void aPermitThatCameToNothingIsGivenBack() {
        open();
        time.advance(opensFor());
        circuit.abandoned(circuit.enter());

        assertThat(circuit).hasToString("open");
        assertThat(circuit.enter()).isNotEqualTo(Circuit.REFUSED);
    }

    @Test
    void aCancelledCallGivesTheProbeOfItsEndpointBack() {
        Bench bench = Bench.of(Bench.CDN);
        for (int i = 0; i < 3; i++) {
            bench.failOnce();
            bench.time.advance(Duration.ofMillis(500));
        }
        bench.time.advance(Duration.ofSeconds(1));
        CallPlan cancelled = bench.get();
        cancelled.took(Bench.send(cancelled), new Outcome.Cancelled(new IOException("Canceled")));

        CallPlan probe = bench.get();
        bench.run(probe, Bench.status(200));
        assertThat(probe.report().notes()).isEmpty();
        assertThat(bench.events).last().isInstanceOf(Event.EndpointRecovered.class);
    }

    @Test
    void aBodyOfAnOlderCallThatDiesSaysNothingAboutTheProbe() {
        Bench bench = Bench.of(Bench.CDN);
        CallPlan longDownload = bench.get();
        bench.run(longDownload, Bench.status(200));
        for (int i = 0; i < 3; i++) {
            bench.failOnce();
            bench.time.advance(Duration.ofMillis(500));
        }
        bench.time.advance(Duration.ofSeconds(1));
        CallPlan probe = bench.get();
        Attempt send = Bench.send(probe);
        longDownload.bodyFailed(new IOException("reset"));
        probe.took(send, Bench.status(200));

        assertThat(bench.events).hasSize(3).last().isInstanceOf(Event.EndpointRecovered.class);
        assertThat(longDownload.report().notes()).containsExactly("the body failed: IOException: reset");
    }

    @Test
    void theBoardShowsTheVerdictAndClearsIt() {
        open();
        assertThat(runtime.avoidances().inForce()).singleElement().satisfies(verdict -> {
            assertThat(verdict.domain()).isEqualTo(DOMAIN);
            assertThat(verdict.voice()).isEqualTo(Voice.EVIDENCE);
            assertThat(verdict.until()).isEqualTo(time.now().plus(opensFor()));
        });

        circuit.succeeded(circuit.enterAnyway(), TOOK);
        assertThat(runtime.avoidances().inForce()).isEmpty();
    }

    @Test
    void theVerdictEndsWhenTheProbeIsDue() {
        open();
        time.advance(opensFor());

        assertThat(runtime.avoidances().inForce()).isEmpty();
    }

    private void open() {
        fail();
        fail();
        pass(1_000);
        fail();
        assertThat(circuit).hasToString("open");
    }

    private Duration opensFor() {
        List<Event.EndpointFailing> failing = new ArrayList<>();
        for (Event event : events) {
            if (event instanceof Event.EndpointFailing found) {
                failing.add(found);
            }
        }
        return failing.get(failing.size() - 1).opensFor();
    }

    private void fail() {
        fail(circuit.enter());
    }

    private void fail(int epoch) {
        circuit.failed(epoch, TOOK, "503");
    }

    private void succeed() {
        circuit.succeeded(circuit.enter(), TOOK);
    }

    /** So many failures, each followed by a success. */
    private void mixed(int failures) {
        for (int i = 0; i < failures; i++) {
            fail();
            succeed();
        }
    }

    private void failMany(int failures, Duration within) {
        for (int i = 0; i < failures; i++) {
            if (i > 0) {
                time.advance(within.dividedBy(failures));
            }
            fail();
        }
    }

    private void pass(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    /** The calls of one dead HTTP/2 connection, and those of the next, which make them twenty. */
    @Test
    void aSuccessThatMakesThemTwentyOpensNothingNowOrLater() {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
        Circuit shown = new Circuit("assistant", "cdn", DOMAIN, runtime, usual, CircuitBridge.to(registry));
        for (int i = 0; i < 20; i++) {
            if (i < 10) {
                shown.failed(shown.enter(), TOOK, "reset");
            } else {
                shown.succeeded(shown.enter(), TOOK);
            }
            pass(50);
        }
        assertThat(registry.circuitBreaker(DOMAIN.path()).getState()).isEqualTo(CircuitBreaker.State.CLOSED);

        pass(3_600_000);
        shown.failed(shown.enter(), TOOK, "503");

        assertThat(shown).hasToString("closed");
    }

    /** As of an AI service; Resilience4j would open where all took more than a minute. */
    @Test
    void slowAnswersAreNoFailures() {
        for (int i = 0; i < 19; i++) {
            circuit.succeeded(circuit.enter(), Duration.ofSeconds(61));
            pass(100);
        }
        circuit.failed(circuit.enter(), Duration.ofSeconds(61), "503"); // one of twenty

        assertThat(circuit).hasToString("closed");
    }

    /** Every fourth call succeeds, the twentieth among them. */
    @Test
    void threeOfFourServersBehindAEndpointAreDead() {
        for (int i = 1; i <= 21 && circuit.isClosed(); i++) {
            if (i % 4 == 0) {
                succeed();
            } else {
                fail();
            }
            pass(100);
        }

        assertThat(circuit).hasToString("open");
        assertThat(events).singleElement().asString().contains("half of the calls in ten seconds failed");
    }
}
