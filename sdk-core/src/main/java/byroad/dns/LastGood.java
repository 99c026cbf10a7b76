package byroad.dns;

import byroad.ClientRuntime;
import byroad.Provenance;
import byroad.ResolverStatus;
import byroad.Scheme;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cache in front of a {@link ResolverChain}: it remembers the last good addresses of each host and decides how long
 * they may outlive what resolvers say.
 *
 * <pre>{@code
 * LastGood names = LastGood.builder(ResolverChain.of(system, quad9), ClientRuntime.standard()).build();
 * Resolution found = names.lookup("api.example.ai", Scheme.HTTPS).get();
 * }</pre>
 *
 * <ul>
 *   <li><b>Fresh</b> within the TTL, taken as at least 5 s and at most 1 h. A TTL of zero is good for one use. A name in use
 *       is looked up ahead of time, at a random point of the last fifth; without fruit that hurts nobody.
 *   <li><b>Stale</b> when the chain fails, up to {@code staleFor} past the TTL (RFC 8767). A caller waits at most 500 ms for
 *       a refresh; it goes on without him.
 *   <li><b>Held</b> when the resolvers agree that the name has no address: only addresses {@linkplain #proven proven} by a TLS
 *       handshake, only for https, up to {@code retainFor}. Then the negative is believed. In the same way, a proven address is
 *       retained against a newer answer of which all addresses failed, none was ever proven, and no other resolver knows better.
 *   <li>A policy block is believed at once.
 * </ul>
 *
 * <p>While there is no answer, or an old one, it asks again after 5 s, doubling to 60 s, with up to a fifth of jitter; at once,
 * though at most once a second, when a connection to such an address {@linkplain #doubt failed}. A negative is remembered for
 * its TTL and at most 30 s.
 *
 * <p>Safe for use by any thread; nothing here blocks. There is one inquiry per host at a time.
 */
public final class LastGood implements AutoCloseable {
    private static final int NETWORKS = 4;

    private final RunningChain chain;
    private final ClientRuntime runtime;
    private final Duration retainFor;
    private final Duration staleFor;
    private final int names;
    private final Optional<AnswerStore> store;
    private final Kept kept;
    private final BoundedMap<Network> networks = BoundedMap.of(NETWORKS);
    private volatile Network present;

    private LastGood(Builder builder) {
        this.runtime = builder.runtime;
        this.chain = new RunningChain(builder.chain, runtime);
        this.retainFor = builder.retainFor;
        this.staleFor = builder.staleFor;
        this.names = builder.names;
        this.store = builder.store;
        this.kept = new Kept(builder.kept, runtime.time(), runtime.random());
        this.present = networks.getOrMake("", this::newNetwork);
    }

    private Network newNetwork(String id) {
        return new Network(names, store.map(kept -> new StoredRecords(kept, runtime, id, staleFor)), this::newEntry);
    }

    private HostEntry newEntry(String name, Optional<StoredRecords> stored) {
        return new HostEntry(name, chain, stored, runtime, new HostMemory(retainFor, staleFor));
    }

    /** Starts with the defaults. */
    public static Builder builder(ResolverChain chain, ClientRuntime runtime) {
        return new Builder(chain, runtime);
    }

    /**
     * The addresses of a host, or why there are none. The future never fails; it is complete at the latest when the
     * chain's deadline has passed.
     *
     * @param host a name in ASCII, or an IP literal, which is answered at once
     * @param scheme what the addresses are for: against a negative, only https may use old ones
     */
    public CompletableFuture<Resolution> lookup(String host, Scheme scheme) {
        HostEntry entry = present.known(host); // names come in the usual form, nearly always
        if (entry == null) {
            String name = canonical(host);
            Resolution literal = literal(name);
            if (literal != null) {
                return CompletableFuture.completedFuture(literal);
            }
            entry = present.of(name);
        }
        CompletableFuture<Resolution> fresh = entry.fresh();
        return fresh != null ? fresh : entry.lookup(scheme);
    }

    /** Looks these hosts up, so that a call to come need not wait; what comes of it is remembered like any lookup. */
    public void prewarm(List<String> hosts) {
        hosts.forEach(host -> lookup(host, Scheme.HTTPS));
    }

    /**
     * There is traffic: {@linkplain Builder#keep hosts to be kept} are looked up again if it is time. Costs next to nothing
     * if it is not, so it may be told of every call.
     */
    public void traffic() {
        kept.traffic(host -> present.of(canonical(host)).keep());
    }

    /**
     * The device is on that network now. What was learned on another one is not used here, and found again when the device
     * comes back; the latest four are remembered. Without it there is one network.
     *
     * @param id any name for the network
     */
    public void onNetworkChanged(String id) {
        present = networks.getOrMake(id, this::newNetwork);
    }

    /**
     * Whether it is the answer that is in doubt, and not who is asked for, when connections to these addresses of the host
     * failed: none was ever proven, and all that the answer named failed, or the resolvers name others by now. Then the next
     * lookup knows better, or asks another resolver.
     */
    public boolean isInDoubt(String host, Collection<InetAddress> failed) {
        HostEntry entry = present.known(canonical(host));
        return entry != null && entry.isInDoubt(failed);
    }

    /** Whether resolvers that were heard again after an outage do not name that address any more, as they did before. */
    public boolean isGone(String host, InetAddress address) {
        HostEntry entry = present.known(canonical(host));
        return entry != null && entry.isGone(address);
    }

    /** A TLS handshake for that host succeeded on that address. */
    public void proven(String host, InetAddress address) {
        HostEntry entry = present.known(canonical(host));
        if (entry != null) {
            entry.proven(address);
        }
    }

    /**
     * That address showed a certificate for somebody else: it is dropped, and the chain is asked again. Where the chain
     * just named it and no other, it stays until the chain names another or its time is over.
     */
    public void disproven(String host, InetAddress address) {
        HostEntry entry = present.known(canonical(host));
        if (entry != null) {
            entry.disproven(address);
        }
    }

    /**
     * A connection to that address failed. If the address is not fresh, or all fresh ones failed, the next lookup asks the
     * chain at once and waits for it, at most once a second, and once more for another resolver's opinion.
     */
    public void doubt(String host, InetAddress address) {
        HostEntry entry = present.known(canonical(host));
        if (entry != null) {
            entry.doubt(address);
        }
    }

    /** The hosts that are remembered on the present network, by name; reading them asks nobody and changes nothing. */
    public List<KnownHost> known() {
        return present.all().stream()
                .map(HostEntry::known)
                .filter(Optional::isPresent)
                .map(Optional::get)
                .sorted(Comparator.comparing(KnownHost::host))
                .collect(Collectors.toList());
    }

    /** The resolvers of the chain in order of preference; reading them asks nobody and changes nothing. */
    public List<ResolverStatus> resolvers() {
        return chain.status();
    }

    /** Closes the resolvers of the chain, and waits up to 1 s for what is still to be stored. */
    @Override
    public void close() {
        chain.close();
        present.close();
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
        private static final Duration STALE_LIMIT = Duration.ofDays(7); // RFC 8767 suggests 1 to 3 days

        private final ResolverChain chain;
        private final ClientRuntime runtime;
        private Duration retainFor = Duration.ofHours(1);
        private Duration staleFor = Duration.ofHours(24);
        private int names = 1_000;
        private List<String> kept = List.of();
        private Optional<AnswerStore> store = Optional.empty();

        private Builder(ResolverChain chain, ClientRuntime runtime) {
            this.chain = chain;
            this.runtime = runtime;
        }

        /**
         * How long proven addresses are retained against resolvers that agree on a negative, counted from the first such
         * answer; zero believes them at once. Defaults to 1 h.
         *
         * @throws IllegalArgumentException if it is negative or more than 24 h
         */
        public Builder retainFor(Duration retainFor) {
            if (retainFor.isNegative() || retainFor.compareTo(HOLD_LIMIT) > 0) {
                throw new IllegalArgumentException(
                        "retainFor: " + retainFor + " (expected: from zero to " + HOLD_LIMIT + ")");
            }
            this.retainFor = retainFor;
            return this;
        }

        /**
         * How long past their TTL addresses are used while the resolvers give no answer; zero does not. Defaults to 24 h.
         *
         * @throws IllegalArgumentException if it is negative or more than 7 days
         */
        public Builder staleFor(Duration staleFor) {
            if (staleFor.isNegative() || staleFor.compareTo(STALE_LIMIT) > 0) {
                throw new IllegalArgumentException(
                        "staleFor: " + staleFor + " (expected: from zero to " + STALE_LIMIT + ")");
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

        /**
         * Where proven addresses outlive the process: they are read when a host is first looked up, and used where the
         * resolvers have none. Defaults to nowhere.
         */
        public Builder store(AnswerStore store) {
            this.store = Optional.of(store);
            return this;
        }

        /**
         * Adds hosts to keep resolved while there is {@linkplain LastGood#traffic traffic}: every 5 minutes, and where the
         * resolvers have no addresses for them after 5 s doubling to 60 s. Defaults to none.
         */
        public Builder keep(List<String> hosts) {
            this.kept = Stream.concat(kept.stream(), hosts.stream())
                    .distinct()
                    .filter(host -> Literals.address(host) == null)
                    .collect(Collectors.toList());
            return this;
        }

        /** Builds it, and starts the resolvers of the chain. */
        public LastGood build() {
            return new LastGood(this);
        }
    }
}
