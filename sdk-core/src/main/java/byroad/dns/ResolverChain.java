package byroad.dns;

import byroad.FailureDomain;
import byroad.Preset;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An ordered list of DNS resolvers that are asked one after the other, with one deadline for all.
 *
 * <pre>{@code
 * ResolverChain.of(system, quad9, google).independent(2).deadline(Duration.ofSeconds(2))
 * }</pre>
 *
 * <p>The next resolver is asked when the one before it has not answered within the stagger, or at once when its answer
 * has no addresses. The first addresses are used. A negative answer is accepted only when all resolvers have been asked
 * and all that answered agree; a policy block is accepted at once. Each resolver is asked at most once.
 *
 * <p>A resolver that gave no usable answer while a later one did is asked last from then on. A probe is sent to it
 * after 5 s, doubling to 60 s, until it answers again. Resolvers whose domain is avoided are asked last.
 *
 * <p>Names that must not leave the network are asked only of resolvers {@linkplain Resolver#isLocal within it}, such as
 * {@code system}: {@code localhost}, single labels, reverse zones, and the special-use domains (RFC 6761) {@code
 * .local}, {@code .internal}, {@code .test}, {@code .invalid}, {@code .onion}, {@code .alt}, {@code .home.arpa}, {@code
 * .resolver.arpa}, {@code .ipv4only.arpa} and {@code .service.arpa}. Names that are not below a public top-level
 * domain, such as {@code db.corp}, are asked of others only after a resolver within the network has denied them.
 *
 * <p>Immutable; each method with an argument returns a changed copy.
 */
public final class ResolverChain {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration STAGGER = Duration.ofMillis(250); // RFC 8305 connection attempt delay
    private static final Duration STAGGER_MOBILE = Duration.ofMillis(300);

    /** IANA's special-use domain names that the public DNS does not have, and the reverse zones. */
    private static final Suffixes SPECIAL = Suffixes.of(
            "special",
            "localhost", // RFC 6761
            "test", // RFC 6761
            "invalid", // RFC 6761
            "local", // RFC 6762
            "onion", // RFC 7686
            "home.arpa", // RFC 8375
            "ipv4only.arpa", // RFC 8880: each network has its own answer
            "resolver.arpa", // RFC 9462
            "alt", // RFC 9476
            "service.arpa", // RFC 9665
            "internal", // reserved by ICANN in 2024
            "in-addr.arpa",
            "ip6.arpa");

    private final List<Resolver> resolvers;
    private final @Nullable Duration deadline; // null until it is chosen
    private final @Nullable Duration stagger; // null until it is chosen
    private final Suffixes localOnly;
    private final Optional<AddressFilter> filter;

    private ResolverChain(
            List<Resolver> resolvers,
            @Nullable Duration deadline,
            @Nullable Duration stagger,
            Suffixes localOnly,
            Optional<AddressFilter> filter) {
        this.resolvers = resolvers;
        this.deadline = deadline;
        this.stagger = stagger;
        this.localOnly = localOnly;
        this.filter = filter;
    }

    /** A chain of these resolvers in order of preference. */
    public static ResolverChain of(Resolver... resolvers) {
        return of(List.of(resolvers));
    }

    /**
     * A chain of these resolvers in order of preference.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static ResolverChain of(List<Resolver> resolvers) {
        if (resolvers.isEmpty()) {
            throw new IllegalArgumentException("resolvers: none (expected: at least one)");
        }
        return new ResolverChain(List.copyOf(resolvers), null, null, Suffixes.NONE, Optional.empty());
    }

    /**
     * The longest time one lookup may take, over all resolvers. Defaults to 3 s, and for the client's own {@code Dns} to
     * as long as the call has.
     */
    public ResolverChain deadline(Duration deadline) {
        if (deadline.isZero() || deadline.isNegative()) {
            throw new IllegalArgumentException("deadline: " + deadline + " (expected: more than zero)");
        }
        return new ResolverChain(resolvers, deadline, stagger, localOnly, filter);
    }

    /**
     * The wait for a resolver before the next one is asked too; zero asks all at once. Defaults to 250 ms, on MOBILE
     * 300 ms.
     */
    public ResolverChain stagger(Duration stagger) {
        if (stagger.isNegative()) {
            throw new IllegalArgumentException("stagger: " + stagger + " (expected: zero or more)");
        }
        return new ResolverChain(resolvers, deadline, stagger, localOnly, filter);
    }

    /**
     * Names under these suffixes, too, are asked only of resolvers {@linkplain Resolver#isLocal within the network}, such as
     * {@code corp.example} of a split-horizon DNS; {@code *.corp.example} is the same. Defaults to none.
     *
     * @throws IllegalArgumentException if a suffix is no domain
     */
    public ResolverChain localOnly(String... suffixes) {
        Suffixes more = Suffixes.of("localOnly", suffixes);
        return new ResolverChain(resolvers, deadline, stagger, localOnly.and(more), filter);
    }

    /**
     * Accepts only public addresses from resolvers outside the network, against DNS rebinding: addresses in private or
     * special ranges (RFC 6890) are dropped, and an answer without other addresses is a failure. Defaults to accepting
     * all.
     *
     * @param exceptSuffixes names below which every address is allowed, such as {@code corp.example}
     * @throws IllegalArgumentException if a suffix is invalid
     */
    public ResolverChain publicOnly(String... exceptSuffixes) {
        return new ResolverChain(
                resolvers, deadline, stagger, localOnly, Optional.of(new AddressFilter(exceptSuffixes)));
    }

    /**
     * Checks that the resolvers depend on at least that many different failure domains. Defaults to no check.
     *
     * @throws IllegalArgumentException if they depend on fewer; the message names them
     */
    public ResolverChain independent(int domains) {
        Set<FailureDomain> different = different(domains());
        if (different.size() < domains) {
            throw new IllegalArgumentException("independent: " + domains + " (expected: at most " + different.size()
                    + ", the different failure domains of these resolvers: " + different + ")");
        }
        return this;
    }

    private List<FailureDomain> domains() {
        return resolvers.stream().map(Resolver::domain).collect(Collectors.toList());
    }

    private static Set<FailureDomain> different(List<FailureDomain> domains) {
        Set<FailureDomain> different = new LinkedHashSet<>();
        for (FailureDomain domain : domains) {
            boolean withinAnother = domains.stream().anyMatch(other -> !other.equals(domain) && other.covers(domain));
            if (!withinAnother) {
                different.add(domain);
            }
        }
        return different;
    }

    /** The resolvers in order of preference. */
    public List<Resolver> resolvers() {
        return resolvers;
    }

    /** The longest time one lookup may take. */
    public Duration deadline() {
        return deadline == null ? DEADLINE : deadline;
    }

    /** Whether the deadline was chosen, so that it holds for the client's own {@code Dns} too. */
    boolean hasOwnDeadline() {
        return deadline != null;
    }

    /** The wait for a resolver before the next one is asked too, on a server. */
    public Duration stagger() {
        return staggerOn(Preset.SERVER);
    }

    /** The wait for a resolver with that preset. */
    Duration staggerOn(Preset preset) {
        return stagger != null ? stagger : preset == Preset.MOBILE ? STAGGER_MOBILE : STAGGER;
    }

    /** A text for resolvers that share failure domains; empty if each has a domain of its own. */
    static Optional<String> dependence(List<FailureDomain> domains) {
        Set<FailureDomain> different = different(domains);
        return different.size() == domains.size()
                ? Optional.empty()
                : Optional.of(domains.size() + " resolvers depend on " + different.size() + " failure "
                        + (different.size() == 1 ? "domain: " : "domains: ") + different);
    }

    /** Whether that name, in lower case, must not leave the network. */
    boolean isLocal(String host) {
        return host.indexOf('.') < 0 || SPECIAL.cover(host) || localOnly.cover(host);
    }

    Optional<AddressFilter> filter() {
        return filter;
    }

    /** As in {@code system, quad9 (2 failure domains, deadline 3000ms, stagger 250ms)}. */
    @Override
    public String toString() {
        int domains = different(domains()).size();
        String names = resolvers.stream().map(Resolver::name).collect(Collectors.joining(", "));
        return names + " (" + domains + (domains == 1 ? " failure domain" : " failure domains") + ", deadline "
                + deadline().toMillis() + "ms, stagger " + stagger().toMillis() + "ms)";
    }
}
