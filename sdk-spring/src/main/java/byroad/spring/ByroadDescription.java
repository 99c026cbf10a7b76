package byroad.spring;

import byroad.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of the actuator endpoint {@code byroad}. Absent values are omitted.
 *
 * @param mode whether the client acts, only watches, or is off
 * @param upstreams the declared upstreams
 * @param undeclared undeclared hosts, at most a hundred, failing ones first
 * @param resolvers in order of preference
 * @param lastGood the remembered hosts, at most two hundred, those in doubt first
 * @param avoidances the avoidances in force
 * @param suspected the domains that failures of several upstreams certainly point at
 * @param shifts the latest traffic shift of each upstream
 * @param events the latest hundred, oldest first
 */
public record ByroadDescription(
        Mode mode,
        List<UpstreamDescription> upstreams,
        List<Undeclared> undeclared,
        List<ResolverDescription> resolvers,
        List<Name> lastGood,
        List<Verdict> avoidances,
        List<Suspected> suspected,
        List<Shift> shifts,
        List<Told> events) {

    /** A declared upstream. */
    public record UpstreamDescription(
            String name,
            String calledAt,
            @Nullable Duration deadline,
            @Nullable Duration attemptLimit,
            @Nullable Budget budget,
            List<EndpointDescription> endpoints) {}

    /** The retry budget, in tokens. */
    public record Budget(int tokens, int capacity) {}

    /** One of its endpoints; {@code domain} is what avoid and restore take. */
    public record EndpointDescription(
            String name,
            String domain,
            String at,
            List<String> connectTo,
            List<String> through,
            @Nullable String hostedBy,
            @Nullable Health health) {}

    /**
     * The health of an endpoint. A preferred endpoint has no concurrency limit; an endpoint that never answered well
     * has no {@code answeredAgo}.
     */
    public record Health(
            String circuit,
            @Nullable Limit limit,
            Duration restLeft,
            @Nullable Duration answeredAgo) {}

    /** The concurrency limit of a fallback endpoint. */
    public record Limit(int inFlight, double allowed) {}

    /** An undeclared host. */
    public record Undeclared(String host, Health health) {}

    /** A resolver. */
    public record ResolverDescription(String name, String dependsOn, String state) {}

    /** The remembered addresses of a host. */
    public record Name(
            String host,
            String source,
            Duration age,
            String resolver,
            String reason,
            List<String> addresses,
            int proven) {}

    /** An avoidance in force. */
    public record Verdict(String domain, Instant until, String because, String voice) {}

    /** A suspected domain, and the upstreams whose failures point at it. */
    public record Suspected(String domain, List<String> by) {}

    /** A traffic shift; times that have not been reached are absent. */
    public record Shift(
            String upstream,
            String awayFrom,
            Instant since,
            @Nullable Duration to50,
            @Nullable Duration to90,
            @Nullable Duration to99,
            @Nullable Duration back) {}

    /** An event. */
    public record Told(Instant at, String kind, String text) {}
}
