package byroad.samples.drill;

import byroad.samples.drill.Arrivals.Arrival;
import java.time.Duration;
import java.util.List;

/**
 * What was seen while a scenario ran.
 *
 * @param clients in the order of the tables
 * @param arrivals what came to the parties, with times from the start of the scenario
 * @param lag how late the load generator was in starting calls, the 99th percentile
 */
record ScenarioRun(Scenario scenario, List<ClientRun> clients, List<Seen> arrivals, Duration lag) {

    ScenarioRun {
        clients = List.copyOf(clients);
        arrivals = List.copyOf(arrivals);
    }

    /** Returns the run of that client. */
    ClientRun client(String name) {
        return clients.stream()
                .filter(client -> client.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("client: " + name));
    }

    /** The calls of one client, in the order of their schedule. */
    record ClientRun(String name, List<CallRecord> calls) {
        ClientRun {
            calls = List.copyOf(calls);
        }
    }

    /** A request that arrived at a party. */
    record Seen(Duration at, Arrival arrival) {}
}
