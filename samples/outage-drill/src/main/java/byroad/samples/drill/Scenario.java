package byroad.samples.drill;

import java.time.Duration;
import java.util.List;

/**
 * A script of what breaks and when, and which endpoints lead to the service.
 *
 * @param name what one types to run it
 * @param summary what happens, in a sentence or two
 * @param endpoints the ways to the service, in order of preference
 * @param traffic who answers
 * @param guest who else takes part
 * @param promise what Byroad promises
 * @param phases what happens, in order; the first is a good one
 */
record Scenario(
        String name,
        String summary,
        List<Route> endpoints,
        Traffic traffic,
        Guest guest,
        Promise promise,
        List<Phase> phases) {

    Scenario {
        endpoints = List.copyOf(endpoints);
        phases = List.copyOf(phases);
    }

    /** Returns the same endpoints on a good day that lasts so long. */
    Scenario calm(String name, String words, Duration length) {
        List<Phase> calm = List.of(Phase.good(words, length, Phase.Change.NONE));
        return new Scenario(name, summary, endpoints, traffic, Guest.NONE, promise, calm);
    }

    Duration length() {
        return phases.stream().map(Phase::length).reduce(Duration.ZERO, Duration::plus);
    }
}
