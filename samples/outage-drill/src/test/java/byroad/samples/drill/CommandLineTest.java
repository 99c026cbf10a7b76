package byroad.samples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void anUnknownScenarioIsNamedTogetherWithTheKnownOnesBeforeAnythingStarts() {
        assertThat(run("cloudflare")).isEqualTo(2);

        assertThat(text(err))
                .contains("scenario: cloudflare (expected one of: cloudflare-2025-11-18, dynamodb-2025-10-20,"
                        + " resolver-operator-down, region-down, edge-black-hole, origin-overloaded-by-diversion,"
                        + " everything-down, alternate-edge-also-down, brown-out, flapping, edge-policy,"
                        + " every-resolver-silent, resolvers-disagree, restart-in-outage)");
        assertThat(text(out)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "501", "2000000000"})
    void aRateThatIsNoneOrAbsurdIsNamedWithWhatWasExpected(String rate) {
        assertThat(run("--rate=" + rate)).isEqualTo(2);

        assertThat(text(err)).contains("--rate: " + rate + " (expected: 1 to 500 calls a second)");
        assertThat(text(out)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "1", "601", "2000000000"})
    void anOutageThatIsNoneOrAbsurdIsNamedWithWhatWasExpected(String seconds) {
        assertThat(run("--outage=" + seconds)).isEqualTo(2);

        assertThat(text(err)).contains("--outage: " + seconds + " (expected: 2 to 600 seconds)");
        assertThat(text(out)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"--rate=fast, fast", "--outage=1h, 1h", "--speed=2, --speed=2", "--html=no/such/folder/x.html, x.html"})
    void whateverElseIsWrongIsNamedToo(String argument, String named) {
        assertThat(run(argument)).isEqualTo(2);

        assertThat(text(err)).contains(named);
        assertThat(text(out)).isEmpty();
    }

    @Test
    void theListNamesEveryScenarioAndMarksThoseThatRunUnasked() {
        assertThat(run("--list")).isZero();

        assertThat(text(out)).contains(Scenarios.names());
        assertThat(Settings.of(List.of(), 40, Optional.empty(), Path.of("page.html"))
                        .scenarios())
                .extracting(Scenario::name)
                .hasSize(7)
                .allSatisfy(name -> assertThat(text(out)).contains(name + " *"));
        assertThat(text(out)).contains("flapping\n");
    }

    @Test
    void whatRunsUnaskedTakesLessThanTwoAndAHalfMinutes() {
        Duration length =
                Scenarios.usual(Optional.empty()).stream().map(Scenario::length).reduce(Duration.ZERO, Duration::plus);

        assertThat(length).isLessThan(Duration.ofSeconds(150));
    }

    private int run(String... args) {
        return OutageDrill.commandLine(new PrintStream(out, true), new PrintStream(err, true))
                .execute(args);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
