package byroad.dns;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.Fault;
import byroad.Provenance;
import byroad.ResolverStatus;
import byroad.Scheme;
import byroad.UserCode;
import byroad.dns.HostEntry.PendingInquiry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A DNS cache in front of a {@link ResolverChain}: it remembers the last good addresses of each host and decides how
 * long they may be used when the resolvers fail or deny the name.
 *
 * <pre>{@code
 * LastGood names = LastGood.builder(ResolverChain.of(system, quad9), ClientRuntime.standard()).build();
 * Resolution found = names.lookup("api.example.ai", Scheme.HTTPS).get();
 * }</pre>
 *
 * <ul>
 *   <li><b>Fresh</b> within the TTL, taken as at least 5 s and at most 1 h. A TTL of zero is good for one use. A name
 *       in use is refreshed early, at a random time in the last fifth of the TTL; if that fails, the addresses stay
 *       fresh until the TTL ends.
 *   <li><b>Stale</b> when the chain fails, up to {@code staleFor} past the TTL (RFC 8767). A caller waits at most 500
 *       ms for a refresh, which continues in the background.
 *   <li><b>Retained</b> when the resolvers agree that the name has no address: old addresses are still used against
 *       that negative answer, but only those that are {@linkplain #proven proven} by a TLS handshake, only for https,
 *       and only up to {@code retainFor}. Then the negative answer is accepted. In the same way, a proven address is
 *       retained against a newer answer if all addresses of that answer failed, none of them was ever proven, and no
 *       other resolver gave other addresses.
 *   <li>A policy block is accepted at once, and deletes what is known of the addresses, in the store too. Only an answer with
 *       addresses ends it.
 * </ul>
 *
 * <p>While there is no answer, or only an old one, the chain is asked again after 5 s, doubling to 60 s, with up to a
 * fifth of jitter. When a connection to an old address {@linkplain #doubt failed}, it is asked at once, but at most
 * once a second. A negative answer is remembered for its TTL and at most 30 s.
 *
 * <p>Safe for use by any thread; nothing here blocks. At most one inquiry per host is under way at a time.
 */
public final class LastGood implements AutoCloseable {
    private static final int NETWORKS = 4;

    private final RunningChain chain;
    private final ClientRuntime runtime;
    private final Duration retainFor;
    private final Duration staleFor;
    private final int names;
    private final Optional<AnswerStore> store;
    private final KeptHosts kept;
    private final BoundedMap<Network> networks = new BoundedMap.Small<>(NETWORKS); // the latest ones, in order
    private volatile Network present; // changed under the lock

    private LastGood(Builder builder) {
        this.runtime = builder.runtime;
        this.chain = new RunningChain(builder.chain, runtime);
        this.retainFor = builder.retainFor;
        this.staleFor = builder.staleFor;
        this.names = builder.names;
        this.store = builder.store;
        this.kept = new KeptHosts(builder.kept, runtime.time(), runtime.random());
        this.present = networks.getOrMake("", this::newNetwork);
        this.store.ifPresent(this::reportProblem);
    }

    private void reportProblem(AnswerStore kept) {
        try {
            runtime.blocking().execute(() -> {
                Optional<String> problem = UserCode.call(runtime, "the answer store", kept::problem, Optional.empty());
                problem.ifPresent(why -> runtime.emit(new Event.Impaired("answer store", Fault.quoted(why))));
            });
        } catch (RejectedExecutionException noneFree) {
            // the first read or write reports it
        }
    }

    private Network newNetwork(String id) {
        Optional<StoredRecords> stored = store.map(kept -> new StoredRecords(kept, runtime, id, staleFor));
        return new Network(names, stored, this::newEntry, this::lookup);
    }

    private HostEntry newEntry(String name, HostEntry.Place network) {
        return new HostEntry(name, chain, network, runtime, new HostMemory(retainFor, staleFor));
    }

    /** A builder with the defaults. */
    public static Builder builder(ResolverChain chain, ClientRuntime runtime) {
        return new Builder(chain, runtime);
    }

    /**
     * Looks up the addresses of a host; the result can also say why there are none. The future never fails. It
     * completes when the chain's deadline has passed, or earlier; it waits longer only for the client's own look-up.
     *
     * @param host a name in ASCII, or an IP literal, which is answered at once
     * @param scheme the scheme of the call: only https may use old addresses against a negative answer
     */
    public CompletableFuture<Resolution> lookup(String host, Scheme scheme) {
        return lookup(host, scheme, chain.threads());
    }

    /**
     * The same for a caller that waits: if the client's own look-up is the only resolver, and there is nothing to use
     * meanwhile, it runs on that executor. Others that look the same host up wait for its result.
     *
     * @param waiting {@code Runnable::run} for the calling thread; the method then blocks as long as the look-up does
     */
    public CompletableFuture<Resolution> lookup(String host, Scheme scheme, Executor waiting) {
        HostEntry entry = present.known(host); // nearly all names are in the canonical form already
        if (entry == null) {
            String name = canonical(host);
            Resolution literal = literal(name);
            if (literal != null) {
                return CompletableFuture.completedFuture(literal);
            }
            entry = present.of(name);
        }
        CompletableFuture<Resolution> fresh = entry.fresh();
        return fresh != null ? fresh : entry.lookup(scheme, waiting);
    }

    /** The fresh addresses of a host in its canonical form, if they are at hand and no question is due; else null. */
    public @Nullable Resolution fresh(String host) {
        HostEntry entry = present.known(host);
        CompletableFuture<Resolution> fresh = entry == null ? null : entry.fresh();
        return fresh == null ? null : fresh.join();
    }

    /** Whether the client's own look-up is the only resolver for that host, and has no deadline but that of its caller. */
    public boolean asksOwnOnly(String host) {
        return chain.ownLookup(canonical(host)).isAlone();
    }

    /** Looks these hosts up and remembers the results, so that a later call need not wait. */
    public void prewarm(List<String> hosts) {
        hosts.forEach(host -> lookup(host, Scheme.HTTPS));
    }

    /**
     * Reports a call: the {@linkplain Builder#keep hosts to keep resolved} are looked up again if they are due.
     * Otherwise it costs almost nothing, so it may be called for every call.
     */
    public void traffic() {
        kept.traffic(host -> present.of(canonical(host)).keep());
    }

    /**
     * Reports that the device is on that network now. Addresses that were learned on another network are not used on
     * this one; they are used again when the device comes back. An answer to a question that was asked on another
     * network is not used: the host is looked up again, in the time that is left. Resolvers make new connections. What
     * failed or was denied is asked anew, also if the network is the same as before. The latest four networks are
     * remembered. Without a call of this there is one network.
     *
     * @param id any name for the network
     */
    public void onNetworkChanged(String id) {
        boolean isOther;
        List<PendingInquiry> underWay;
        synchronized (this) {
            Network before = present;
            Network next = networks.getOrMake(id, this::newNetwork);
            isOther = next != before;
            next.arrive();
            present = next;
            underWay = isOther ? before.leave() : List.of();
        }
        underWay.forEach(PendingInquiry::stop);
        if (isOther) {
            chain.disconnect();
        }
        chain.forgiveResolvers();
        underWay.forEach(PendingInquiry::moveOn); // over new connections
    }

    /** Whether the resolvers said that the host has no address, and have given none since then; seeds do not help. */
    public boolean isDenied(String host) {
        HostEntry entry = present.known(canonical(host));
        return entry != null && entry.isDenied();
    }

    /**
     * Whether the failed connections to these addresses of the host are probably the fault of the DNS answer and not of
     * the host: none of the addresses was ever proven, and all addresses of the answer failed or the resolvers now give
     * other ones. The next lookup then has another answer, or asks another resolver. An answer of the only resolver that
     * is less than 5 s old is not in doubt, because that resolver would say the same again.
     */
    public boolean isInDoubt(String host, Collection<InetAddress> failed) {
        HostEntry entry = present.known(canonical(host));
        return entry != null && entry.isInDoubt(failed);
    }

    /** Whether the resolvers gave that address before an outage and no longer do after it. */
    public boolean isGone(String host, InetAddress address) {
        HostEntry entry = present.known(canonical(host));
        return entry != null && entry.isGone(address);
    }

    /** Reports that a TLS handshake for that host succeeded on that address. */
    public void proven(String host, InetAddress address) {
        HostEntry entry = present.known(canonical(host));
        if (entry != null) {
            entry.proven(address);
        }
    }

    /**
     * Reports that the server at that address has no certificate for that host: the address is dropped, and the chain
     * is asked again. If the chain gave only this address, it stays until the chain gives another one or its TTL ends.
     */
    public void disproven(String host, InetAddress address) {
        HostEntry entry = present.known(canonical(host));
        if (entry != null) {
            entry.disproven(address);
        }
    }

    /**
     * Reports that a connection to that address failed. If the address is not fresh, or all fresh ones failed, the next
     * lookup asks the chain at once and waits for it, at most once a second, and can ask another resolver once more.
     */
    public void doubt(String host, InetAddress address) {
        HostEntry entry = present.known(canonical(host));
        if (entry != null) {
            entry.doubt(address);
        }
    }

    /**
     * The hosts that are remembered on the present network, sorted by name; this asks no resolver and changes nothing.
     */
    public List<KnownHost> known() {
        return present.all().stream()
                .map(HostEntry::known)
                .filter(Optional::isPresent)
                .map(Optional::get)
                .sorted(Comparator.comparing(KnownHost::host))
                .collect(Collectors.toList());
    }

    /** The resolvers of the chain in order of preference; this asks no resolver and changes nothing. */
    public List<ResolverStatus> resolvers() {
        return chain.status();
    }

    /** Closes the resolvers of the chain, and waits up to 1 s until all records are stored. */
    @Override
    public void close() {
        chain.close();
        networks.all().forEach(Network::close);
    }

    /**
     * The name in lower case and without a dot at its end; the same object if it is in that form already. The dot stays
     * if the client's own look-up is asked: the system may know another host by the name without it, because of its
     * search domains.
     */
    private String canonical(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") && !chain.asksOwn() ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static @Nullable Resolution literal(String host) {
        InetAddress address = Literals.address(host);
        if (address == null) {
            return null;
        }
        Provenance from = new Provenance(Provenance.Source.FRESH, "literal", Duration.ZERO, "");
        return new Resolution(new Answer.Addresses(List.of(address), Duration.ofHours(1)), from);
    }

    /** Builds a {@link LastGood}. */
    public static final class Builder {
        private static final Duration RETAIN_LIMIT = Duration.ofHours(24);
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
         * How long proven addresses are retained against resolvers that agree on a negative answer, counted from the
         * first such answer; zero accepts that answer at once. Defaults to 1 h.
         *
         * @throws IllegalArgumentException if it is negative or more than 24 h
         */
        public Builder retainFor(Duration retainFor) {
            if (retainFor.isNegative() || retainFor.compareTo(RETAIN_LIMIT) > 0) {
                throw new IllegalArgumentException(
                        "retainFor: " + retainFor + " (expected: from zero to " + RETAIN_LIMIT + ")");
            }
            this.retainFor = retainFor;
            return this;
        }

        /**
         * How long past their TTL addresses are used while the resolvers give no answer; zero means never. Defaults to
         * 24 h.
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
         * The most hosts that are remembered. Defaults to 1,000.
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
         * A store that keeps proven addresses over restarts. It is read at the first look-up of a host, and its
         * addresses are used if the resolvers have none. Defaults to no store.
         */
        public Builder store(AnswerStore store) {
            this.store = Optional.of(store);
            return this;
        }

        /** Keeps nothing over restarts, whatever store was set. */
        public Builder withoutStore() {
            this.store = Optional.empty();
            return this;
        }

        /**
         * Adds hosts to keep resolved while there is {@linkplain LastGood#traffic traffic}: they are looked up every 5
         * minutes, or after 5 s doubling to 60 s while the resolvers have no addresses for them. Defaults to none.
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
