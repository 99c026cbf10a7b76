package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.FakeTime;
import byroad.Fault.Delivery;
import byroad.Mode;
import byroad.Preset;
import byroad.Signature;
import byroad.Upstream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** One process, whose edge fails for a minute, and an origin that carries everything and has its odd answers as on any day. */
class OddAnswersTest {
    /** What a endpoint does with a request: after how long, and what it says. */
    record Reply(double seconds, Outcome outcome) {}

    static final class Run {
        final FakeTime time = new FakeTime();
        final Random random = new Random(7);
        final double rps;
        final double limit;
        final Supplier<Reply> edge;
        final Supplier<Reply> origin;
        final CallPlanner planner;
        boolean down;
        boolean counts;
        int calls;
        int good;

        Run(double rps, double limit, Supplier<Reply> edge, Supplier<Reply> origin) {
            this.rps = rps;
            this.limit = limit;
            this.edge = edge;
            this.origin = origin;
            Upstream upstream = Bench.upstream(Bench.CDN, Bench.ORIGIN).attemptLimit(nanos(limit));
            ClientRuntime runtime =
                    ClientRuntime.standard().time(time).random(random).preset(Preset.SERVER);
            planner = new CallPlanner(List.of(upstream), Signature.known(), Mode.ACT, runtime);
        }

        static Duration nanos(double seconds) {
            return Duration.ofNanos((long) (seconds * 1e9));
        }

        void later(double seconds, Runnable then) {
            time.schedule(nanos(seconds), then);
        }

        double percent(int healthySeconds, int outageSeconds) {
            arrive();
            time.advance(Duration.ofSeconds(healthySeconds));
            down = true;
            counts = true;
            time.advance(Duration.ofSeconds(outageSeconds));
            counts = false;
            down = false;
            return 100.0 * good / calls;
        }

        void arrive() {
            later((-Math.log(1 - random.nextDouble()) / rps), () -> {
                boolean counted = counts;
                if (counted) {
                    calls++;
                }
                go(planner.plan(RequestTraits.of("GET", Bench.URL)), counted, false);
                arrive();
            });
        }

        void go(CallPlan plan, boolean counted, boolean lastGood) {
            Step step = plan.next();
            if (step instanceof Step.Send sending) {
                Attempt send = sending.attempt();
                boolean atEdge = send.endpoint().equals(Bench.CDN);
                Reply reply = atEdge ? down ? new Reply(0.01, Bench.edge500()) : edge.get() : origin.get();
                double within = send.within().orElseThrow().toNanos() / 1e9;
                boolean late = reply.seconds() >= within;
                Outcome outcome = late
                        ? Outcome.failed(new SocketTimeoutException("timeout"), Delivery.MAYBE_PROCESSED)
                        : reply.outcome();
                later(Math.min(within, reply.seconds()), () -> {
                    plan.took(send, outcome);
                    boolean good = !late
                            && outcome instanceof Outcome.Answered a
                            && a.head().status() == 200;
                    go(plan, counted, good);
                });
            } else if (step instanceof Step.Await await) {
                CompletableFuture<Boolean> over = await.over();
                over.thenRun(() -> time.schedule(Duration.ZERO, () -> go(plan, counted, false)));
                time.schedule(await.duration(), () -> over.complete(false));
            } else if (counted && lastGood && step instanceof Step.Deliver) {
                good++;
            }
        }
    }

    static Supplier<Reply> usual(Random random, double median, double sigma) {
        return () -> new Reply(median * Math.exp(sigma * random.nextGaussian()), Bench.status(200));
    }

    static Supplier<Reply> sometimes(Random random, double share, Reply other, Supplier<Reply> usual) {
        return () -> random.nextDouble() < share ? other : usual.get();
    }

    static double far(double rps, double limit, Supplier<Reply> edge, Supplier<Reply> origin) {
        return new Run(rps, limit, edge, origin).percent(120, 60);
    }

    private final Random r = new Random(1);
    private final Supplier<Reply> usual = usual(r, .2, .4);

    /** The world of the others, in which nothing out of the ordinary happens. */
    @Test
    void control() {
        assertThat(far(40, 2, usual, usual)).isGreaterThan(99);
    }

    /** Half of the answers take 200 ms, one of a hundred more than a second: as any service has it. */
    @Test
    void onePercentOfAnswersLaterThanHalfOfTheLimitIsNoOverload() {
        assertThat(far(40, 2, usual(r, .2, .69), usual(r, .2, .69))).isGreaterThan(98);
    }

    @Test
    void aPageInFiftyThatAlwaysTakes1500MsIsNoOverload() {
        Supplier<Reply> mixed = sometimes(r, .02, new Reply(1.5, Bench.status(200)), usual);
        assertThat(far(40, 2, mixed, mixed)).isGreaterThan(98);
    }

    @Test
    void onePercentOf503AsOnAnyDayIsNoOverload() {
        Supplier<Reply> mixed = sometimes(r, .01, new Reply(.05, Bench.status(503)), usual);
        assertThat(far(40, 2, mixed, mixed)).isGreaterThan(97);
    }

    @Test
    void halfAPercentOfTimeoutsAsOnAnyDayIsNoOverload() {
        Supplier<Reply> mixed = sometimes(r, .005, new Reply(9, Bench.status(200)), usual);
        assertThat(far(100, 2, mixed, mixed)).isGreaterThan(97);
    }

    /** Two percent of the users have used their quotas up, at the edge on any day as well. */
    @Test
    void usersWhoseQuotaIsUsedUpAreNoOverload() {
        Supplier<Reply> mixed = sometimes(r, .02, new Reply(.05, Bench.status(429)), usual);
        assertThat(far(40, 2, mixed, mixed)).isGreaterThan(97);
    }

    /** As on any day at the edge, too. */
    @Test
    void anEndpointWhoseUsualAnswersTakeMoreThanHalfOfTheLimitIsNotOverloadedByThat() {
        assertThat(far(10, 1, usual(r, .6, .1), usual(r, .6, .1))).isGreaterThan(95);
    }
}
