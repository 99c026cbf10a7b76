package byroad.call;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.EndpointStatus;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Mode;
import byroad.Scheme;
import byroad.Signature;
import byroad.TrafficShift;
import byroad.Upstream;
import byroad.call.EndpointHealth.Shared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one client: it holds the upstreams with their health, and makes a {@link CallPlan} for each call. Safe
 * for use by any thread.
 */
public final class CallPlanner implements AutoCloseable {
    /**
     * The most undeclared hosts that are known at a time; the one that was not called for the longest time is
     * forgotten.
     */
    private static final int UNDECLARED_HOSTS = 1_000;

    private static final Pattern NOT_IN_A_DOMAIN = Pattern.compile("[^a-z0-9._:\\-]");

    private final ClientRuntime runtime;
    private final Assessor assessor;
    private final Shared ofDeclared;
    private final Shared ofUndeclared;
    private final List<UpstreamHealth> declared;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Mode mode;
    private volatile @Nullable UpstreamHealth latestUndeclared;

    // Guarded by itself.
    private final Map<String, UpstreamHealth> undeclared = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, UpstreamHealth> eldest) {
            return size() > UNDECLARED_HOSTS;
        }
    };

    /**
     * An engine for these upstreams, with defaults for all else.
     *
     * @throws IllegalArgumentException if an upstream is invalid, or two have one name or one URL
     */
    public CallPlanner(List<Upstream> upstreams, Signature signature, Mode mode, ClientRuntime runtime) {
        this(builder(upstreams, runtime).signature(signature).mode(mode));
    }

    private CallPlanner(Builder builder) {
        this.runtime = builder.runtime;
        this.assessor = new Assessor(builder.signature, runtime);
        Suspicions suspicions = new Suspicions(runtime, builder.avoidSuspectedFor);
        this.ofDeclared = new Shared(builder.circuits, suspicions, builder.installation);
        this.ofUndeclared = new Shared(CircuitBridge.NONE, suspicions, Installation.UNKNOWN);
        this.mode = builder.mode;
        this.declared = new ArrayList<>();
        validate(builder.upstreams);
        for (Upstream upstream :
                builder.upstreams) { // before any circuit is made: a failed constructor leaves none in the registry
            upstream.endpoints().forEach(endpoint -> requireFree(endpoint.domainIn(upstream.name())));
        }
        for (Upstream upstream : builder.upstreams) {
            declared.add(new UpstreamHealth(upstream, HeaderRules.ofDeclared(upstream), runtime, ofDeclared));
        }
        declared.sort(Comparator.comparing(
                        (UpstreamHealth known) -> known.upstream.calledAt().length())
                .reversed());
        builder.installation.tellWhatIsIgnored(builder.upstreams, runtime);
    }

    private void requireFree(FailureDomain endpoint) {
        if (ofDeclared.circuits().hasCircuit(endpoint.path())) {
            throw new IllegalArgumentException("circuits: the registry has a circuit \"" + endpoint
                    + "\" already (expected: a registry of its own for each client, or close() on the other one)");
        }
    }

    private static void validate(List<Upstream> upstreams) {
        Map<String, String> nameByUrl = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        for (Upstream upstream : upstreams) {
            upstream.validated();
            String other = nameByUrl.put(upstream.calledAt(), upstream.name());
            if (other != null) {
                throw new IllegalArgumentException(
                        "upstreams \"" + other + "\" and \"" + upstream.name() + "\": both are called at "
                                + upstream.calledAt() + " (expected: different URLs, as by calledAt)");
            }
            if (!names.add(upstream.name())) {
                throw new IllegalArgumentException(
                        "two upstreams named \"" + upstream.name() + "\" (expected: different names)");
            }
        }
    }

    /** A builder of an engine for these upstreams. */
    public static Builder builder(List<Upstream> upstreams, ClientRuntime runtime) {
        return new Builder(upstreams, runtime);
    }

    /** A plan for one call; the clock of its deadline starts now. */
    public CallPlan plan(RequestTraits request) {
        UpstreamHealth upstream = upstreamOf(request.url());
        upstream.callStarted();
        boolean isPaid = request.alreadyRetried() && upstream.budget.tryWithdraw(RetryBudget.TRANSIENT_COST);
        return new CallPlan(mode, assessor, upstream, request, isPaid ? RetryBudget.TRANSIENT_COST : 0);
    }

    /** The upstream with the longest matching prefix; an undeclared host is an upstream of its own. */
    private UpstreamHealth upstreamOf(String url) {
        for (UpstreamHealth known : declared) {
            if (CallUrl.isBelow(url, known.upstream.calledAt())) {
                return known;
            }
        }
        UpstreamHealth latest = latestUndeclared;
        if (latest != null && CallUrl.isBelow(url, latest.upstream.calledAt())) {
            return latest; // most calls in a row go to one host
        }
        latest = undeclared(CallUrl.origin(url));
        latestUndeclared = latest;
        return latest;
    }

    private UpstreamHealth undeclared(String origin) {
        synchronized (undeclared) {
            UpstreamHealth known = undeclared.get(origin);
            if (known == null) {
                Endpoint only = Endpoint.at(origin);
                // Both can have their default port: http and https of one host are two upstreams, with two names.
                boolean http = only.scheme() == Scheme.HTTP && only.name().equals(only.host());
                String name = NOT_IN_A_DOMAIN.matcher(only.name()).replaceAll("_") + (http ? ":80" : "");
                Upstream itself = Upstream.named(name).endpoint(only);
                known = new UpstreamHealth(itself, HeaderRules.ofUndeclared(itself), runtime, ofUndeclared);
                undeclared.put(origin, known);
            }
            return known;
        }
    }

    /** Whether the client acts, only watches, or is off. */
    public Mode mode() {
        return mode;
    }

    /** Changes the mode for calls that start from now on. */
    public void mode(Mode mode) {
        Mode before = this.mode;
        this.mode = mode;
        runtime.emit(new Event.ModeChanged(before, mode));
    }

    /** The health of every endpoint now, declared ones first; reading it changes nothing. */
    public List<EndpointStatus> status() {
        List<EndpointStatus> all = new ArrayList<>();
        everyUpstream().forEach(known -> known.endpoints.forEach(health -> all.add(health.status(known.budget))));
        return all;
    }

    /** The latest traffic shift of each upstream whose preferred endpoint failed. */
    public List<TrafficShift> shifts() {
        List<TrafficShift> all = new ArrayList<>();
        everyUpstream().forEach(known -> known.shift.last().ifPresent(all::add));
        return all;
    }

    /** The domains that failures of two or more upstreams certainly pointed at within the last minute. */
    public List<Event.DomainSuspected> suspected() {
        return ofDeclared.suspicions().standing();
    }

    /** A health request of that endpoint, which is declared, succeeded: it is set up for calls, as far as is known. */
    public void healthRequestSucceeded(Endpoint endpoint) {
        declared.forEach(known -> known.endpoints.stream()
                .filter(health -> health.endpoint.equals(endpoint))
                .forEach(EndpointHealth::succeeded));
    }

    private List<UpstreamHealth> everyUpstream() {
        List<UpstreamHealth> all = new ArrayList<>(declared);
        synchronized (undeclared) {
            all.addAll(undeclared.values());
        }
        return all;
    }

    /** Ends planning: later plans are as in {@link Mode#OFF}, and the circuits are removed from the user's registry. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return; // circuits of these names may belong to another client now
        }
        mode(Mode.OFF);
        declared.forEach(
                known -> known.endpoints.forEach(health -> ofDeclared.circuits().remove(health.domain.path())));
    }

    /** The health of every declared endpoint in words, for diagnosis. */
    @Override
    public String toString() {
        StringBuilder all = new StringBuilder("mode " + mode);
        for (UpstreamHealth known : declared) {
            all.append('\n').append(known.upstream.name()).append(": ").append(known.endpoints);
            all.append(", budget ").append(known.budget);
        }
        return all.toString();
    }

    /** Builds a {@link CallPlanner}; not safe for use by several threads. */
    public static final class Builder {
        private final List<Upstream> upstreams;
        private final ClientRuntime runtime;
        private Signature signature = Signature.known();
        private Mode mode = Mode.ACT;
        private CircuitBridge circuits = CircuitBridge.NONE;
        private Installation installation = Installation.UNKNOWN;
        private Duration avoidSuspectedFor = Duration.ZERO;

        private Builder(List<Upstream> upstreams, ClientRuntime runtime) {
            this.upstreams = List.copyOf(upstreams);
            this.runtime = runtime;
        }

        /** Sets what reads faults from answers. Defaults to {@link Signature#known}. */
        public Builder signature(Signature signature) {
            this.signature = signature;
            return this;
        }

        /** Sets whether the client acts, only watches, or is off. Defaults to {@link Mode#ACT}. */
        public Builder mode(Mode mode) {
            this.mode = mode;
            return this;
        }

        /**
         * Shows the circuits of declared endpoints to dashboards and metrics of Resilience4j. Defaults to no registry.
         */
        public Builder circuits(CircuitBridge circuits) {
            this.circuits = circuits;
            return this;
        }

        /**
         * Sets a text that is the same for this installation at each start, and differs between installations. On
         * mobile, {@link Endpoint#carries} selects that share of installations by it; without it, the declaration is
         * ignored there. It is only hashed, and is not sent. Defaults to none.
         */
        public Builder installationId(String id) {
            this.installation = Installation.of(id);
            return this;
        }

        /**
         * Avoids a domain for that long, while there is another endpoint, if failures of two upstreams certainly point
         * at it. Defaults to never: there is only an event.
         *
         * @param during more than zero
         */
        public Builder avoidSuspectedFor(Duration during) {
            if (during.isZero() || during.isNegative()) {
                throw new IllegalArgumentException("avoidSuspectedFor: " + during + " (expected: more than zero)");
            }
            this.avoidSuspectedFor = during;
            return this;
        }

        /**
         * The engine.
         *
         * @throws IllegalArgumentException if an upstream is invalid, two have one name or one URL, or the registry has
         *     a circuit with the name of one of their endpoints
         */
        public CallPlanner build() {
            return new CallPlanner(this);
        }
    }
}
