package byroad.dns;

import byroad.Provenance;
import byroad.Scheme;
import byroad.Seams;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The cache in front of a {@link ResolverChain}: it remembers the last good addresses of each host and decides how long
 * they may outlive what resolvers say.
 *
 * <pre>{@code
 * LastGood names = LastGood.builder(ResolverChain.of(system, quad9), Seams.standard()).build();
 * Resolution found = names.lookup("api.example.ai", Scheme.HTTPS).get();
 * }</pre>
 *
 * <ul>
 *   <li><b>Fresh</b> within the TTL, taken as at least 5 s and at most 1 h. A TTL of zero is good for one use.
 *   <li><b>Stale</b> when the chain fails, up to {@code staleFor} past the TTL (RFC 8767). A caller waits at most 500 ms for
 *       a refresh; it goes on without him.
 *   <li><b>Held</b> when the resolvers agree that the name has no address: only addresses {@linkplain #proven proven} by a TLS
 *       handshake, only for https, up to {@code holdFor}. Then the negative is believed.
 *   <li>A policy block is believed at once.
 * </ul>
 *
 * <p>While it lives on old addresses it asks again after 5 s, doubling to 60 s, with up to a fifth of jitter; at once, though
 * at most once a second, when a connection to such an address {@linkplain #doubt failed}. A negative is remembered for its
 * TTL and at most 30 s, a failure for 1 s.
 *
 * <p>Safe for use by any thread; nothing here blocks. There is one inquiry per host at a time.
 */
public final class LastGood implements AutoCloseable {
    private final ResolverChain chain;
    private final Seams seams;
    private final Duration holdFor;
    private final Duration staleFor;
    private final BoundedMap<HostEntry> hosts;

    private LastGood(Builder builder) {
        this.seams = builder.seams;
        this.chain = builder.chain.on(seams);
        this.holdFor = builder.holdFor;
        this.staleFor = builder.staleFor;
        this.hosts = BoundedMap.of(builder.names);
    }

    /** Starts with the defaults. */
    public static Builder builder(ResolverChain chain, Seams seams) {
        return new Builder(chain, seams);
    }

    /**
     * The addresses of a host, or why there are none. The future never fails; it is complete at the latest when the
     * chain's deadline has passed.
     *
     * @param host a name in ASCII, or an IP literal, which is answered at once
     * @param scheme what the addresses are for: against a negative, only https may use old ones
     */
    public CompletableFuture<Resolution> lookup(String host, Scheme scheme) {
        String name = canonical(host);
        HostEntry entry = hosts.get(name);
        if (entry == null) {
            Resolution literal = literal(name);
            if (literal != null) {
                return CompletableFuture.completedFuture(literal);
            }
            entry = hosts.getOrMake(name, this::newEntry);
        }
        CompletableFuture<Resolution> fresh = entry.fresh();
        return fresh != null ? fresh : entry.lookup(scheme);
    }

    private HostEntry newEntry(String name) {
        return new HostEntry(name, chain, seams, new HostMemory(holdFor, staleFor));
    }

    /** A TLS handshake for that host succeeded on that address. */
    public void proven(String host, InetAddress address) {
        HostEntry entry = hosts.get(canonical(host));
        if (entry != null) {
            entry.proven(address);
        }
    }

    /**
     * That address showed a certificate for somebody else: it is dropped, and the chain is asked again. Where the chain
     * just named it and no other, it stays until the chain names another or its time is over.
     */
    public void disproven(String host, InetAddress address) {
        HostEntry entry = hosts.get(canonical(host));
        if (entry != null) {
            entry.disproven(address);
        }
    }

    /**
     * A connection to that address failed. If the address is not fresh, or all fresh ones failed, the next lookup asks the
     * chain at once and waits for it, at most once a second.
     */
    public void doubt(String host, InetAddress address) {
        HostEntry entry = hosts.get(canonical(host));
        if (entry != null) {
            entry.doubt(address);
        }
    }

    /** Closes the resolvers of the chain. */
    @Override
    public void close() {
        chain.resolvers().forEach(Resolver::close);
    }

    /** As it is, for a name in the usual form. */
    private static String canonical(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static @Nullable Resolution literal(String host) {
        InetAddress address = Literals.address(host);
        if (address == null) {
            return null;
        }
        Provenance from = new Provenance(Provenance.Source.FRESH, "literal", Duration.ZERO, "");
        return new Resolution(new Answer.Addresses(List.of(address), Duration.ofHours(1)), from);
    }

    /** What a {@link LastGood} is made of. */
    public static final class Builder {
        private static final Duration HOLD_LIMIT = Duration.ofHours(24);

        private final ResolverChain chain;
        private final Seams seams;
        private Duration holdFor = Duration.ofHours(1);
        private Duration staleFor = Duration.ofHours(24);
        private int names = 1_000;

        private Builder(ResolverChain chain, Seams seams) {
            this.chain = chain;
            this.seams = seams;
        }

        /**
         * How long proven addresses are held against resolvers that agree on a negative, counted from the first such
         * answer; zero believes them at once. Defaults to 1 h.
         *
         * @throws IllegalArgumentException if it is negative or more than 24 h
         */
        public Builder holdFor(Duration holdFor) {
            if (holdFor.isNegative() || holdFor.compareTo(HOLD_LIMIT) > 0) {
                throw new IllegalArgumentException(
                        "holdFor: " + holdFor + " (expected: from zero to " + HOLD_LIMIT + ")");
            }
            this.holdFor = holdFor;
            return this;
        }

        /**
         * How long past their TTL addresses are used while the resolvers give no answer; zero does not. Defaults to 24 h.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder staleFor(Duration staleFor) {
            if (staleFor.isNegative()) {
                throw new IllegalArgumentException("staleFor: " + staleFor + " (expected: zero or more)");
            }
            this.staleFor = staleFor;
            return this;
        }

        /**
         * How many hosts are remembered. Defaults to 1,000.
         *
         * @throws IllegalArgumentException if it is less than one
         */
        public Builder names(int names) {
            if (names < 1) {
                throw new IllegalArgumentException("names: " + names + " (expected: >= 1)");
            }
            this.names = names;
            return this;
        }

        /** Builds it, and starts the resolvers of the chain. */
        public LastGood build() {
            return new LastGood(this);
        }
    }
}
