package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Waits before repeats. */
class BackoffTest {
    private final Backoff backoff = Backoff.from(Duration.ofMillis(50)).cappedAt(Duration.ofSeconds(20));
    private final Dice dice = new Dice();

    @Test
    void theBoundDoublesUpToTheCap() {
        dice.show(1.0);

        assertThat(backoff.before(1, dice)).isEqualTo(Duration.ofMillis(50));
        assertThat(backoff.before(2, dice)).isEqualTo(Duration.ofMillis(100));
        assertThat(backoff.before(9, dice)).isEqualTo(Duration.ofMillis(12_800));
        assertThat(backoff.before(10, dice)).isEqualTo(Duration.ofSeconds(20));
        assertThat(backoff.before(Integer.MAX_VALUE, dice)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void jitterIsFullFromNothingToTheBound() {
        dice.show(0.0);
        assertThat(backoff.before(3, dice)).isZero();
        dice.show(0.25);
        assertThat(backoff.before(3, dice)).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void theSameDiceGiveTheSameWaits() {
        double first = new Random(7).nextDouble();

        assertThat(backoff.before(1, new Random(7))).isEqualTo(Duration.ofNanos((long) (first * 50_000_000)));
    }

    @Test
    void theCapDefaultsToTwentySeconds() {
        dice.show(1.0);

        assertThat(Backoff.from(Duration.ofSeconds(1)).before(30, dice)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.from(Duration.ofMillis(-1)))
                .withMessage("backoff: PT-0.001S (expected: zero or more)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> backoff.cappedAt(Duration.ofSeconds(-1)))
                .withMessage("cappedAt: PT-1S (expected: zero or more)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> backoff.before(0, dice))
                .withMessage("retry: 0 (expected: >= 1)");
    }
}
