package byroad.okhttp;

import byroad.Avoidance;
import byroad.Avoidance.Voice;
import byroad.CallReport;
import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.EndpointStatus;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Mode;
import byroad.Preset;
import byroad.ResolverStatus;
import byroad.Signature;
import byroad.TrafficShift;
import byroad.Upstream;
import byroad.UserCode;
import byroad.call.CallPlan;
import byroad.call.CallPlanner;
import byroad.call.CircuitBridge;
import byroad.dns.AnswerStore;
import byroad.dns.KnownHost;
import byroad.dns.LastGood;
import byroad.dns.Resolver;
import byroad.dns.ResolverChain;
import byroad.dns.ResolverSpec;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * An OkHttp interceptor that adds failover, retries and resilient DNS to a client: calls succeed while a provider that
 * they depend on is down, and the outage does not become worse.
 *
 * <pre>{@code
 * OkHttpClient client = Byroad.create().installOn(new OkHttpClient.Builder()).build();
 * }</pre>
 *
 * <p>Callers get OkHttp's own responses and exceptions; {@link #reportOf} returns the report of each call. If a library
 * accepts only interceptors, {@code addInterceptor(Byroad.create())} has all functions but two, which need the builder:
 * a guard against OkHttp's own retry of a request answered {@code 503} with {@code Retry-After: 0}, and a guard against
 * credentials on redirects to another host, of which OkHttp itself removes only {@code Authorization}.
 *
 * <p>Safe for use by any thread and by several clients; clients that differ in {@code Dns}, sockets or trust share no
 * remembered names.
 */
public final class Byroad implements Interceptor, Closeable {
    private final Listeners<Event> events = new Listeners<>();
    private final Listeners<CallReport> reports = new Listeners<>();
    private final List<Upstream> upstreams;
    private final ClientRuntime runtime;
    private final CallPlanner planner;
    private final AllNames names;
    private final CallExecution.Parts parts;

    private Byroad(Builder builder) {
        events.add(builder.runtime.events());
        builder.listeners.forEach(events::add);
        this.upstreams = List.copyOf(builder.upstreams);
        this.runtime = builder.runtime.events(events);
        this.names =
                new AllNames(builder.resolvers, builder.chain, builder.lastGood, builder.store, upstreams, runtime);
        CallPlanner.Builder engine = CallPlanner.builder(upstreams, runtime);
        builder.engine.accept(engine);
        this.planner = engine.build();
        names.onHealthy(planner::healthRequestSucceeded);
        this.parts = new CallExecution.Parts(
                Rewrites.of(builder.rewrites, upstreams, runtime), new OwnCalls(this), builder.detach, runtime.time());
    }

    /**
     * A Byroad without declared upstreams: last good addresses, and retries within a budget if they are safe, for every
     * host.
     */
    public static Byroad create() {
        return builder().build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Installs this on a client: as an application interceptor, and as a network interceptor that prevents hidden
     * retries and credentials on redirects. Add interceptors that add credentials before it.
     *
     * @return the same builder
     */
    public OkHttpClient.Builder installOn(OkHttpClient.Builder client) {
        return client.addInterceptor(this).addNetworkInterceptor(new WireGuard());
    }

    /** Plans the call and executes the plan, until there is a response or nothing more can be tried. */
    @Override
    public Response intercept(Chain chain) throws IOException {
        if (planner.mode() == Mode.OFF || CallState.isUnderWay(chain)) {
            return chain.proceed(chain.request());
        }
        CallPlan plan = planner.plan(Requests.traitsOf(chain));
        try (CallExecution execution = new CallExecution(chain, plan, names.of(chain), parts)) {
            return execution.run();
        } finally {
            if (!reports.isEmpty()) {
                UserCode.run(runtime, "a listener for reports", () -> reports.accept(plan.report()));
            }
        }
    }

    /** The report of the call that this response answers; {@link CallReport#NONE} for a response of another client. */
    public static CallReport reportOf(Response response) {
        CallPlan plan = response.request().tag(CallPlan.class);
        return plan == null ? CallReport.NONE : plan.report();
    }

    /**
     * The report of that call so far; {@link CallReport#NONE} for a call of another client, or one that has not
     * started.
     */
    public static CallReport reportOf(Call call) {
        CallState state = CallState.of(call);
        return state == null ? CallReport.NONE : state.plan().report();
    }

    /** The report of the call that failed with this exception, which may be a cause of another library's exception. */
    public static CallReport reportOf(Throwable thrown) {
        return ReportCarrier.in(thrown);
    }

    /**
     * Avoids a domain: no call uses an endpoint that depends on it, while there is another one.
     *
     * @param domain as in {@link FailureDomain}, such as {@code cloudflare} or {@code endpoint/assistant/azure}
     * @param during more than zero
     * @param because the reason, for reports
     */
    public void avoid(String domain, Duration during, String because) {
        FailureDomain avoided = FailureDomain.checked("avoid", domain);
        Avoidance verdict = runtime.avoidances().avoid(avoided, during, because, Voice.OPERATOR);
        boolean isOfAny = upstreams.stream()
                .anyMatch(one -> one.endpoints().stream()
                        .anyMatch(endpoint -> avoided.coversAny(endpoint.dependsOn(one.name()))));
        runtime.emit(new Event.AvoidanceChanged(
                verdict + (isOfAny || upstreams.isEmpty() ? "" : " (no declared endpoint depends on it)")));
    }

    /** Ends an {@link #avoid} of exactly that domain before its time. */
    public void restore(String domain) {
        runtime.avoidances().restore(FailureDomain.of(domain), Voice.OPERATOR);
        runtime.emit(new Event.AvoidanceChanged("restored " + domain));
    }

    /**
     * Looks these hosts up in the background, for later calls, for example when an app starts; a failure only shows in
     * the calls.
     */
    public void prewarm(String... hosts) {
        names.prewarm(List.of(hosts));
    }

    /**
     * Reports that the device is on that network now. Addresses are remembered for each network, and connections of
     * another network are not used any more.
     *
     * @param id any name for the network, such as Android's {@code network.toString()}
     */
    public void onNetworkChanged(String id) {
        names.onNetworkChanged(id);
    }

    /** Sets whether the client acts, only watches, or is off, for calls that start from now on. */
    public void mode(Mode mode) {
        planner.mode(Objects.requireNonNull(mode, "mode"));
    }

    /** Whether the client acts, only watches, or is off. Defaults to {@link Mode#ACT}. */
    public Mode mode() {
        return planner.mode();
    }

    /** The health of every endpoint now, declared ones first; reading it changes nothing. */
    public List<EndpointStatus> status() {
        return planner.status();
    }

    /** The latest traffic shift of each upstream whose preferred endpoint failed. */
    public List<TrafficShift> shifts() {
        return planner.shifts();
    }

    /** The declared upstreams in the order of their declaration. */
    public List<Upstream> upstreams() {
        return upstreams;
    }

    /** The avoidances in force, oldest first: those of operators, and those of circuits. */
    public List<Avoidance> avoidances() {
        return runtime.avoidances().inForce();
    }

    /** The domains that failures of several upstreams certainly point at; a suspicion lasts a minute. */
    public List<Event.DomainSuspected> suspected() {
        return planner.suspected();
    }

    /** The resolvers in order of preference, and whether they answer. */
    public List<ResolverStatus> resolvers() {
        return names.resolvers();
    }

    /** The remembered hosts, at most {@link LastGood.Builder#names} for each kind of client. */
    public List<KnownHost> knownHosts() {
        return names.known();
    }

    /** Adds a listener for events from now on; it must be quick. */
    public void onEvent(Consumer<Event> listener) {
        events.add(listener);
    }

    /** Adds a listener for the report of each call when it ends, on the thread of the call; it must be quick. */
    public void onReport(Consumer<CallReport> listener) {
        reports.add(listener);
    }

    /**
     * Ends timers, threads and resolvers; later calls are sent as in {@link Mode#OFF}. The clients stay as they are.
     */
    @Override
    public void close() {
        planner.close();
        names.close();
        runtime.close();
    }

    /** The health of every declared endpoint in words, for diagnosis. */
    @Override
    public String toString() {
        return planner.toString();
    }

    /** Builds a {@link Byroad}; not safe for use by several threads. */
    public static final class Builder {
        private final List<ResolverSpec> resolvers = new ArrayList<>();
        private final List<Upstream> upstreams = new ArrayList<>();
        private final Map<String, UnaryOperator<Request>> rewrites = new LinkedHashMap<>();
        private UnaryOperator<ResolverChain> chain = UnaryOperator.identity();
        private Consumer<LastGood.Builder> lastGood = settings -> {};
        private Optional<AnswerStore> store = Optional.empty();
        private Signature signature = Signature.known();
        private Consumer<CallPlanner.Builder> engine = settings -> {};
        private final List<Consumer<Event>> listeners = new ArrayList<>();
        private ClientRuntime runtime = ClientRuntime.standard();
        private Detach detach = Detach.BY_ANOTHER_PORT;

        private Builder() {}

        /**
         * Adds the next resolver of the chain. Defaults to {@code system} only, because other resolvers learn which
         * names are looked up.
         *
         * @param text as in {@link ResolverSpec}: {@code system}, {@code quad9}, {@code https://...}, {@code udp://...}
         */
        public Builder resolver(String text) {
            resolvers.add(ResolverSpec.parse(text));
            return this;
        }

        /** Adds the next resolver of the chain. */
        public Builder resolver(Resolver resolver) {
            resolvers.add(new ResolverSpec.Made(resolver));
            return this;
        }

        /**
         * Adds an upstream; its endpoints get failover. Defaults to none.
         *
         * @throws IllegalArgumentException if a URL is not written as OkHttp writes it
         */
        public Builder upstream(Upstream upstream) {
            upstreams.add(DeclaredUrls.checked(upstream));
            return this;
        }

        /** Changes requests to one endpoint, named {@code upstream/endpoint}, before they are sent. Defaults to none. */
        public Builder rewrite(String upstreamAndEndpoint, UnaryOperator<Request> rewrite) {
            rewrites.put(upstreamAndEndpoint, rewrite);
            return this;
        }

        /** Adds a signature. It is asked before those that were added earlier and before the built-in ones. */
        public Builder signature(Signature signature) {
            this.signature = signature.orElse(this.signature);
            return engine(settings -> settings.signature(this.signature));
        }

        /** Changes the chain of resolvers: {@code c -> c.independent(2)}. */
        public Builder chain(UnaryOperator<ResolverChain> change) {
            this.chain = change;
            return this;
        }

        /** Changes how long old answers are used: {@code g -> g.retainFor(Duration.ofMinutes(30))}. */
        public Builder lastGood(Consumer<LastGood.Builder> change) {
            this.lastGood = change;
            return this;
        }

        /**
         * Sets a store that keeps proven addresses over restarts, such as {@link AnswerStore#file}. It is only used by
         * clients with the platform's own {@code Dns} and trust. Defaults to none.
         */
        public Builder store(AnswerStore store) {
            this.store = Optional.of(store);
            return this;
        }

        /** Sets whether the client acts, only watches, or is off. Defaults to {@link Mode#ACT}. */
        public Builder mode(Mode mode) {
            Objects.requireNonNull(mode, "mode");
            return engine(settings -> settings.mode(mode));
        }

        /**
         * Shows the circuits of declared endpoints in that registry, for dashboards and metrics of Resilience4j;
         * read-only, see {@link CircuitBridge}. {@link Byroad#close} removes them. Defaults to none.
         */
        public Builder circuits(CircuitBreakerRegistry registry) {
            return engine(settings -> settings.circuits(CircuitBridge.to(registry)));
        }

        /**
         * Sets a text that is the same for this installation at each start. On mobile, {@link Endpoint#carries} selects
         * that share of all installations by it. It is only hashed, and is not sent. Defaults to none: the declaration
         * is ignored there.
         */
        public Builder installationId(String id) {
            return engine(settings -> settings.installationId(id));
        }

        /**
         * Avoids each {@link Byroad#suspected} domain for that long, more than zero, while there is another endpoint.
         * Defaults to never.
         */
        public Builder avoidSuspectedFor(Duration during) {
            return engine(settings -> settings.avoidSuspectedFor(during));
        }

        private Builder engine(Consumer<CallPlanner.Builder> change) {
            this.engine = engine.andThen(change);
            return this;
        }

        /** Sets which defaults apply. Defaults to the detected preset. */
        public Builder preset(Preset preset) {
            this.runtime = runtime.preset(preset);
            return this;
        }

        /** Adds a listener for events; it must be quick. Defaults to none. */
        public Builder onEvent(Consumer<Event> listener) {
            this.listeners.add(listener);
            return this;
        }

        /** Replaces how a call gives its connection back, for tests in which it does not. */
        Builder detach(Detach detach) {
            this.detach = detach;
            return this;
        }

        /** Replaces clock, random numbers and threads, for tests; also replaces a preset that was set earlier. */
        public Builder runtime(ClientRuntime runtime) {
            this.runtime = runtime;
            return this;
        }

        /**
         * Builds it.
         *
         * @throws IllegalArgumentException if a setting is invalid; the message has the value and what was expected
         * @throws IllegalStateException if the class path has several versions of OkHttp, or one that is too old
         */
        public Byroad build() {
            ClassPath.requireOneOkHttp(runtime.preset());
            return new Byroad(this);
        }
    }
}
