package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Fault.Delivery;
import byroad.Preset;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Circuit, concurrency limit and retries together, as transcripts: what a reader of a log would see. */
class HealthTranscriptTest {
    private static final Duration TOOK = Duration.ofMillis(100);

    private final Bench bench = new Bench(Bench.upstream(CDN, ORIGIN).attemptLimit(Duration.ofSeconds(10)));
    private final Transcript transcript = new Transcript(bench);

    @Test
    void anEdgeFailsAndComesBack() {
        bench.dice.show(1.0);
        get(false);
        for (int i = 0; i < 4; i++) {
            transcript.pass(300);
            get(true);
        }
        transcript.pass(300);
        get(true);
        transcript.pass(600);
        get(true);
        transcript.pass(1_900);
        get(false);
        get(false);

        assertThat(transcript).hasToString("""
                    0ms  cdn 200
                  400ms  cdn 500, origin 200
                  900ms  cdn 500, origin 200
                 1400ms  cdn 500, origin 200
                 1600ms  ! assistant: cdn is failing, avoided for 1000ms: 3 failures and no success for 1000ms
                 1900ms  origin 200
                 2300ms  origin 200
                 3000ms  cdn 500, origin 200
                 3200ms  ! assistant: cdn is failing, avoided for 2000ms: the probe failed: edge fault, likely (HTML page by cloudflare)
                 5100ms  origin 200
                 5200ms  cdn 200
                 5300ms  ! assistant: cdn answers again after 3800ms
                """);
    }

    @Test
    void oneDeadConnectionOpensNothing() {
        for (int i = 0; i < 30; i++) {
            bench.run(bench.post(), Bench.died("connection reset")); // 10 ms each
        }
        transcript.say(bench.planner.status().get(0));
        get(false);
        transcript.say(bench.planner.status().get(0));

        assertThat(transcript).hasToString("""
                  300ms  assistant/cdn closed, 490/490 tokens, never answered well
                  300ms  cdn 200
                  400ms  assistant/cdn closed, 490/490 tokens, answered 0ms ago
                """);
    }

    @Test
    void inABrownOutTheCircuitStaysClosedAndTheFailedCallsGoElsewhere() {
        for (int i = 0; i < 100; i++) {
            Outcome[] met = i % 3 == 0 ? new Outcome[] {edge500(), status(200)} : new Outcome[] {status(200)};
            bench.run(bench.get(), met); // 10 ms each
        }
        transcript.say(bench.planner.status().get(0));
        get(false);
        get(true);
        get(false);
        transcript.say(bench.planner.status().get(0));

        assertThat(transcript).hasToString("""
                 1340ms  assistant/cdn closed, 1050/1050 tokens, answered 20ms ago
                 1340ms  cdn 200
                 1440ms  cdn 500, origin 200
                 1640ms  cdn 200
                 1740ms  assistant/cdn closed, 1050/1050 tokens, answered 0ms ago
                """);
    }

    @Test
    void aCallThatTheLimitRefusesWaitsOnlyASecondInABlackHole() {
        get(false);
        open();
        probeFails();
        send(bench.get()); // two calls have the places of the fallback endpoint
        send(bench.get());
        transcript.say(bench.planner.status().get(1));
        CallPlan refused = bench.get();
        transcript.call(refused, Duration.ofSeconds(60), at -> silence());
        refused.report().notes().forEach(transcript::say);

        assertThat(transcript).hasToString("""
                    0ms  cdn 200
                  100ms  cdn 500
                  700ms  cdn 500
                 1300ms  cdn 500
                 1400ms  ! assistant: cdn is failing, avoided for 1000ms: 3 failures and no success for 1200ms
                 2500ms  cdn 500
                 2600ms  ! assistant: cdn is failing, avoided for 2000ms: the probe failed: edge fault, likely (HTML page by cloudflare)
                 2600ms  assistant/origin closed, 2 in flight, 2.00 allowed, 490/490 tokens, never answered well
                 2600ms  wait 1000ms, cdn timeout
                 4600ms  cdn not tried: avoid endpoint/assistant/cdn until 2025-10-20T06:48:04.600Z: the probe failed: edge fault, likely (HTML page by cloudflare)
                 4600ms  waited for a place at origin
                 4600ms  origin not tried: its concurrency limit is reached (2 in flight, 2.00 allowed)
                 4600ms  no endpoint may be used: cdn is tried once all the same, for at most 1000ms
                """);
    }

    @Test
    void aRefusedCallThatIsAnsweredIsTheProbe() {
        get(false);
        open();
        probeFails();
        send(bench.get());
        send(bench.get());
        get(false);
        transcript.say(bench.planner.status().get(0));

        assertThat(transcript).hasToString("""
                    0ms  cdn 200
                  100ms  cdn 500
                  700ms  cdn 500
                 1300ms  cdn 500
                 1400ms  ! assistant: cdn is failing, avoided for 1000ms: 3 failures and no success for 1200ms
                 2500ms  cdn 500
                 2600ms  ! assistant: cdn is failing, avoided for 2000ms: the probe failed: edge fault, likely (HTML page by cloudflare)
                 2600ms  wait 1000ms, cdn 200
                 3700ms  ! assistant: cdn answers again after 2300ms
                 3700ms  assistant/cdn closed, 490/490 tokens, answered 0ms ago
                """);
    }

    @Test
    void theLimitOfAnOriginThatQueuesIsHalvedByLateAnswersAndKeptForTheNextOutage() {
        open();
        for (int i = 0; i < 3; i++) {
            get(true);
            transcript.pass(1_000);
        }
        transcript.say(bench.planner.status().get(1));
        transcript.call(bench.get(), Duration.ofMillis(5_001), at -> at.health.rank == 0 ? edge500() : status(200));
        transcript.say(bench.planner.status().get(1));
        transcript.pass(30_000);
        get(false);
        open();
        transcript.say(bench.planner.status().get(1));

        assertThat(transcript).hasToString("""
                    0ms  cdn 500
                  600ms  cdn 500
                 1200ms  cdn 500
                 1300ms  ! assistant: cdn is failing, avoided for 1000ms: 3 failures and no success for 1200ms
                 1800ms  origin 200
                 2900ms  cdn 500, origin 200
                 3100ms  ! assistant: cdn is failing, avoided for 2000ms: the probe failed: edge fault, likely (HTML page by cloudflare)
                 4100ms  origin 200
                 5200ms  assistant/origin closed, 0 in flight, 4.00 allowed, 490/490 tokens, answered 1000ms ago
                 5200ms  cdn 500, origin 200
                15202ms  ! assistant: cdn is failing, avoided for 4000ms: the probe failed: edge fault, likely (HTML page by cloudflare)
                15202ms  assistant/origin closed, 0 in flight, 2.00 allowed, 490/490 tokens, answered 0ms ago
                45202ms  cdn 200
                45302ms  ! assistant: cdn answers again after 44002ms
                45302ms  cdn 500
                45902ms  cdn 500
                46502ms  cdn 500
                46602ms  ! assistant: cdn is failing, avoided for 1000ms: 3 failures and no success for 1200ms
                47102ms  assistant/origin closed, 0 in flight, 2.00 allowed, 490/490 tokens, answered 31900ms ago
                """);
    }

    @Test
    void aCancelledProbeIsMadeByTheNextCall() {
        open();
        transcript.pass(1_000);
        transcript.call(bench.get(), TOOK, at -> new Outcome.Cancelled(new IOException("Canceled")));
        transcript.say(bench.planner.status().get(0));
        get(false);

        assertThat(transcript).hasToString("""
                    0ms  cdn 500
                  600ms  cdn 500
                 1200ms  cdn 500
                 1300ms  ! assistant: cdn is failing, avoided for 1000ms: 3 failures and no success for 1200ms
                 2800ms  cdn cancelled
                 2900ms  assistant/cdn open, 490/490 tokens, never answered well
                 2900ms  cdn 200
                 3000ms  ! assistant: cdn answers again after 1700ms
                """);
    }

    @Test
    void bodiesThatDieCountLikeAnswersThatFail() {
        for (int i = 0; i < 4; i++) {
            CallPlan plan = bench.get();
            bench.run(plan, status(200)); // 10 ms
            bench.time.advance(Duration.ofMillis(i == 2 ? 600 : 500));
            plan.bodyFailed(new IOException("reset"));
            transcript.say(bench.planner.status().get(0));
            bench.time.advance(Duration.ofMillis(i == 2 ? 600 : 0));
        }

        assertThat(transcript).hasToString("""
                  510ms  assistant/cdn closed, 490/490 tokens, answered 500ms ago
                  510ms  ! assistant: the body of an answer by cdn failed: IOException: reset
                 1020ms  assistant/cdn closed, 490/490 tokens, answered 500ms ago
                 1020ms  ! assistant: the body of an answer by cdn failed: IOException: reset
                 1630ms  assistant/cdn open, 490/490 tokens, answered 600ms ago
                 1630ms  ! assistant: the body of an answer by cdn failed: IOException: reset
                 1630ms  ! assistant: cdn is failing, avoided for 500ms: 3 failures and no success for 1120ms
                 2740ms  assistant/cdn open, 490/490 tokens, answered 500ms ago
                 2740ms  ! assistant: cdn answers again after 610ms
                 2740ms  ! assistant: the body of an answer by cdn failed: IOException: reset
                 2740ms  ! assistant: cdn is failing, avoided for 1000ms: the probe failed: body: IOException: reset
                """);
    }

    @Test
    void aPhoneAsksItsDiceWhetherToGoElsewhere() {
        Bench phone = new Bench(Preset.MOBILE, Bench.upstream(CDN, ORIGIN));
        Transcript told = new Transcript(phone);
        phone.dice.show(0.3);
        told.call(phone.post(), TOOK, at -> at.health.rank == 0 ? Bench.cloudflare(521) : status(200));
        phone.dice.show(0.2);
        told.call(phone.get(), TOOK, at -> at.health.rank == 0 ? edge500() : status(200));
        told.say(phone.planner.status().get(1));

        assertThat(told).hasToString("""
                    0ms  cdn 521
                  100ms  cdn 500, origin 200
                  300ms  assistant/origin closed, 0 in flight, 0.50 allowed, 56/56 tokens, answered 0ms ago
                """);
    }

    private void get(boolean edgeFails) {
        transcript.call(bench.get(), TOOK, at -> at.health.rank == 0 && edgeFails ? edge500() : status(200));
    }

    /** Opens the circuit of the edge, and gives no place of the fallback endpoint away. */
    private void open() {
        bench.dice.show(1.0);
        for (int i = 0; i < 3; i++) {
            transcript.call(bench.post(), TOOK, at -> edge500());
            transcript.pass(500);
        }
    }

    /** So that it stays open for longer than anybody waits for a place. */
    private void probeFails() {
        transcript.pass(600);
        transcript.call(bench.post(), TOOK, at -> edge500());
    }

    private static Outcome silence() {
        return Outcome.failed(new SocketTimeoutException("timeout"), Delivery.MAYBE_PROCESSED);
    }
}
