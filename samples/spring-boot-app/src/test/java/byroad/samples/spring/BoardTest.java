package byroad.samples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallReport;
import byroad.okhttp.Byroad;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A minute in seconds. */
class BoardTest {
    private final Byroad byroad = Byroad.create();
    private Instant now = Instant.parse("2025-11-18T11:20:00Z");
    private final Board board = new Board(byroad, () -> now);

    @AfterEach
    void close() {
        byroad.close();
    }

    private static CallReport report(String outcome) {
        return new CallReport("items", "GET /v1/items", outcome, Duration.ofMillis(20), List.of(), List.of(), Set.of());
    }

    @Test
    void callsAreCountedInTheirSecond() {
        board.ended(report("200"));
        board.ended(report("500"));
        now = now.plusSeconds(2);
        board.ended(report("SocketTimeoutException"));

        assertThat(board.lastMinute()).extracting(Board.Second::failed).containsExactly(1, 0, 1);
    }

    @Test
    void onlyTheLastMinuteIsKept() {
        board.ended(report("500"));
        now = now.plusSeconds(3_600);

        assertThat(board.lastMinute()).hasSize(Board.SECONDS).allMatch(second -> second.failed() == 0);
        assertThat(board.lastMinute().get(Board.SECONDS - 1).at()).isEqualTo(now.getEpochSecond());
    }

    @Test
    void theNewestStoriesComeFirstAndTheOldestGo() {
        for (int i = 0; i < 20; i++) {
            board.ended(report("50" + i));
        }

        assertThat(board.stories()).hasSize(8);
        assertThat(board.stories().get(0).report()).contains("5019");
    }
}
