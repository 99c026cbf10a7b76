package byroad.samples.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PercentileTest {
    @Test
    void theMedianAndTheTailOfAHundredValuesAreTheFiftiethAndTheNinetyNinth() {
        List<Duration> values = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> Duration.ofMillis(i))
                .toList();

        assertThat(Percentile.of(values, 50)).contains(Duration.ofMillis(50));
        assertThat(Percentile.of(values, 99)).contains(Duration.ofMillis(99));
        assertThat(Percentile.of(values, 100)).contains(Duration.ofMillis(100));
    }

    @Test
    void ofFewValuesTheTailIsTheLargest() {
        assertThat(Percentile.of(List.of(Duration.ofMillis(7), Duration.ofMillis(3)), 99))
                .contains(Duration.ofMillis(7));
        assertThat(Percentile.of(List.of(Duration.ofMillis(7), Duration.ofMillis(3)), 50))
                .contains(Duration.ofMillis(3));
    }

    @Test
    void ofNothingThereIsNone() {
        assertThat(Percentile.of(List.<Duration>of(), 50)).isEmpty();
    }

    @Test
    void aShareOutsideOneToAHundredIsAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Percentile.of(List.of(Duration.ZERO), 0))
                .withMessage("percent: 0 (expected: 1 to 100)");
    }
}
