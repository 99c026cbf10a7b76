package byroad.test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;

/**
 * The records that one or more {@linkplain DnsServer servers} answer from. A change is seen by the next question to any
 * of them.
 *
 * <pre>{@code
 * DnsZone zone = new DnsZone()
 *         .put("api.example.test", Duration.ofSeconds(5), "127.0.0.2", "::1")
 *         .alias("www.example.test", Duration.ofMinutes(1), "api.example.test");
 * // later, while the servers run
 * zone.empty("api.example.test");
 * }</pre>
 *
 * <p>Names are compared without regard to case, with or without a trailing dot, and are taken as ASCII (punycode for the
 * rest). A name has one meaning at a time: each call here replaces what its name meant before. A name never mentioned
 * does not exist. TTLs are whole seconds. Negative answers carry an SOA record whose TTL is how long they may be
 * remembered (RFC 2308).
 *
 * <p>Safe for use by many threads.
 */
public final class DnsZone {
    // Enough for any test; recursive resolvers also answer SERVFAIL for long chains and loops.
    private static final int MAX_LINKS = 16;

    private static final ZoneEntry UNKNOWN = new ZoneEntry.Missing(Reply.NO_EDE);

    private final Map<Name, ZoneEntry> entries = new ConcurrentHashMap<>();

    /** Makes a zone in which no name exists. */
    public DnsZone() {}

    /**
     * Gives a name these addresses, in this order.
     *
     * @param ttl whole seconds; zero is allowed
     * @param ips IPv4 and IPv6 literals, at least one
     * @return this zone
     * @throws IllegalArgumentException if the name, the TTL or an address is invalid
     */
    public DnsZone put(String name, Duration ttl, String... ips) {
        if (ips.length == 0) {
            throw new IllegalArgumentException("ips: none (expected: at least one; use empty for a name without any)");
        }
        List<InetAddress> addresses = new ArrayList<>(ips.length);
        for (String ip : ips) {
            addresses.add(Literals.address("ips", ip));
        }
        return set(name, new ZoneEntry.Addresses(Literals.seconds("ttl", ttl), List.copyOf(addresses)));
    }

    /**
     * Makes a name an alias (CNAME) of another, which may be an alias itself, may change, and need not exist.
     *
     * @param ttl whole seconds; zero is allowed
     * @return this zone
     * @throws IllegalArgumentException if a name or the TTL is invalid
     */
    public DnsZone alias(String name, Duration ttl, String target) {
        return set(name, new ZoneEntry.Alias(Literals.seconds("ttl", ttl), Literals.name("target", target)));
    }

    /**
     * Removes the records of a name, but not the name: {@code NOERROR} without addresses, for five seconds.
     *
     * @return this zone
     * @throws IllegalArgumentException if the name is not one
     */
    public DnsZone empty(String name) {
        return empty(name, Duration.ofSeconds(ZoneEntry.NEGATIVE_TTL));
    }

    /**
     * Removes the records of a name, but not the name: {@code NOERROR} without addresses.
     *
     * @param negativeTtl how long that may be remembered, in whole seconds
     * @return this zone
     * @throws IllegalArgumentException if the name or the TTL is invalid
     */
    public DnsZone empty(String name, Duration negativeTtl) {
        return set(name, new ZoneEntry.Empty(Literals.seconds("negativeTtl", negativeTtl)));
    }

    /**
     * Makes a name not exist: {@code NXDOMAIN}, for five seconds.
     *
     * @return this zone
     * @throws IllegalArgumentException if the name is not one
     */
    public DnsZone remove(String name) {
        entries.remove(Literals.name("name", name));
        return this;
    }

    /**
     * Makes a name blocked by a filter: {@code NXDOMAIN}, with an extended DNS error (RFC 8914) if the question has
     * EDNS.
     *
     * @param ede 15 blocked, 16 censored, 17 filtered or 18 prohibited
     * @return this zone
     * @throws IllegalArgumentException if the name is invalid, or the code is none of these
     */
    public DnsZone blocked(String name, int ede) {
        if (ede < 15 || ede > 18) {
            throw new IllegalArgumentException("ede: " + ede + " (expected: 15 to 18)");
        }
        return set(name, new ZoneEntry.Missing(ede));
    }

    private DnsZone set(String name, ZoneEntry entry) {
        entries.put(Literals.name("name", name), entry);
        return this;
    }

    Reply reply(Name asked, int type) {
        List<Record> answers = new ArrayList<>();
        Name name = asked;
        for (int links = 0; links <= MAX_LINKS; links++) {
            ZoneEntry entry = entries.getOrDefault(name, UNKNOWN);
            List<Record> records = entry.records(name, type);
            answers.addAll(records);
            if (records.isEmpty()) {
                return new Reply(entry.rcode(), answers, List.of(soa(name, entry.ttl())), entry.ede());
            }
            if (!(entry instanceof ZoneEntry.Alias alias) || alias.isAskedFor(type)) {
                return new Reply(Rcode.NOERROR, answers, List.of(), Reply.NO_EDE);
            }
            name = alias.target();
        }
        return Reply.of(Rcode.SERVFAIL);
    }

    /** A SOA record as if the last two labels were a zone; its owner must not be below the name (RFC 2308). */
    private static Record soa(Name name, long ttl) {
        int labels = name.labels() - 1; // the root counts as one
        Name apex = labels > 2 ? new Name(name, labels - 2) : name;
        Name host = Literals.name("host", "ns.byroad.test");
        Name admin = Literals.name("admin", "hostmaster.byroad.test");
        return new SOARecord(apex, DClass.IN, ttl, host, admin, 1, 3600, 600, 86_400, ttl);
    }
}
