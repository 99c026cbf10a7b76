package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.FakeTime;
import byroad.Preset;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a concurrency limit has learnt counts at once, and for as long as it is used. */
class LimitInUseTest {
    private static final Duration QUICK = Duration.ofMillis(100);

    private final FakeTime time = new FakeTime();
    private final Dice dice = new Dice();
    private final ClientRuntime server =
            ClientRuntime.standard().time(time).random(dice).preset(Preset.SERVER);
    private final OwnLoad load = new OwnLoad(time);

    @Test
    void anOverloadHalvesWhatIsAllowedAndNotWhatWouldBeWithoutTheDeclaredShare() {
        for (int i = 0; i < 3_000; i++) {
            time.advance(QUICK);
            load.answered(QUICK.multipliedBy(100)); // a hundred in flight
        }
        ConcurrencyLimit limit = new ConcurrencyLimit(server, load, 0.1);
        for (int i = 0; i < 10; i++) {
            assertThat(limit.enter()).isTrue();
        }
        time.advance(QUICK);
        limit.exit(QUICK, true);

        assertThat(limit).hasToString("9 in flight, 5.00 allowed");
    }

    @Test
    void anOverloadHalvesALimitBelowOneToo() {
        ConcurrencyLimit limit = new ConcurrencyLimit(server, load, 0.04);
        dice.show(0);
        assertThat(limit.enter()).isTrue();
        time.advance(QUICK);
        limit.exit(QUICK, true);

        assertThat(limit.status().allowed()).isEqualTo(0.125);
    }

    /** Any service has its odd late answer, and says 503 now and then. */
    @Test
    void oneSignOfOverloadInTenAnswersIsNoneAndTwoInARowAtMost() {
        ConcurrencyLimit limit = new ConcurrencyLimit(server, load, Double.NaN);
        answers(limit, 9, false);
        answers(limit, 1, true);
        assertThat(limit.status().allowed()).as("one in ten and a bit").isEqualTo(1);

        ConcurrencyLimit seasoned = new ConcurrencyLimit(server, load, Double.NaN);
        answers(seasoned, 100, false);
        double before = seasoned.status().allowed();
        answers(seasoned, 2, true);
        assertThat(seasoned.status().allowed()).isEqualTo(before);
        answers(seasoned, 10, false);
        answers(seasoned, 1, true);
        assertThat(seasoned.status().allowed()).isEqualTo(before);
        assertThat(seasoned.isWorthAWait()).isTrue();
        answers(seasoned, 1, true);
        assertThat(seasoned.status().allowed()).isEqualTo(before / 2);
        assertThat(seasoned.isWorthAWait()).isFalse();
    }

    private static void answers(ConcurrencyLimit limit, int count, boolean overloaded) {
        for (int i = 0; i < count; i++) {
            assertThat(limit.enter()).isTrue();
            limit.exit(QUICK, overloaded);
        }
    }

    /** A server learns nothing in its first second, in which all its calls come at once. */
    @Test
    void onAPhoneTheFirstAnswerCounts() {
        dice.show(0);
        assertThat(afterAnAnswerAtOnce(server.preset(Preset.MOBILE))).hasToString("0 in flight, 0.50 allowed");
        assertThat(afterAnAnswerAtOnce(server)).hasToString("0 in flight, 2.00 allowed");
    }

    private ConcurrencyLimit afterAnAnswerAtOnce(ClientRuntime runtime) {
        ConcurrencyLimit limit = new ConcurrencyLimit(runtime, load, Double.NaN);
        assertThat(limit.enter()).isTrue();
        time.advance(QUICK);
        limit.exit(QUICK, false);
        return limit;
    }

    @Test
    void itForgetsNothingWhileCallsComeThoughNoneOfThemTells() {
        ConcurrencyLimit limit = new ConcurrencyLimit(server, load, Double.NaN);
        assertThat(limit.enter()).isTrue();
        limit.exit(QUICK, true);
        for (int i = 0; i < 90; i++) {
            time.advance(Duration.ofMinutes(1));
            assertThat(limit.enter()).isTrue();
            limit.abandon();
        }

        assertThat(limit).hasToString("0 in flight, 1.00 allowed");
    }

    /** The fallback endpoint's balancer answers 502 at once, as its servers are gone. */
    @Test
    void anErrorOfAFallbackDoesNotEarnItMoreCalls() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan one = bench.get();
        one.took(send(one), edge500());
        Attempt there = send(one);
        CallPlan other = bench.get();
        other.took(send(other), edge500());
        send(other);
        double before = bench.planner.status().get(1).limit().orElseThrow().allowed();
        bench.time.advance(Duration.ofMillis(1_100));
        one.took(there, status(502));
        assertThat(bench.planner.status().get(1).limit().orElseThrow().allowed())
                .isLessThanOrEqualTo(before);
    }
}
