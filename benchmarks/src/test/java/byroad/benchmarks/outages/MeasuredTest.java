package byroad.benchmarks.outages;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallReport;
import byroad.benchmarks.outages.Contestant.Answer;
import byroad.samples.drill.Arrivals.Arrival;
import byroad.samples.drill.Party;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made of the calls of a run, in an outage from 100 to 200 ms. */
class MeasuredTest {
    private static final Answer FAILED = new Answer(false, "", CallReport.NONE);

    private static CallRecord call(int number, long dueMillis, long tookMillis, Party party) {
        return call(number, dueMillis, tookMillis, new Answer(true, party.id(), CallReport.NONE));
    }

    private static CallRecord call(int number, long dueMillis, long tookMillis, Answer answer) {
        return new CallRecord(number, dueMillis * 1_000_000, 0, tookMillis * 1_000_000, answer);
    }

    private static Measured of(List<CallRecord> calls, Arrival... arrivals) {
        return Measured.of("c", calls, List.of(arrivals), 100_000_000, 200_000_000);
    }

    @Test
    void aCallUnderWayAtTheStartOfTheOutageIsOfTheOutageAndOneThatIsOverIsNot() {
        Measured measured =
                of(List.of(call(0, 50, 20, Party.EDGE_A), call(1, 90, 20, FAILED), call(2, 150, 20, Party.ORIGIN)));

        assertThat(measured.answered()).isEqualTo(50);
        assertThat(measured.missed()).extracting(CallRecord::number).containsExactly(1);
    }

    @Test
    void anAnswerAfterTheDeadlineIsAMiss() {
        assertThat(of(List.of(call(0, 150, 2_001, Party.ORIGIN))).answered()).isZero();
    }

    @Test
    void requestsAreCountedForTheCallsOfTheOutageOnly() {
        Measured measured = of(
                List.of(call(0, 50, 20, Party.EDGE_A), call(1, 150, 20, Party.ORIGIN), call(2, 160, 20, Party.ORIGIN)),
                new Arrival(0, Party.EDGE_A, "c", 0),
                new Arrival(0, Party.EDGE_A, "c", 1),
                new Arrival(0, Party.ORIGIN, "c", 1),
                new Arrival(0, Party.ORIGIN, "c", 2),
                new Arrival(0, Party.ORIGIN, "another", 2));

        assertThat(measured.edgeRequests()).isEqualTo(0.5);
        assertThat(measured.originRequests()).isEqualTo(1);
    }

    @Test
    void theFirstSuccessIsTheFirstThatEndsAfterTheOutage() {
        Measured measured = of(List.of(
                call(0, 150, 20, Party.ORIGIN), call(1, 195, 20, Party.ORIGIN), call(2, 230, 20, Party.EDGE_A)));

        assertThat(measured.firstSuccess()).isEqualTo(15);
        assertThat(measured.backAtEdge()).isEqualTo(50);
    }
}
