package byroad.call;

import byroad.Endpoint;
import byroad.FailureDomain;
import byroad.Seams;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client knows of one endpoint: its circuit, its gate if it stands in, and until when it asked to be left alone. */
final class EndpointHealth {
    final String upstream;
    final Endpoint endpoint;
    final int rank;
    final FailureDomain domain;
    final Set<FailureDomain> dependsOn;
    final Circuit circuit;
    final @Nullable Gate gate;

    private final Seams seams;
    private volatile long notBefore;

    /** The health of the endpoint of that rank, 0 being the preferred one: only the others have a gate. */
    EndpointHealth(
            String upstream,
            Endpoint endpoint,
            int rank,
            OwnLoad ownLoad,
            Seams seams,
            CircuitBreakerRegistry registry) {
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.rank = rank;
        this.domain = endpoint.domainIn(upstream);
        this.dependsOn = endpoint.dependsOn(upstream);
        this.circuit = new Circuit(upstream, endpoint.name(), domain, seams, registry);
        this.gate = rank == 0 ? null : new Gate(seams, ownLoad, endpoint.carries());
        this.seams = seams;
        this.notBefore = seams.time().nanoTime();
    }

    /** The endpoint asked for that long a rest. */
    void leaveAloneFor(Duration rest) {
        notBefore = seams.time().nanoTime() + rest.toNanos();
    }

    /** How much of the rest it asked for is left; zero or less if none. */
    Duration restLeft() {
        return Duration.ofNanos(notBefore - seams.time().nanoTime());
    }

    @Override
    public String toString() {
        return endpoint + " " + circuit + (gate == null ? "" : ", " + gate);
    }
}
