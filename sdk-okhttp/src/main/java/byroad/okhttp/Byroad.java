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
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * An OkHttp interceptor that keeps calls succeeding while a provider they depend on is down, and never makes that outage
 * worse.
 *
 * <pre>{@code
 * OkHttpClient client = Byroad.create().installOn(new OkHttpClient.Builder()).build();
 * }</pre>
 *
 * <p>Callers get OkHttp's own responses and exceptions; {@link #reportOf} tells the story of each. Where a library takes
 * interceptors only, {@code addInterceptor(Byroad.create())} carries all but two things that need the builder: a guard
 * against OkHttp's own retry of a request answered {@code 503} with {@code Retry-After: 0}, and one against credentials on
 * redirects, of which OkHttp itself takes only {@code Authorization} away on the way to another host.
 *
 * <p>Safe for use by any thread and by several clients; those that differ in {@code Dns}, sockets or trust share no names.
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
        this.parts = new CallExecution.Parts(
                Rewrites.of(builder.rewrites, upstreams, runtime), new OwnCalls(this), builder.detach, runtime.time());
    }

    /** With nothing declared: last-good names and budgeted retries of what is safe to repeat, for every host. */
    public static Byroad create() {
        return builder().build();
    }

    /** With the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Installs this on a client: as an application interceptor, and as a guard on the network, which keeps hidden retries and
     * credentials on redirects back. Interceptors that add credentials are added before it.
     *
     * @return the same builder
     */
    public OkHttpClient.Builder installOn(OkHttpClient.Builder client) {
        return client.addInterceptor(this).addNetworkInterceptor(new WireGuard());
    }

    /** Plans the call and executes the plan, until there is an answer or nothing more to try. */
    @Override
    public Response intercept(Chain chain) throws IOException {
        if (planner.mode() == Mode.OFF || CallState.isUnderWay(chain)) {
            return chain.proceed(chain.request());
        }
        CallPlan plan = planner.plan(Requests.traitsOf(chain));
        try (CallExecution execution = new CallExecution(chain, plan, names.of(chain), parts)) {
            return execution.run();
        } finally {
            UserCode.run(runtime, "a listener for reports", () -> reports.tell(plan::report));
        }
    }

    /** The story of the call that this response answers; {@link CallReport#NONE} for a response of another client. */
    public static CallReport reportOf(Response response) {
        CallPlan plan = response.request().tag(CallPlan.class);
        return plan == null ? CallReport.NONE : plan.report();
    }

    /** The story of that call so far; {@link CallReport#NONE} for a call of another client, or not yet started. */
    public static CallReport reportOf(Call call) {
        CallState state = CallState.of(call);
        return state == null ? CallReport.NONE : state.plan().report();
    }

    /** The story of the call that failed with this, also from inside another library's exception. */
    public static CallReport reportOf(Throwable thrown) {
        return ReportCarrier.in(thrown);
    }

    /**
     * Keeps all calls away from a domain, while there is another endpoint.
     *
     * @param domain as in {@link FailureDomain}, such as {@code cloudflare} or {@code endpoint/assistant/azure}
     * @param during more than zero
     * @param because what reports will say
     */
    public void avoid(String domain, Duration during, String because) {
        Avoidance verdict = runtime.avoidances().avoid(FailureDomain.of(domain), during, because, Voice.OPERATOR);
        runtime.emit(new Event.AvoidanceChanged(verdict.toString()));
    }

    /** Ends an {@link #avoid} of exactly that domain before its time. */
    public void restore(String domain) {
        runtime.avoidances().restore(FailureDomain.of(domain), Voice.OPERATOR);
        runtime.emit(new Event.AvoidanceChanged("restored " + domain));
    }

    /** Looks these hosts up for calls to come, as when an app starts; nobody waits, and what goes wrong shows in the calls. */
    public void prewarm(String... hosts) {
        names.prewarm(List.of(hosts));
    }

    /**
     * The device is on that network now. Names are remembered by network, and connections of another one are left.
     *
     * @param id any name for the network, such as Android's {@code network.toString()}
     */
    public void onNetworkChanged(String id) {
        names.onNetworkChanged(id);
    }

    /** Changes how much is done of what is decided, for calls that start from now on. */
    public void mode(Mode mode) {
        planner.mode(mode);
    }

    /** How much is done of what is decided. Defaults to {@link Mode#ACT}. */
    public Mode mode() {
        return planner.mode();
    }

    /** The health of every endpoint now, declared ones first; reading it changes nothing. */
    public List<EndpointStatus> status() {
        return planner.status();
    }

    /** How the traffic of each upstream that lost its preferred endpoint moved away and back, the last time that it did. */
    public List<TrafficShift> shifts() {
        return planner.shifts();
    }

    /** The declared upstreams in the order of their declaration. */
    public List<Upstream> upstreams() {
        return upstreams;
    }

    /** The verdicts in force, oldest first: those of operators, and those of circuits. */
    public List<Avoidance> avoidances() {
        return runtime.avoidances().inForce();
    }

    /** What the endpoints of several upstreams suspect with certainty; an suspicion stands for a minute. */
    public List<Event.DomainSuspected> suspected() {
        return planner.suspected();
    }

    /** The resolvers in order of preference, and whether they answer. */
    public List<ResolverStatus> resolvers() {
        return names.resolvers();
    }

    /** What is remembered of hosts, at most as many as {@link LastGood.Builder#names} for each kind of client. */
    public List<KnownHost> knownHosts() {
        return names.known();
    }

    /** Tells that listener, too, of everything noteworthy from now on; must be quick. */
    public void onEvent(Consumer<Event> listener) {
        events.add(listener);
    }

    /** Tells that listener the story of each call when it ends, on the thread of the call; must be quick. */
    public void onReport(Consumer<CallReport> listener) {
        reports.add(listener);
    }

    /** Ends timers, threads and resolvers; later calls go through as in {@link Mode#OFF}. The clients stay as they are. */
    @Override
    public void close() {
        planner.close();
        names.close();
        runtime.close();
    }

    /** Health of every declared endpoint in words, for diagnosis. */
    @Override
    public String toString() {
        return planner.toString();
    }

    /** Makes a {@link Byroad}; not safe for use by several threads. */
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
         * Adds the next resolver of the chain. Defaults to {@code system} alone: others learn which names are looked up.
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

        /** Adds an upstream; its endpoints get failover. Defaults to none. */
        public Builder upstream(Upstream upstream) {
            upstreams.add(upstream);
            return this;
        }

        /** Changes requests to one endpoint, named {@code upstream/endpoint}, before they are sent. Defaults to none. */
        public Builder rewrite(String upstreamAndEndpoint, UnaryOperator<Request> rewrite) {
            rewrites.put(upstreamAndEndpoint, rewrite);
            return this;
        }

        /** Adds a signature that is asked before those added earlier and before the built-in ones. */
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
         * Where proven addresses outlive the process, such as {@link AnswerStore#file}. Only what clients with the platform's
         * own {@code Dns} and trust learned is stored and read. Defaults to nowhere.
         */
        public Builder store(AnswerStore store) {
            this.store = Optional.of(store);
            return this;
        }

        /** How much is done of what is decided. Defaults to {@link Mode#ACT}. */
        public Builder mode(Mode mode) {
            return engine(settings -> settings.mode(mode));
        }

        /**
         * Where dashboards and metrics of Resilience4j see the circuits of declared endpoints; for reading, as
         * {@link CircuitBridge} says. {@link Byroad#close} takes them off. Defaults to a registry of its own.
         */
        public Builder circuits(CircuitBreakerRegistry registry) {
            return engine(settings -> settings.circuits(CircuitBridge.to(registry)));
        }

        /**
         * Any text that is the same for this installation at each start, by which {@link Endpoint#carries} takes a share of all
         * installations on mobile. It is hashed and goes nowhere. Defaults to none: the declaration is ignored there.
         */
        public Builder installationId(String id) {
            return engine(settings -> settings.installationId(id));
        }

        /** For how long, more than zero, what is {@link Byroad#suspected} is avoided by all calls that can. Defaults to never. */
        public Builder avoidSuspectedFor(Duration during) {
            return engine(settings -> settings.avoidSuspectedFor(during));
        }

        private Builder engine(Consumer<CallPlanner.Builder> change) {
            this.engine = engine.andThen(change);
            return this;
        }

        /** Which defaults fit. Defaults to what is detected. */
        public Builder preset(Preset preset) {
            this.runtime = runtime.preset(preset);
            return this;
        }

        /** Adds a listener that is told of everything noteworthy; must be quick. Defaults to none. */
        public Builder onEvent(Consumer<Event> listener) {
            this.listeners.add(listener);
            return this;
        }

        /** Replaces how a call lets go of its connection, to see what happens where it does not. */
        Builder detach(Detach detach) {
            this.detach = detach;
            return this;
        }

        /** Replaces time, chance and threads, for tests; forgets a preset given earlier. */
        public Builder runtime(ClientRuntime runtime) {
            this.runtime = runtime;
            return this;
        }

        /**
         * The client layer.
         *
         * @throws IllegalArgumentException if something makes no sense, naming value and expectation
         * @throws IllegalStateException if the class path has several OkHttps, or one that is too old
         */
        public Byroad build() {
            ClassPath.requireOneOkHttp(runtime.preset());
            return new Byroad(this);
        }
    }
}
