package byroad.dns;

import byroad.FailureDomain;
import byroad.Seams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Resolvers in order, asked one after the other with a stagger, all under one deadline.
 *
 * <pre>{@code
 * ResolverChain.of(system, quad9, google).independent(2).deadline(Duration.ofSeconds(2))
 * }</pre>
 *
 * <p>The next resolver is asked when the one before it has not answered within the stagger, or at once when it answered
 * with anything but addresses. The first addresses win. A negative is believed only when all have been asked and all that
 * answered agree; a policy block is believed at once. Resolvers whose domain is being avoided are asked last. Names that
 * must not leave the network, such as {@code localhost}, single labels, {@code .local}, {@code .internal}, {@code
 * .home.arpa} and reverse zones, are asked only of the resolver named {@code system}, if there is one.
 *
 * <p>Immutable; each method with an argument returns a changed copy.
 */
public final class ResolverChain {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration STAGGER = Duration.ofMillis(250); // RFC 8305 connection attempt delay

    private static final String SYSTEM = "system";
    private static final List<String> PRIVATE_SUFFIXES =
            List.of(".localhost", ".local", ".internal", ".home.arpa", ".in-addr.arpa", ".ip6.arpa");

    private final List<Resolver> resolvers;
    private final Duration deadline;
    private final Duration stagger;

    private ResolverChain(List<Resolver> resolvers, Duration deadline, Duration stagger) {
        this.resolvers = resolvers;
        this.deadline = deadline;
        this.stagger = stagger;
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
        return new ResolverChain(List.copyOf(resolvers), DEADLINE, STAGGER);
    }

    /** The longest time one lookup may take, over all resolvers. Defaults to 3 s. */
    public ResolverChain deadline(Duration deadline) {
        if (deadline.isZero() || deadline.isNegative()) {
            throw new IllegalArgumentException("deadline: " + deadline + " (expected: more than zero)");
        }
        return new ResolverChain(resolvers, deadline, stagger);
    }

    /** How long a resolver is waited for before the next is asked too; zero asks all at once. Defaults to 250 ms. */
    public ResolverChain stagger(Duration stagger) {
        if (stagger.isNegative()) {
            throw new IllegalArgumentException("stagger: " + stagger + " (expected: zero or more)");
        }
        return new ResolverChain(resolvers, deadline, stagger);
    }

    /**
     * This chain, if its resolvers depend on at least that many different failure domains. Defaults to no such check.
     *
     * @throws IllegalArgumentException if they depend on fewer, naming them
     */
    public ResolverChain independent(int domains) {
        Set<FailureDomain> different = differentDomains();
        if (different.size() < domains) {
            throw new IllegalArgumentException("independent: " + domains + " (expected: at most " + different.size()
                    + ", the different failure domains of these resolvers: " + different + ")");
        }
        return this;
    }

    private Set<FailureDomain> differentDomains() {
        Set<FailureDomain> all = resolvers.stream().map(Resolver::domain).collect(Collectors.toSet());
        Set<FailureDomain> different = new LinkedHashSet<>();
        for (Resolver resolver : resolvers) {
            FailureDomain domain = resolver.domain();
            boolean withinAnother = all.stream().anyMatch(other -> !other.equals(domain) && other.covers(domain));
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
        return deadline;
    }

    /** How long a resolver is waited for before the next is asked too. */
    public Duration stagger() {
        return stagger;
    }

    /** This chain with its resolvers started. */
    ResolverChain on(Seams seams) {
        List<Resolver> started =
                resolvers.stream().map(resolver -> resolver.on(seams)).collect(Collectors.toList());
        return new ResolverChain(started, deadline, stagger);
    }

    /** Asks; the future never fails and is complete once the deadline has passed. */
    CompletableFuture<Verdict> ask(String host, Seams seams) {
        switch (seams.breakage().ofName(host)) {
            case SILENT:
                return silence(seams);
            case FAILS:
                return said(new Answer.Failed("SERVFAIL"));
            case REFUSES:
                return said(new Answer.Failed("REFUSED"));
            case EMPTY:
                return said(new Answer.Empty(Duration.ofSeconds(5)));
            default:
                return new Inquiry(new Question(host, deadline), inOrder(host, seams), stagger, seams).start();
        }
    }

    private CompletableFuture<Verdict> said(Answer answer) {
        return CompletableFuture.completedFuture(new Verdict(answer, names()));
    }

    private CompletableFuture<Verdict> silence(Seams seams) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        Answer answer = new Answer.Failed("no answer within " + deadline.toMillis() + "ms");
        seams.time().schedule(deadline, () -> verdict.complete(new Verdict(answer, names())));
        return verdict;
    }

    private List<Resolver> inOrder(String host, Seams seams) {
        if (mustNotLeave(host)) {
            List<Resolver> system = resolvers.stream()
                    .filter(resolver -> resolver.name().equals(SYSTEM))
                    .collect(Collectors.toList());
            if (!system.isEmpty()) {
                return system;
            }
        }
        List<Resolver> order = new ArrayList<>();
        List<Resolver> avoided = new ArrayList<>();
        for (Resolver resolver : resolvers) {
            boolean avoid =
                    seams.avoidances().against(List.of(resolver.domain())).isPresent();
            (avoid ? avoided : order).add(resolver);
        }
        order.addAll(avoided);
        return order;
    }

    private static boolean mustNotLeave(String host) {
        return host.indexOf('.') < 0 || PRIVATE_SUFFIXES.stream().anyMatch(host::endsWith);
    }

    private String names() {
        return resolvers.stream().map(Resolver::name).collect(Collectors.joining(", "));
    }

    /** As in {@code system, quad9 (2 failure domains, deadline 3000ms, stagger 250ms)}. */
    @Override
    public String toString() {
        int domains = differentDomains().size();
        return names() + " (" + domains + (domains == 1 ? " failure domain" : " failure domains") + ", deadline "
                + deadline.toMillis() + "ms, stagger " + stagger.toMillis() + "ms)";
    }
}
