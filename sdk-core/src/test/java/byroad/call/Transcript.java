package byroad.call;

import byroad.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What happened to calls on a bench, a line for each step and each event, by the millisecond:
 *
 * <pre>
 *    0ms  cdn 500, origin 200
 *  500ms  ! assistant: cdn is failing, avoided for 500ms: ...
 * </pre>
 */
final class Transcript {
    private final Bench bench;
    private final long start;
    private final List<String> lines = new ArrayList<>();
    private int events;

    Transcript(Bench bench) {
        this.bench = bench;
        this.start = bench.time.nanoTime();
    }

    /** What that endpoint says, at each send. */
    interface World extends Function<Attempt, Outcome> {}

    /** Runs a call to its end; each send takes that long. */
    void call(CallPlan plan, Duration took, World world) {
        List<String> met = new ArrayList<>();
        String at = at();
        while (true) {
            Step step = plan.next();
            if (step instanceof Step.Send sending) {
                Attempt send = sending.attempt();
                Outcome outcome = world.apply(send);
                Duration limit = send.within().orElse(took);
                bench.time.advance(limit.compareTo(took) < 0 ? limit : took);
                plan.took(send, outcome);
                met.add(send.endpoint().name() + " " + word(outcome));
            } else if (step instanceof Step.Await await) {
                Bench.addWait(met, await.duration());
                bench.time.advance(await.duration());
            } else {
                break;
            }
        }
        lines.add(at + String.join(", ", met));
        hear();
    }

    private static String word(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            return String.valueOf(answered.head().status());
        }
        return outcome instanceof Outcome.Failed failed
                ? String.valueOf(failed.failure().getMessage())
                : "cancelled";
    }

    /** Notes something of one's own. */
    void say(Object what) {
        lines.add(at() + what);
        hear();
    }

    void pass(long millis) {
        bench.time.advance(Duration.ofMillis(millis));
    }

    private void hear() {
        for (Event event : bench.events.subList(events, bench.events.size())) {
            lines.add(at() + "! " + event);
        }
        events = bench.events.size();
    }

    private String at() {
        return String.format(
                "%5dms  ", Duration.ofNanos(bench.time.nanoTime() - start).toMillis());
    }

    @Override
    public String toString() {
        return String.join("\n", lines) + "\n";
    }
}
