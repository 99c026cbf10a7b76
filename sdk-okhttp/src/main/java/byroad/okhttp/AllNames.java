package byroad.okhttp;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.Event;
import byroad.ResolverStatus;
import byroad.ResolverStatus.State;
import byroad.Upstream;
import byroad.dns.AnswerStore;
import byroad.dns.KnownHost;
import byroad.dns.LastGood;
import byroad.dns.Resolver;
import byroad.dns.ResolverChain;
import byroad.dns.ResolverSpec;
import byroad.dns.Resolvers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import okhttp3.Interceptor;
import org.jspecify.annotations.Nullable;

/** The {@link Names} of all clients that use one {@link Byroad}, one for each kind of {@link Surroundings}. */
final class AllNames implements AutoCloseable {
    /** Applications with a client for each tenant have hundreds; the least recently used one is removed first. */
    private static final int AT_MOST = 1_000;

    private final List<ResolverSpec> resolvers;
    private final UnaryOperator<ResolverChain> chain;
    private final Consumer<LastGood.Builder> settings;
    private final Optional<AnswerStore> store;
    private final List<Endpoint> declared;
    private final ClientRuntime runtime;
    private final PlatformTrust platform = new PlatformTrust();
    private final AtomicBoolean toldOfStore = new AtomicBoolean();

    // Guarded by itself; the one not used for the longest time goes first.
    private final Map<Surroundings, Names> bySurroundings = new LinkedHashMap<>(4, 0.75f, true);
    private @Nullable String network; // guarded by that map
    private volatile Consumer<Endpoint> healthy = endpoint -> {};

    /** Only addresses that are proven with the trust of the platform are stored. */
    AllNames(
            List<ResolverSpec> resolvers,
            UnaryOperator<ResolverChain> chain,
            Consumer<LastGood.Builder> settings,
            Optional<AnswerStore> store,
            List<Upstream> upstreams,
            ClientRuntime runtime) {
        this.chain = chain;
        this.settings = settings;
        this.runtime = runtime;
        this.resolvers = resolvers.isEmpty() ? List.of(new ResolverSpec.OwnDns()) : eachOnce(resolvers);
        this.store = store;
        this.declared =
                upstreams.stream().flatMap(up -> up.endpoints().stream()).collect(Collectors.toList());
        // Now, so that an invalid configuration fails before the first call, and prewarm has a target.
        bySurroundings.put(Surroundings.PLATFORM, start(Surroundings.PLATFORM));
    }

    /** The resolvers without those that ask a server of an earlier one. */
    private List<ResolverSpec> eachOnce(List<ResolverSpec> given) {
        Map<Object, ResolverSpec> byServer = new LinkedHashMap<>();
        for (ResolverSpec spec : given) {
            ResolverSpec earlier = byServer.putIfAbsent(spec.server(), spec);
            if (earlier != null) {
                String same = spec.name().equals(earlier.name()) ? "is declared twice" : "is " + earlier.name();
                runtime.emit(new Event.Impaired("resolvers", spec.name() + " " + same + "; it is asked once"));
            }
        }
        return List.copyOf(byServer.values());
    }

    /** Reports to that listener each endpoint whose health request succeeds. */
    void onHealthy(Consumer<Endpoint> listener) {
        healthy = listener;
    }

    Names of(Interceptor.Chain call) {
        Surroundings surroundings = Surroundings.of(call, platform);
        synchronized (bySurroundings) {
            Names known = bySurroundings.get(surroundings);
            if (known != null) {
                return known;
            }
        }
        return added(surroundings, start(surroundings)); // outside the lock, because resolvers are user code
    }

    /** The started names, or those that another thread has added meanwhile. */
    private Names added(Surroundings surroundings, Names started) {
        Names known;
        Names superfluous = null;
        synchronized (bySurroundings) {
            known = bySurroundings.putIfAbsent(surroundings, started);
            if (known != null) {
                superfluous = started;
            } else if (bySurroundings.size() > AT_MOST) {
                superfluous =
                        bySurroundings.remove(bySurroundings.keySet().iterator().next());
            }
            if (known == null && network != null) {
                started.onNetworkChanged(network);
            }
        }
        if (superfluous != null) {
            superfluous.close();
        }
        return known != null ? known : started;
    }

    void prewarm(List<String> hosts) {
        all().forEach(names -> names.prewarm(hosts));
    }

    void onNetworkChanged(String id) {
        boolean isOther;
        synchronized (bySurroundings) {
            isOther = !id.equals(network); // Android reports the same network many times
            network = id;
        }
        all().forEach(isOther ? names -> names.onNetworkChanged(id) : names -> names.onSameNetwork(id));
    }

    /** The remembered hosts of all kinds of clients. */
    List<KnownHost> known() {
        List<KnownHost> known = new ArrayList<>();
        all().forEach(names -> known.addAll(names.known()));
        return known;
    }

    /** Each resolver once; failing if it fails for any kind of client. */
    List<ResolverStatus> resolvers() {
        Map<String, ResolverStatus> byName = new LinkedHashMap<>();
        for (Names names : all()) {
            for (ResolverStatus resolver : names.resolvers()) {
                if (resolver.state() == State.FAILING || !byName.containsKey(resolver.resolver())) {
                    byName.put(resolver.resolver(), resolver);
                }
            }
        }
        return List.copyOf(byName.values());
    }

    private List<Names> all() {
        synchronized (bySurroundings) {
            return List.copyOf(bySurroundings.values());
        }
    }

    private Names start(Surroundings surroundings) {
        OwnDns own = new OwnDns(surroundings.dns());
        LastGood.Builder lastGood = LastGood.builder(chain.apply(ResolverChain.of(made(own))), runtime);
        store.ifPresent(lastGood::store);
        settings.accept(lastGood);
        lastGood.keep(declared.stream()
                .flatMap(endpoint -> EndpointAddresses.namesOf(endpoint).stream())
                .collect(
                        Collectors
                                .toList())); // a fallback endpoint that was never looked up would have no address in an
        // outage
        if (!surroundings.equals(Surroundings.PLATFORM)) {
            lastGood.withoutStore(); // a client with other trust must not prove addresses for others
            if (store.isPresent() && toldOfStore.compareAndSet(false, true)) {
                runtime.emit(new Event.Impaired(
                        "answer store", "a client with a Dns or trust settings of its own stores and reads nothing"));
            }
        }
        return new Names(
                lastGood.build(),
                own,
                new HealthRequests(declared, surroundings, runtime, endpoint -> healthy.accept(endpoint)),
                runtime);
    }

    private List<Resolver> made(OwnDns own) {
        List<Resolver> made = new ArrayList<>();
        resolvers.forEach(spec -> made.add(made(spec, own)));
        return made;
    }

    private static Resolver made(ResolverSpec spec, OwnDns own) {
        if (spec instanceof ResolverSpec.Made made) {
            return made.resolver();
        }
        if (spec instanceof ResolverSpec.Https https) {
            return DohResolver.of(https);
        }
        return own.isPlatforms() ? Resolvers.platform(own) : Resolvers.own(own);
    }

    @Override
    public void close() {
        List<Names> all;
        synchronized (bySurroundings) {
            all = all();
            bySurroundings.clear();
        }
        all.forEach(Names::close);
    }
}
