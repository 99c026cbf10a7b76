package byroad.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.benchmarks.fleet.Trial.Kind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A small fleet of the engine in a short outage. */
class TrialTest {
    private static final Scenario SMALL = row("H2").withClients(2).lasting(30);

    private static Scenario row(String name) {
        return Catalogue.all().stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Figures run(Kind kind, long seed) {
        return Figures.of(Trial.run(SMALL, kind, seed), SMALL);
    }

    @Test
    void theSameSeedGivesTheSameFiguresAndAnotherOneOthers() {
        Tally once = Trial.run(SMALL, Kind.ENGINE, 7);
        Tally again = Trial.run(SMALL, Kind.ENGINE, 7);

        assertThat(again.good).isEqualTo(once.good);
        assertThat(again.directAsked).isEqualTo(once.directAsked);
        assertThat(again.edgeAsked).isEqualTo(once.edgeAsked);
        assertThat(Trial.run(SMALL, Kind.ENGINE, 8).directAsked).isNotEqualTo(once.directAsked);
    }

    @Test
    void theEngineAnswersWhatIsPossibleAndTheOriginNeverCollapses() {
        Figures engine = run(Kind.ENGINE, 7);

        assertThat(engine.collapsed()).isZero();
        assertThat(engine.answered()).isGreaterThan(run(Kind.ORACLE, 7).answered() - 2);
        assertThat(engine.afterwards()).isGreaterThan(99.9);
    }

    @Test
    void thePlainFailoverCollapsesTheSameOrigin() {
        assertThat(run(Kind.FIXED, 7).collapsed()).isGreaterThan(20);
    }

    @Test
    void aWrongArgumentIsNamedWithWhatWasExpected() {
        assertThat(errorOf("--row", "H99")).contains("--row: H99 (expected: H1, H2");
        assertThat(errorOf("--seeds", "0")).contains("--seeds: 0 (expected: 1 to 100)");
        assertThat(errorOf("--clients", "0")).contains("--clients: 0 (expected: 1 to 1000000)");
    }

    private static String errorOf(String... arguments) {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
        int status = FleetCommand.commandLine(
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), err)
                .execute(arguments);
        assertThat(status).isEqualTo(FleetCommand.WRONG);
        return errors.toString(StandardCharsets.UTF_8);
    }
}
