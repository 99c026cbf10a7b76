package byroad.samples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.samples.drill.Arrivals.Arrival;
import byroad.samples.drill.ScenarioRun.Seen;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MeasuresTest {
    private static final Duration LENGTH = Duration.ofSeconds(17);

    @Test
    void aCallBelongsToThePhaseInWhichItWasDue() {
        List<CallRecord> calls = List.of(
                Runs.answered(0, Runs.OUTAGE_START.minusMillis(1), Party.ORIGIN),
                Runs.failed(1, Runs.OUTAGE_START),
                Runs.failed(2, Runs.OUTAGE_END.minusMillis(1)),
                Runs.answered(3, Runs.OUTAGE_END, Party.MOVED));

        Measures measures = Runs.measures(Runs.run(Runs.dynamodb(), calls));

        assertThat(measures.inside()).isEqualTo(new Share(0, 2));
        assertThat(measures.outside()).isEqualTo(new Share(2, 2));
    }

    @Test
    void requestsCountForTheCallThatSentThemEvenAfterTheOutage() {
        List<CallRecord> calls = List.of(
                Runs.failed(7, Runs.OUTAGE_END.minusMillis(10)), Runs.failed(8, Runs.OUTAGE_END.minusMillis(5)));

        Measures measures = Runs.measures(Runs.run(
                Runs.everythingDown(),
                calls,
                Runs.seen(Runs.OUTAGE_END.minusMillis(9), Party.EDGE_A, 7),
                Runs.seen(Runs.OUTAGE_END.plusMillis(90), Party.EDGE_A, 7),
                Runs.seen(Runs.OUTAGE_END.plusMillis(91), Party.EDGE_A, 8),
                Runs.seen(Runs.OUTAGE_END.plusMillis(92), Party.EDGE_A, 9)));

        assertThat(measures.requestsPerCall()).containsOnlyKeys(Party.EDGE_A).containsEntry(Party.EDGE_A, 1.5);
    }

    @Test
    void requestsOfNoCallCountByTheTimeOfTheirArrivalAndOtherClientsNot() {
        Duration inside = Runs.OUTAGE_START.plusSeconds(1);
        Seen ofAnother = new Seen(inside, new Arrival(0, Party.ORIGIN, PeerClient.PLAIN, 0));

        Measures measures = Runs.measures(Runs.run(
                Runs.everythingDown(),
                List.of(Runs.failed(0, inside)),
                Runs.seen(inside, Party.ORIGIN, Arrivals.NO_CALL),
                Runs.seen(Duration.ZERO, Party.ORIGIN, Arrivals.NO_CALL),
                ofAnother));

        assertThat(measures.requestsPerCall()).containsOnlyKeys(Party.ORIGIN).containsEntry(Party.ORIGIN, 1.0);
    }

    @Test
    void latencyIsThatOfCallsAnsweredInsideTheOutage() {
        List<CallRecord> calls = Runs.calls(LENGTH, at -> at.compareTo(Runs.OUTAGE_END) < 0 ? Party.ORIGIN : null);

        Measures measures = Runs.measures(Runs.run(Runs.dynamodb(), calls));

        assertThat(measures.p50()).contains(Duration.ofMillis(20));
        assertThat(Runs.measures(Runs.run(Runs.dynamodb(), Runs.calls(LENGTH, at -> null)))
                        .p99())
                .isEmpty();
    }

    @Test
    void whereTheServiceMovesTheShiftIsTimedFromTheReturnOfTheRecords() {
        Duration moved = Runs.OUTAGE_END.plusMillis(700);
        List<CallRecord> calls = Runs.calls(LENGTH, at -> {
            boolean between = at.compareTo(Runs.OUTAGE_START) >= 0 && at.compareTo(moved) < 0;
            return between ? null : at.compareTo(moved) < 0 ? Party.ORIGIN : Party.MOVED;
        });

        Measures measures = Runs.measures(Runs.run(Runs.dynamodb(), calls));

        assertThat(measures.shifted().get(2)).contains(Duration.ofMillis(700));
        assertThat(measures.back()).contains(Duration.ofMillis(700));
        assertThat(measures.firstSuccess()).contains(Duration.ofMillis(720));
    }

    @Test
    void withTwoWavesTheSlowerShiftCounts() {
        Scenario cloudflare = Scenarios.all(Optional.empty()).get(0);
        Duration secondWave = Timetable.of(cloudflare).outages().get(1).from();
        List<CallRecord> calls = Runs.calls(cloudflare.length(), at -> {
            boolean slow = at.compareTo(secondWave) >= 0 && at.compareTo(secondWave.plusMillis(400)) < 0;
            return slow ? null : Party.ORIGIN;
        });

        Measures measures = Runs.measures(Runs.run(cloudflare, calls));

        assertThat(measures.shifted().get(2)).contains(Duration.ofMillis(400));
    }

    @Test
    void aPercentageIsNeverRoundedUpToAll() {
        assertThat(Stream.of(new Share(9_999, 10_000), new Share(10_000, 10_000), new Share(0, 3), new Share(0, 0)))
                .extracting(Share::percent)
                .containsExactly("99.9%", "100%", "0%", "-");
    }

    @Test
    void barsCountCallsByWhenTheyWereDue() {
        List<CallRecord> calls = Runs.calls(Duration.ofSeconds(1), at -> Party.EDGE_A);

        assertThat(PageData.bins(calls, Duration.ofSeconds(1), CallRecord::answered))
                .containsExactly(3, 2, 3, 2);
    }
}
