package byroad;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One logical HTTP dependency: a name, its endpoints in order of preference, and what may be done with its calls.
 *
 * <pre>{@code
 * Upstream.named("assistant")
 *     .endpoint(Endpoint.at("https://api.example.ai").through("cloudflare").hostedBy("aws/us-west-2"))
 *     .endpoint(Endpoint.at("https://api.example.ai").connectTo("origin.example.ai").hostedBy("aws/us-west-2"))
 *     .deadline(Duration.ofSeconds(30))
 *     .repeatable()
 * }</pre>
 *
 * <p>A call belongs to the upstream whose {@link #calledAt} URL is the longest prefix of the call's. A host that no
 * upstream claims is an upstream of one endpoint.
 *
 * <p>Immutable; each method with an argument returns a changed copy.
 */
public final class Upstream {
    private final String name;
    private final List<Endpoint> endpoints;
    private final @Nullable String calledAt;
    private final @Nullable Duration deadline;
    private final @Nullable Duration attemptLimit;
    private final boolean repeatable;

    private Upstream(
            String name,
            List<Endpoint> endpoints,
            @Nullable String calledAt,
            @Nullable Duration deadline,
            @Nullable Duration attemptLimit,
            boolean repeatable) {
        this.name = name;
        this.endpoints = endpoints;
        this.calledAt = calledAt;
        this.deadline = deadline;
        this.attemptLimit = attemptLimit;
        this.repeatable = repeatable;
    }

    /**
     * An upstream of that name, without endpoints yet.
     *
     * @throws IllegalArgumentException if the name cannot be part of a {@link FailureDomain}
     */
    public static Upstream named(String name) {
        FailureDomain.of("endpoint/" + name);
        return new Upstream(name, List.of(), null, null, null, false);
    }

    /** Adds the next endpoint in order of preference. */
    public Upstream endpoint(Endpoint endpoint) {
        List<Endpoint> more = new ArrayList<>(endpoints);
        more.add(endpoint);
        return new Upstream(name, List.copyOf(more), calledAt, deadline, attemptLimit, repeatable);
    }

    /** The base URL that the application calls. Defaults to that of the first endpoint. */
    public Upstream calledAt(String url) {
        return new Upstream(name, endpoints, Endpoint.at(url).at(), deadline, attemptLimit, repeatable);
    }

    /**
     * The longest time from the start of a call until its response headers are delivered, over all attempts, look-ups
     * and waits; never over a body. Defaults to the call's own timeout, else none.
     */
    public Upstream deadline(Duration deadline) {
        return new Upstream(name, endpoints, calledAt, positive("deadline", deadline), attemptLimit, repeatable);
    }

    /**
     * The longest silence of one attempt before its response headers, in connecting, securing and waiting alike.
     * Defaults to the client's read timeout. A black hole is noticed no earlier than this.
     */
    public Upstream attemptLimit(Duration attemptLimit) {
        return new Upstream(name, endpoints, calledAt, deadline, positive("attemptLimit", attemptLimit), repeatable);
    }

    /** Declares that every request may be processed twice, POST included. Defaults to no: RFC 9110 says which may. */
    public Upstream repeatable() {
        return new Upstream(name, endpoints, calledAt, deadline, attemptLimit, true);
    }

    /**
     * This upstream, if it makes sense.
     *
     * @throws IllegalArgumentException naming what contradicts what
     */
    public Upstream validated() {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException(
                    "upstream \"" + name
                            + "\": no endpoints (expected: at least one, as in .endpoint(Endpoint.at(\"https://api.example.ai\")))");
        }
        Set<String> names = new HashSet<>();
        for (Endpoint endpoint : endpoints) {
            if (!names.add(endpoint.name())) {
                throw new IllegalArgumentException("upstream \"" + name + "\": two endpoints named \"" + endpoint.name()
                        + "\" (expected: different names, as in .named(\"second\"))");
            }
        }
        if (deadline != null && attemptLimit != null && attemptLimit.compareTo(deadline) > 0) {
            throw new IllegalArgumentException("upstream \"" + name + "\": attemptLimit " + attemptLimit
                    + " is longer than deadline " + deadline + " (expected: at most the deadline)");
        }
        return this;
    }

    private static Duration positive(String what, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: more than zero)");
        }
        return value;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Its endpoints in order of preference. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    /** The base URL that the application calls. */
    public String calledAt() {
        return calledAt != null ? calledAt : endpoints.get(0).at();
    }

    /** The declared deadline. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }

    /** The declared attempt limit. */
    public Optional<Duration> attemptLimit() {
        return Optional.ofNullable(attemptLimit);
    }

    /** Whether its requests may be processed twice. */
    public boolean isRepeatable() {
        return repeatable;
    }

    @Override
    public String toString() {
        return name + endpoints;
    }
}
