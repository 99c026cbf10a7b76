package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Event;
import byroad.Mode;
import byroad.TrafficShift;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How long traffic takes to leave a domain that fails, and to come back. */
class ShiftTest {
    private final Bench bench = Bench.of(CDN, ORIGIN);

    @Test
    void itIsToldWhenHalfAndNineTenthsAndNearlyAllOfTheCallsAreAnsweredElsewhere() {
        bench.dice.show(1.0);
        calls(120, true); // 20 ms each where the edge is tried, else 10 ms

        assertThat(told())
                .containsExactly(
                        "assistant: 50 % away from cloudflare after 1200ms",
                        "assistant: 90 % away from cloudflare after 1200ms",
                        "assistant: 99 % away from cloudflare after 1200ms");
    }

    @Test
    void itIsNotToldWhereTheLimitLetsLessThrough() {
        bench.dice.show(1.0);
        fail();
        send(bench.get());
        CallPlan holder = bench.get();
        Attempt held = send(holder); // the fallback endpoint has no place left
        for (int i = 0; i < 150; i++) {
            bench.run(bench.get(), edge500());
            bench.time.advance(Duration.ofMillis(1));
        }
        assertThat(told()).isEmpty();
        holder.took(held, status(200));
        assertThat(bench.planner.shifts())
                .singleElement()
                .hasToString("assistant away from cloudflare since 2025-10-20T06:48:00.010Z:"
                        + " 50 % not yet, 90 % not yet, 99 % not yet, back not yet");
    }

    @Test
    void itIsToldWhenTheyAreBackCountedFromTheFirstAnswer() {
        bench.dice.show(1.0);
        calls(120, true);
        bench.events.clear();
        bench.time.advance(Duration.ofSeconds(60));
        calls(40, false);

        assertThat(told()).containsExactly("assistant: back at cloudflare after 190ms");
        assertThat(bench.planner.shifts().get(0).back()).contains(Duration.ofMillis(190));
    }

    @Test
    void aRelapseOnTheWayBackBelongsToTheSameEpisode() {
        bench.dice.show(1.0);
        calls(120, true);
        TrafficShift before = bench.planner.shifts().get(0);
        bench.time.advance(Duration.ofSeconds(60));
        calls(1, false);
        calls(120, true);

        assertThat(bench.planner.shifts()).containsExactly(before);
        assertThat(told()).hasSize(3);
    }

    @Test
    void theNextOutageIsAnotherEpisode() {
        bench.dice.show(1.0);
        calls(120, true);
        bench.time.advance(Duration.ofSeconds(60));
        calls(40, false);
        bench.events.clear();
        calls(120, true);

        assertThat(told()).hasSize(3);
        assertThat(bench.planner.shifts())
                .singleElement()
                .satisfies(shift -> assertThat(shift.back()).isEmpty());
    }

    @Test
    void callsThatWereCancelledDoNotCount() {
        bench.dice.show(1.0);
        fail();
        for (int i = 0; i < 30; i++) {
            CallPlan plan = bench.get();
            plan.took(send(plan), new Outcome.Cancelled(new IOException("Canceled")));
            plan.next();
        }
        calls(18, true);
        assertThat(told()).isEmpty();
        calls(1, true);
        assertThat(told()).hasSize(2);
    }

    @Test
    void noShiftIsReportedIfNothingFailed() {
        calls(200, false);

        assertThat(bench.planner.shifts()).isEmpty();
    }

    private void fail() {
        for (int i = 0; i < 3; i++) {
            CallPlan plan = bench.post();
            Attempt send = send(plan);
            bench.time.advance(Duration.ofMillis(10));
            plan.took(send, edge500());
            plan.next();
            bench.time.advance(Duration.ofMillis(500));
        }
    }

    private void calls(int number, boolean edgeFails) {
        for (int i = 0; i < number; i++) {
            CallPlan plan = bench.get();
            Step step = plan.next();
            while (step instanceof Step.Send sending) {
                Attempt send = sending.attempt();
                bench.time.advance(Duration.ofMillis(10));
                plan.took(send, edgeFails && send.health.rank == 0 ? edge500() : status(200));
                step = plan.next();
            }
        }
    }

    private List<String> told() {
        return bench.events.stream()
                .filter(event -> event instanceof Event.TrafficShifted || event instanceof Event.TrafficReturned)
                .map(Event::toString)
                .collect(Collectors.toList());
    }

    @Test
    void trafficThatMovesBecauseBodiesDieIsTold() {
        bench.dice.show(1.0);
        for (int i = 0; i < 200; i++) {
            CallPlan plan = bench.get();
            Attempt send = send(plan);
            bench.time.advance(Duration.ofMillis(20));
            plan.took(send, status(200));
            plan.next();
            if (send.endpoint() == CDN) {
                plan.bodyFailed(new IOException("reset"));
            }
        }

        assertThat(bench.events).hasAtLeastOneElementOfType(Event.TrafficShifted.class);
    }

    @Test
    void noTrafficReturnsWithoutAnotherEndpoint() {
        Bench alone = Bench.of(CDN);
        for (int i = 0; i < 3; i++) {
            alone.failOnce();
            alone.time.advance(Duration.ofMillis(500));
        }
        alone.time.advance(Duration.ofSeconds(60));
        for (int i = 0; i < 40; i++) {
            alone.run(alone.get(), status(200));
        }

        assertThat(alone.events).doesNotHaveAnyElementsOfTypes(Event.TrafficReturned.class);
        assertThat(alone.planner.shifts()).isEmpty();
    }

    @Test
    void noTrafficReturnsWhileItIsOnlyWatched() {
        bench.planner.mode(Mode.WATCH);
        for (int i = 0; i < 44; i++) {
            bench.run(bench.post(), i < 4 ? edge500() : status(200));
            bench.time.advance(Duration.ofMillis(500));
        }

        assertThat(bench.events).doesNotHaveAnyElementsOfTypes(Event.TrafficReturned.class);
    }

    /** For a day one call of twenty goes elsewhere, so that it is never 99 % back; then comes the next outage. */
    @Test
    void theNextTimeIsToldAlsoWhereTheWayBackWasNeverComplete() {
        bench.dice.show(1.0);
        for (int i = 0; i < 120; i++) {
            bench.drive(bench.get(), send -> send.endpoint() == CDN ? edge500() : status(200));
        }
        bench.time.advance(Duration.ofSeconds(60));
        for (int i = 0; i < 2_000; i++) {
            boolean fails = i % 20 == 0;
            bench.drive(bench.get(), send -> fails && send.endpoint() == CDN ? edge500() : status(200));
            bench.time.advance(Duration.ofSeconds(40));
        }
        bench.events.clear();

        for (int i = 0; i < 200; i++) {
            bench.drive(bench.get(), send -> send.endpoint() == CDN ? edge500() : status(200));
        }

        assertThat(bench.events).hasAtLeastOneElementOfType(Event.TrafficShifted.class);
    }

    /** Ten good calls on Tuesday and Wednesday, and on Thursday the next outage. */
    @Test
    void anOutageOfThursdayDidNotBeginOnMonday() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.dice.show(1.0);
        for (int i = 0; i < 10; i++) {
            bench.drive(bench.get(), send -> send.health.rank == 0 ? edge500() : status(200));
            bench.time.advance(Duration.ofSeconds(1));
        }
        for (int i = 0; i < 10; i++) {
            bench.time.advance(Duration.ofHours(6));
            bench.run(bench.get(), status(200));
        }
        bench.time.advance(Duration.ofHours(6));
        Instant thursday = bench.time.now();
        for (int i = 0; i < 30; i++) {
            bench.drive(bench.get(), send -> send.health.rank == 0 ? edge500() : status(200));
            bench.time.advance(Duration.ofSeconds(1));
        }
        assertThat(bench.planner.shifts().get(0).since()).as("%s", bench.events).isAfterOrEqualTo(thursday);
    }
}
