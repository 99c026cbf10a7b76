package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.AttemptReport;
import byroad.CallReport;
import byroad.ClientRuntime;
import byroad.Event;
import byroad.FakeTime;
import byroad.Mode;
import byroad.Signature;
import byroad.Upstream;
import byroad.call.FaultSchedule.Fate;
import byroad.call.RequestTraits.Body;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What must hold whatever happens: many calls at once to a random upstream, each send with a random end, on a stepped clock.
 *
 * <p>{@code -Dschedules.first=7 -Dschedules.count=1} plays the schedule of seed 7 alone.
 */
class FaultSchedulesTest {
    private static final long FIRST = Long.getLong("schedules.first", 1);
    private static final long COUNT = Long.getLong("schedules.count", 2000);
    private static final Pattern IN_FLIGHT = Pattern.compile("(-?\\d+) in flight");

    @Test
    void whateverHappensTheRulesHold() {
        int sends = 0;
        for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
            try {
                sends += new Play(seed).toItsEnd();
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("schedule of seed " + seed + ": " + broken.getMessage(), broken);
            }
        }
        System.out.println("schedules " + FIRST + " to " + (FIRST + COUNT - 1) + ": " + sends + " sends");
    }

    /** One schedule. */
    private static final class Play {
        private final FakeTime time = new FakeTime();
        private final List<Event> events = new ArrayList<>();
        private final FaultSchedule schedule;
        private final CallPlanner planner;
        private final Upstream upstream;
        private final PriorityQueue<Ride> rides = new PriorityQueue<>(Comparator.comparing(ride -> ride.due));
        private final long start = time.nanoTime();
        private int sends;

        Play(long seed) {
            schedule = new FaultSchedule(seed);
            upstream = schedule.upstream();
            ClientRuntime runtime = ClientRuntime.standard()
                    .time(time)
                    .random(schedule.dice())
                    .preset(schedule.preset())
                    .events(events::add);
            planner = new CallPlanner(List.of(upstream), Signature.known(), Mode.ACT, runtime);
        }

        int toItsEnd() {
            for (int calls = schedule.calls(); calls > 0; calls--) {
                rides.add(new Ride(this, schedule.upTo(Duration.ofSeconds(20))));
            }
            while (!rides.isEmpty()) {
                Ride next = rides.poll();
                time.advance(next.due.minus(now()));
                if (next.goesOn()) {
                    rides.add(next);
                }
                Matcher inFlight = IN_FLIGHT.matcher(planner.toString());
                while (inFlight.find()) {
                    assertThat(Integer.parseInt(inFlight.group(1))).isNotNegative();
                }
            }
            permitsAreBack();
            assertThat(events.toString()).doesNotContain(FaultSchedule.SECRET);
            return sends;
        }

        private void permitsAreBack() {
            String health = planner.toString();
            assertThat(health).doesNotContain("half_open").doesNotContain(FaultSchedule.SECRET);
            Matcher inFlight = IN_FLIGHT.matcher(health);
            while (inFlight.find()) {
                assertThat(inFlight.group(1)).as(health).isEqualTo("0");
            }
        }

        Duration now() {
            return Duration.ofNanos(time.nanoTime() - start);
        }
    }

    /** One call of it. */
    private static final class Ride {
        private static final List<String> CREDENTIALS =
                List.of("Authorization", "COOKIE", "x-api-key", "api-key", "Proxy-Authorization", "X-Unknown", "Host");

        private final Play play;
        private final RequestTraits request;
        private final List<String> sent = new ArrayList<>();
        private final Set<String> unproven = new HashSet<>();
        private final List<IOException> told = new ArrayList<>();
        private Duration due;
        private Duration started = Duration.ZERO;
        private @Nullable CallPlan plan;
        private @Nullable Attempt send;
        private @Nullable Fate fate;
        private boolean leftBefore;
        private boolean maybeProcessed;

        Ride(Play play, Duration start) {
            this.play = play;
            this.request = play.schedule.request();
            this.due = start;
        }

        /** Takes what came of the last step and does the next; whether there is one more to come. */
        boolean goesOn() {
            if (plan == null) {
                started = play.now();
                plan = play.planner.plan(request);
            }
            if (send != null && fate != null) {
                take(plan, send, fate);
            }
            send = null;
            Step step = plan.next();
            if (step instanceof Step.Send sending) {
                Attempt next = sending.attempt();
                mayGo(next);
                send = next;
                fate = play.schedule.fateOf(next);
                due = due.plus(fate.took());
                play.sends++;
                return true;
            }
            if (step instanceof Step.Await await) {
                assertThat(await.duration()).isPositive();
                due = due.plus(await.duration());
                return true;
            }
            hasEndedWell(plan, step);
            return false;
        }

        private void take(CallPlan plan, Attempt send, Fate fate) {
            plan.took(send, fate.outcome());
            leftBefore |= fate.isSent();
            maybeProcessed |= fate.isMaybeProcessed();
            if (fate.outcome() instanceof Outcome.Unproven) {
                unproven.add(send.endpoint().name());
            }
            if (fate.outcome() instanceof Outcome.Failed failed) {
                told.add(failed.failure());
            } else if (fate.outcome() instanceof Outcome.Unproven doubted) {
                told.add(doubted.failure());
            } else if (fate.outcome() instanceof Outcome.Cancelled cancelled) {
                told.add(cancelled.failure());
            }
        }

        private void mayGo(Attempt next) {
            String endpoint = next.endpoint().name();
            sent.add(endpoint);
            boolean repeatable =
                    request.isIdempotent() || request.options().isRepeatable() || play.upstream.isRepeatable();
            assertThat(maybeProcessed && !repeatable)
                    .as("%s sent twice: %s", request.method(), sent)
                    .isFalse();
            assertThat(leftBefore && request.body() == Body.ONE_SHOT)
                    .as("one-shot body: %s", sent)
                    .isFalse();
            long often = sent.stream().filter(endpoint::equals).count();
            assertThat(often)
                    .as("%s", sent)
                    .isLessThanOrEqualTo(
                            (endpoint.equals("endpoint-0") ? 3 : 1) + (unproven.contains(endpoint) ? 1 : 0));
            keepsSecrets(next);
        }

        private void keepsSecrets(Attempt next) {
            String endpoint = next.endpoint().name();
            boolean atHome = next.url().startsWith(FaultSchedule.CALLED_AT + "/");
            assertThat(next.isSameAuthority()).isEqualTo(atHome);
            if (!atHome) {
                for (String credential : CREDENTIALS) {
                    boolean shared = next.endpoint().isSharingCredentials() && !credential.equals("Host");
                    assertThat(next.keeps(credential))
                            .as("%s to %s", credential, next.url())
                            .isEqualTo(shared);
                }
            }
            assertThat(next.addedHeaders().orElseThrow().values()).allMatch(value -> value.endsWith(" of " + endpoint));
        }

        private void hasEndedWell(CallPlan plan, Step end) {
            CallReport report = plan.report();
            assertThat(sent).isNotEmpty(); // a first attempt is never refused
            assertThat(report.attempts()).extracting(AttemptReport::endpoint).isEqualTo(sent);
            assertThat(report.toString()).doesNotContain(FaultSchedule.SECRET);
            play.upstream
                    .deadline()
                    .or(request::timeLimit)
                    .ifPresent(deadline -> assertThat(play.now())
                            .as("deadline %s, %s", deadline, report)
                            .isLessThanOrEqualTo(started.plus(deadline)));
            if (end instanceof Step.GiveUp gaveUp && !told.contains(gaveUp.failure())) {
                assertThat(gaveUp.failure().getMessage()).doesNotContain(FaultSchedule.SECRET);
            }
        }
    }
}
