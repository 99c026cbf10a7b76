package byroad.samples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ShiftTest {
    private static final Duration LENGTH = Duration.ofSeconds(17);

    @Test
    void trafficThatIsThereFromTheFirstCallOnTookNoTime() {
        assertThat(shifted(at -> Party.ORIGIN, 99)).contains(Duration.ZERO);
    }

    @Test
    void trafficThatMovesAtOnceTookUntilThatCall() {
        Duration moved = Runs.OUTAGE_START.plusMillis(1_500);

        assertThat(shifted(at -> at.compareTo(moved) < 0 ? Party.EDGE_A : Party.ORIGIN, 99))
                .contains(Duration.ofMillis(1_500));
    }

    @Test
    void halfOfTheTrafficIsThereEarlierThanAllOfIt() {
        Duration half = Runs.OUTAGE_START.plusSeconds(1);
        Duration all = Runs.OUTAGE_START.plusSeconds(5);

        assertThat(shifted(at -> everySecondFromThenAllFrom(at, half, all), 50).orElseThrow())
                .isLessThan(Duration.ofMillis(1_100));
        assertThat(shifted(at -> everySecondFromThenAllFrom(at, half, all), 99).orElseThrow())
                .isBetween(Duration.ofMillis(4_900), Duration.ofSeconds(5));
    }

    @Test
    void fewerCallsThanAWindowProveNothing() {
        Duration moved = Runs.OUTAGE_END.minusSeconds(1);

        assertThat(shifted(at -> at.compareTo(moved) < 0 ? Party.EDGE_A : Party.ORIGIN, 99))
                .isEmpty();
    }

    @Test
    void callsThatFailAreNowhere() {
        assertThat(shifted(at -> null, 50)).isEmpty();
    }

    private static Party everySecondFromThenAllFrom(Duration at, Duration half, Duration all) {
        boolean there = at.compareTo(all) >= 0 || (at.compareTo(half) >= 0 && at.toMillis() / 100 % 2 == 0);
        return there ? Party.ORIGIN : Party.EDGE_A;
    }

    private static Optional<Duration> shifted(Function<Duration, Party> by, int percent) {
        List<CallRecord> calls = Runs.calls(LENGTH, by);
        return Shift.time(calls, Runs.OUTAGE_START, Runs.OUTAGE_END, percent, call -> call.answeredBy(Party.ORIGIN));
    }
}
