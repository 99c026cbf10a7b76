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
 * The engine of one client: it knows the upstreams and their health, and makes a {@link CallPlan} for each call. Safe for
 * use by any thread.
 */
public final class CallPlanner implements AutoCloseable {
    /** How many undeclared hosts are known at a time; the one not called for the longest time is forgotten. */
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
     * An engine for these upstreams, all else by default.
     *
     * @throws IllegalArgumentException if an upstream makes no sense, or two have one name or claim one URL
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
        for (Upstream upstream : builder.upstreams) { // all first: a client that is not made leaves no circuits there
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

    /** The longest declared prefix wins; a host that nobody claims is an upstream of its own. */
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
                // Both ports are the default: http and https of one host are two upstreams, with two names.
                boolean http = only.scheme() == Scheme.HTTP && only.name().equals(only.host());
                String name = NOT_IN_A_DOMAIN.matcher(only.name()).replaceAll("_") + (http ? ":80" : "");
                Upstream itself = Upstream.named(name).endpoint(only);
                known = new UpstreamHealth(itself, HeaderRules.ofUndeclared(itself), runtime, ofUndeclared);
                undeclared.put(origin, known);
            }
            return known;
        }
    }

    /** How much is done of what is decided. */
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

    /** How the traffic of each upstream that lost its preferred endpoint moved, the last time that it did. */
    public List<TrafficShift> shifts() {
        List<TrafficShift> all = new ArrayList<>();
        everyUpstream().forEach(known -> known.shift.last().ifPresent(all::add));
        return all;
    }

    /** What endpoints of two upstreams or more suspect with certainty, the last time within a minute. */
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

    /** Ends planning: later plans are as in {@link Mode#OFF}, and a registry of the user's forgets the circuits. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return; // the circuits by these names may be another's by now
        }
        mode(Mode.OFF);
        declared.forEach(
                known -> known.endpoints.forEach(health -> ofDeclared.circuits().remove(health.domain.path())));
    }

    /** Health of every declared endpoint in words, for diagnosis. */
    @Override
    public String toString() {
        StringBuilder all = new StringBuilder("mode " + mode);
        for (UpstreamHealth known : declared) {
            all.append('\n').append(known.upstream.name()).append(": ").append(known.endpoints);
            all.append(", budget ").append(known.budget);
        }
        return all.toString();
    }

    /** Makes a {@link CallPlanner}; not safe for use by several threads. */
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

        /** Reads faults from answers. Defaults to {@link Signature#known}. */
        public Builder signature(Signature signature) {
            this.signature = signature;
            return this;
        }

        /** How much is done of what is decided. Defaults to {@link Mode#ACT}. */
        public Builder mode(Mode mode) {
            this.mode = mode;
            return this;
        }

        /** Where dashboards and metrics of Resilience4j see the circuits of declared endpoints. Defaults to nowhere. */
        public Builder circuits(CircuitBridge circuits) {
            this.circuits = circuits;
            return this;
        }

        /**
         * Any text that is the same for this installation at each start, and differs between installations. On mobile,
         * {@link Endpoint#carries} takes that share of installations by it; without it, the declaration is ignored there. It
         * is hashed and goes nowhere. Defaults to none.
         */
        public Builder installationId(String id) {
            this.installation = Installation.of(id);
            return this;
        }

        /**
         * Keeps all calls away for that long, while there is another endpoint, from a domain that the endpoints of two
         * upstreams suspect with certainty. Defaults to never: it is told only.
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
         * @throws IllegalArgumentException if an upstream makes no sense, two have one name or claim one URL, or the
         *     registry has a circuit by the name of one of their endpoints
         */
        public CallPlanner build() {
            return new CallPlanner(this);
        }
    }
}
