package byroad.spring;

import byroad.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the actuator endpoint {@code byroad} shows. What is absent is not written.
 *
 * @param mode how much is done of what is decided
 * @param upstreams the declared ones
 * @param undeclared hosts that nobody declared, the first hundred, those that fail first
 * @param resolvers in order of preference
 * @param lastGood what is remembered of hosts, the first two hundred, those in doubt first
 * @param avoidances the verdicts in force
 * @param suspected what the endpoints of several upstreams suspect with certainty
 * @param shifts how traffic moved away and back, the last time of each upstream
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

    /** What is left for repeats, in tokens. */
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

    /** How an endpoint fares; a preferred one has no concurrency limit, and who never answered no time since. */
    public record Health(
            String circuit,
            @Nullable Limit limit,
            Duration restLeft,
            @Nullable Duration answeredAgo) {}

    /** What a fallback endpoint is trusted with. */
    public record Limit(int inFlight, double allowed) {}

    /** A host that nobody declared. */
    public record Undeclared(String host, Health health) {}

    /** A resolver. */
    public record ResolverDescription(String name, String dependsOn, String state) {}

    /** What is remembered of a host. */
    public record Name(
            String host,
            String source,
            Duration age,
            String resolver,
            String reason,
            List<String> addresses,
            int proven) {}

    /** A verdict in force. */
    public record Verdict(String domain, Instant until, String because, String voice) {}

    /** A domain, and the upstreams whose endpoints suspect it. */
    public record Suspected(String domain, List<String> by) {}

    /** How traffic moved; what has not come yet is absent. */
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
