package byroad.benchmarks.fleet;

import java.util.List;
import java.util.Optional;

/**
 * One row of the table: who calls, what the world is like, what breaks, and what is known of it.
 *
 * @param name short, as in H3
 * @param about in words
 * @param populations who calls
 * @param carries how many of the normal calls a second each direct origin can do, as a share
 * @param hitRatio the share that the edge answers by itself
 * @param limit seconds of silence after which a client gives an attempt up
 * @param warm seconds before the outage
 * @param outage seconds it lasts
 * @param script what breaks and heals
 * @param reported what the simulation of 2026-11-23 said of its prototype
 */
record Scenario(
        String name,
        String about,
        List<Population> populations,
        List<Double> carries,
        double hitRatio,
        Temperament temperament,
        Latency latency,
        double limit,
        int warm,
        int outage,
        Outage script,
        Optional<Reported> reported) {

    static final int AFTER = 60;

    /** What breaks and heals. */
    interface Outage {
        /** It begins, and will be over in so many seconds. */
        void begin(World world, int seconds);
    }

    /** Percent answered in the outage by the oracle and by the prototype, and the prototype's seconds of collapse. */
    record Reported(double oracle, double prototype, int collapsed, double crashes) {}

    int end() {
        return warm + outage + AFTER;
    }

    /** The same with that many clients in all. */
    Scenario withClients(int clients) {
        int all = populations.stream().mapToInt(Population::clients).sum();
        List<Population> scaled = populations.stream()
                .map(population -> population.scaled((double) clients / all))
                .toList();
        return new Scenario(
                name, about, scaled, carries, hitRatio, temperament, latency, limit, warm, outage, script, reported);
    }

    /** The same, over sooner. */
    Scenario lasting(int seconds) {
        return new Scenario(
                name,
                about,
                populations,
                carries,
                hitRatio,
                temperament,
                latency,
                limit,
                warm,
                seconds,
                script,
                reported);
    }
}
