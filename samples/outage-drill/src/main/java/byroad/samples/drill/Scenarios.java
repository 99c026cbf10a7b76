package byroad.samples.drill;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The scenarios, and the names of the service in them. */
final class Scenarios {
    static final String API = "api.example.test";
    static final String EDGE_B_NAME = "api-b.example.test";
    static final String ORIGIN_NAME = "origin.example.test";
    static final String OTHER_REGION_NAME = "api.eu-west-1.example.test";
    static final String REGION = "dynamodb.us-east-1.example.test";

    private Scenarios() {}

    /**
     * Returns those that run unless others are asked for: the two incidents, and one for each way to fail. They take two
     * and a half minutes.
     *
     * @param outage how long each outage lasts in all; empty for each scenario's own length
     */
    static List<Scenario> usual(Optional<Duration> outage) {
        return List.of(
                EdgeScenarios.cloudflare(outage.orElse(Duration.ofSeconds(10))),
                NameScenarios.dynamodb(outage.orElse(Duration.ofSeconds(10))),
                NameScenarios.resolverOperatorDown(outage.orElse(Duration.ofSeconds(9))),
                OriginScenarios.regionDown(outage.orElse(Duration.ofSeconds(8))),
                EdgeScenarios.edgeBlackHole(outage.orElse(Duration.ofSeconds(8))),
                OriginScenarios.overloadedByDiversion(outage.orElse(Duration.ofSeconds(14))),
                OriginScenarios.everythingDown(outage.orElse(Duration.ofSeconds(26))));
    }

    /** Returns the others. */
    static List<Scenario> further(Optional<Duration> outage) {
        return List.of(
                EdgeScenarios.alternateEdgeAlsoDown(outage.orElse(Duration.ofSeconds(10))),
                EdgeScenarios.brownOut(outage.orElse(Duration.ofSeconds(10))),
                EdgeScenarios.flapping(outage.orElse(Duration.ofSeconds(10))),
                EdgeScenarios.edgePolicy(outage.orElse(Duration.ofSeconds(6))),
                NameScenarios.everyResolverSilent(outage.orElse(Duration.ofSeconds(9))),
                NameScenarios.resolversDisagree(outage.orElse(Duration.ofSeconds(15))),
                NameScenarios.restartInOutage(outage.orElse(Duration.ofSeconds(10))));
    }

    /** Returns all: the usual ones, then the others. */
    static List<Scenario> all(Optional<Duration> outage) {
        return Stream.concat(usual(outage).stream(), further(outage).stream()).toList();
    }

    static List<String> names() {
        return all(Optional.empty()).stream().map(Scenario::name).toList();
    }
}
