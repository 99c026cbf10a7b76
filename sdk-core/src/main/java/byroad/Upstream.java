package byroad;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A service that the application calls over HTTP: its name, its endpoints in order of preference, and the rules for its
 * calls.
 *
 * <pre>{@code
 * Upstream.named("assistant")
 *     .endpoint(Endpoint.at("https://api.example.ai").through("cloudflare").hostedBy("aws/us-west-2"))
 *     .endpoint(Endpoint.at("https://api.example.ai").connectTo("origin.example.ai").hostedBy("aws/us-west-2"))
 *     .deadline(Duration.ofSeconds(30))
 *     .repeatable()
 * }</pre>
 *
 * <p>A call belongs to the upstream whose {@link #calledAt} URL is the longest prefix of the call's URL. A host that is
 * in no upstream becomes an undeclared upstream with one endpoint.
 *
 * <p>Immutable; each method with an argument returns a changed copy.
 */
public final class Upstream {
    private final String name;
    private final List<Endpoint> endpoints;
    private final Policy policy;

    private Upstream(String name, List<Endpoint> endpoints, Policy policy) {
        this.name = name;
        this.endpoints = endpoints;
        this.policy = policy;
    }

    /** The settings of an upstream beside its endpoints; changed only before the new copy is published. */
    private static final class Policy {
        @Nullable
        String calledAt;

        @Nullable
        Duration deadline;

        @Nullable
        Duration attemptLimit;

        boolean repeatable;
        boolean strictlyOnce;

        @Nullable
        String originMarker;

        @Nullable
        String attemptHeader;

        @Nullable
        EventStreams eventStreams;

        Policy() {}

        Policy(Policy other) {
            this.calledAt = other.calledAt;
            this.deadline = other.deadline;
            this.attemptLimit = other.attemptLimit;
            this.repeatable = other.repeatable;
            this.strictlyOnce = other.strictlyOnce;
            this.originMarker = other.originMarker;
            this.attemptHeader = other.attemptHeader;
            this.eventStreams = other.eventStreams;
        }
    }

    private Upstream with(Consumer<Policy> change) {
        Policy changed = new Policy(policy);
        change.accept(changed);
        return new Upstream(name, endpoints, changed);
    }

    /**
     * An upstream of that name, without endpoints yet.
     *
     * @throws IllegalArgumentException if the name cannot be part of a {@link FailureDomain}
     */
    public static Upstream named(String name) {
        Checked.name("named", name);
        return new Upstream(name, List.of(), new Policy());
    }

    /** Adds the next endpoint in order of preference. */
    public Upstream endpoint(Endpoint endpoint) {
        List<Endpoint> more = new ArrayList<>(endpoints);
        more.add(marked(endpoint, policy.originMarker));
        return new Upstream(name, List.copyOf(more), policy);
    }

    /** The base URL that the application calls. Defaults to that of the first endpoint. */
    public Upstream calledAt(String url) {
        return with(changed -> changed.calledAt = Endpoint.at(url).at());
    }

    /**
     * The longest time from the start of a call until its response headers are delivered, including all attempts,
     * look-ups and waits, but not the body. Defaults to the call's own timeout, else none.
     */
    public Upstream deadline(Duration deadline) {
        return with(changed -> changed.deadline = Checked.positive("deadline", deadline));
    }

    /**
     * The longest silence of one attempt before its response headers, while it connects, makes the TLS handshake or
     * waits. Defaults to the client's read timeout. An endpoint that never answers is not detected earlier than this.
     */
    public Upstream attemptLimit(Duration attemptLimit) {
        return with(changed -> changed.attemptLimit = Checked.positive("attemptLimit", attemptLimit));
    }

    /**
     * Declares that every request may be processed twice, POST included. Defaults to no: only idempotent methods (RFC
     * 9110) may be.
     */
    public Upstream repeatable() {
        return with(changed -> {
            changed.repeatable = true;
            changed.strictlyOnce = false;
        });
    }

    /**
     * Declares that no request may be processed twice, not even with an idempotent method or an {@code
     * Idempotency-Key}: a request is sent again only if it is certain that no server processed it. A reused connection
     * that ends under a request then ends its call. Defaults to no; takes the place of {@link #repeatable}.
     */
    public Upstream strictlyOnce() {
        return with(changed -> {
            changed.repeatable = false;
            changed.strictlyOnce = true;
        });
    }

    /**
     * Sets requirements for event streams, such as how they end. Defaults to none: only a connection that breaks counts
     * as a failure.
     */
    public Upstream eventStreams(EventStreams expected) {
        Objects.requireNonNull(expected, "eventStreams");
        return with(changed -> changed.eventStreams = expected);
    }

    /**
     * Sends the number of the attempt in that header, 1 for the first of a call, so that the host can recognise
     * retries. Defaults to none.
     *
     * @throws IllegalArgumentException if it is not a header name (RFC 9110, 5.1)
     */
    public Upstream attemptHeader(String headerName) {
        return with(changed -> changed.attemptHeader = Checked.headerName("attemptHeader", headerName));
    }

    /** Sets {@link Endpoint#originMarker} for all endpoints that do not declare one themselves. Defaults to none. */
    public Upstream originMarker(String headerName) {
        List<Endpoint> marked = new ArrayList<>();
        endpoints.forEach(endpoint -> marked.add(marked(endpoint, headerName)));
        return new Upstream(name, List.copyOf(marked), policy)
                .with(changed -> changed.originMarker = Checked.headerName("originMarker", headerName));
    }

    private static Endpoint marked(Endpoint endpoint, @Nullable String marker) {
        return marker == null || endpoint.originMarker().isPresent() ? endpoint : endpoint.originMarker(marker);
    }

    /**
     * Checks this upstream and returns it.
     *
     * @throws IllegalArgumentException that names the contradiction
     */
    public Upstream validated() {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException(
                    "upstream \"" + name
                            + "\": no endpoints (expected: at least one, as in .endpoint(Endpoint.at(\"https://api.example.ai\")))");
        }
        if (!endpoints.get(0).roles().isEmpty()) {
            throw new IllegalArgumentException(
                    "upstream \"" + name + "\": onlyFor " + endpoints.get(0).roles()
                            + " at the first endpoint (expected: at others only, the first serves every call)");
        }
        Set<String> names = new HashSet<>();
        for (Endpoint endpoint : endpoints) {
            if (!names.add(endpoint.name())) {
                throw new IllegalArgumentException("upstream \"" + name + "\": two endpoints named \"" + endpoint.name()
                        + "\" (expected: different names, as in .named(\"second\"))");
            }
        }
        Duration deadline = policy.deadline;
        Duration attemptLimit = policy.attemptLimit;
        if (deadline != null && attemptLimit != null && attemptLimit.compareTo(deadline) > 0) {
            throw new IllegalArgumentException("upstream \"" + name + "\": attemptLimit " + attemptLimit
                    + " is longer than deadline " + deadline + " (expected: at most the deadline)");
        }
        if (deadline != null && policy.eventStreams != null) {
            requireFirstEventBefore(deadline, policy.eventStreams);
        }
        return this;
    }

    private void requireFirstEventBefore(Duration deadline, EventStreams streams) {
        boolean isLonger = streams.firstEventWithin()
                .filter(limit -> limit.compareTo(deadline) > 0)
                .isPresent();
        if (isLonger && streams.isCommittedAtFirstEvent()) {
            throw new IllegalArgumentException("upstream \"" + name + "\": firstEventWithin "
                    + streams.firstEventWithin().get() + " is longer than deadline " + deadline
                    + " (expected: at most the deadline, which runs until the first event with committedAtFirstEvent)");
        }
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
        return policy.calledAt != null ? policy.calledAt : endpoints.get(0).at();
    }

    /** The declared deadline. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(policy.deadline);
    }

    /** The declared attempt limit. */
    public Optional<Duration> attemptLimit() {
        return Optional.ofNullable(policy.attemptLimit);
    }

    /** The requirements for its event streams. */
    public Optional<EventStreams> eventStreams() {
        return Optional.ofNullable(policy.eventStreams);
    }

    /** The header that carries the number of the attempt. */
    public Optional<String> attemptHeader() {
        return Optional.ofNullable(policy.attemptHeader);
    }

    /** Whether its requests may be processed twice. */
    public boolean isRepeatable() {
        return policy.repeatable;
    }

    /** Whether none of its requests may be processed twice. */
    public boolean isStrictlyOnce() {
        return policy.strictlyOnce;
    }

    @Override
    public String toString() {
        return name + endpoints;
    }
}
