package byroad.samples.drill;

import java.time.Duration;
import java.util.List;

/**
 * A script of what breaks and when, and which doors lead to the service.
 *
 * @param name what one types to run it
 * @param summary what happens, in a sentence or two
 * @param doors the ways to the service, in order of preference
 * @param traffic who answers
 * @param guest who else takes part
 * @param promise what Byroad promises
 * @param phases what happens, in order; the first is a good one
 */
record Scenario(
        String name,
        String summary,
        List<Door> doors,
        Traffic traffic,
        Guest guest,
        Promise promise,
        List<Phase> phases) {

    Scenario {
        doors = List.copyOf(doors);
        phases = List.copyOf(phases);
    }

    /** Returns the same doors on a good day that lasts so long. */
    Scenario calm(String name, String words, Duration length) {
        List<Phase> calm = List.of(Phase.good(words, length, Phase.Change.NONE));
        return new Scenario(name, summary, doors, traffic, Guest.NONE, promise, calm);
    }

    Duration length() {
        return phases.stream().map(Phase::length).reduce(Duration.ZERO, Duration::plus);
    }
}
