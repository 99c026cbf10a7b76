package byroad.dns;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import byroad.dns.BlockingResolver.Owner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;

/**
 * The built-in resolvers. All are safe for use by any thread and start nothing before the first question. Those that ask
 * a DNS server use at most 8 threads of the client at a time.
 */
public final class Resolvers {
    private Resolvers() {}

    /**
     * A resolver that calls a blocking lookup of the user, on the client's threads for blocking work: at most 64 at a
     * time, without those that have taken longer than 250 ms.
     *
     * <pre>{@code
     * Resolvers.blocking("consul", "acme/consul", host -> consul.addressesOf(host))
     * }</pre>
     *
     * <p>Its addresses are fresh for 30 s. An {@link UnknownHostException} means "no such name" for 5 s; any other
     * {@link IOException} means no answer.
     *
     * @param name its name in reports
     * @param domain the failure domain it depends on, as in {@link FailureDomain}
     */
    public static Resolver blocking(String name, String domain, HostLookup lookup) {
        return new BlockingResolver(name, FailureDomain.of(domain), Owner.DECLARED, lookup);
    }

    /**
     * The client's own look-up, named {@code system}, which belongs to the client's policy: it is asked at each look-up,
     * what it throws reaches the caller unchanged, and no remembered address is used against that. Only an exception of
     * the platform that it passes on is read as the {@linkplain #platform platform's}.
     *
     * <p>As the only resolver it has as long as its caller, and runs on the caller's thread if {@link
     * LastGood#lookup(String, byroad.Scheme, java.util.concurrent.Executor)} is called with {@code Runnable::run}.
     */
    public static Resolver own(HostLookup lookup) {
        return new BlockingResolver("system", FailureDomain.of("system"), Owner.CLIENT, lookup);
    }

    /**
     * The platform's own look-up, named {@code system}. Its addresses are fresh for 30 s. Its message tells "no such
     * name" from a failure; what it throws reaches the caller unchanged if there is no address. As the only resolver it
     * has as long as its caller, as {@link #own} has.
     */
    public static Resolver platform(HostLookup lookup) {
        return new BlockingResolver("system", FailureDomain.of("system"), Owner.PLATFORM, lookup);
    }

    /**
     * A resolver with a fixed list of hosts; it has no answer for any other host. Its addresses are fresh for 30 s.
     *
     * <pre>{@code
     * Resolvers.fixed("list", "ours", Map.of("api.example.com", List.of("192.0.2.1", "2001:db8::1")))
     * }</pre>
     *
     * @param name its name in reports
     * @param domain the failure domain it depends on, as in {@link FailureDomain}
     * @param hosts the IP addresses of each host, at least one
     * @throws IllegalArgumentException if a host has no addresses, or one that is invalid
     */
    public static Resolver fixed(String name, String domain, Map<String, List<String>> hosts) {
        Map<String, List<InetAddress>> known = new HashMap<>();
        hosts.forEach(
                (host, literals) -> known.put(new Question(host, Duration.ZERO).host(), addresses(host, literals)));
        return new FixedResolver(name, FailureDomain.of(domain), Map.copyOf(known));
    }

    private static List<InetAddress> addresses(String host, List<String> literals) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : literals) {
            InetAddress address = Literals.address(literal);
            if (address == null) {
                throw new IllegalArgumentException(host + ": \"" + literal + "\" (expected: an IP address)");
            }
            addresses.add(address);
        }
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException(host + ": no address (expected: at least one)");
        }
        return List.copyOf(addresses);
    }

    /**
     * A resolver that asks a server over UDP, and over TCP if the answer does not fit. It asks once more after 400 ms
     * without an answer.
     *
     * @param name its name in reports
     * @param domain the failure domain it depends on, as in {@link FailureDomain}
     * @param server its address, resolved
     * @throws IllegalArgumentException if the server is a name in place of an address
     */
    public static Resolver udp(String name, String domain, InetSocketAddress server) {
        StreamServer whole = StreamServer.tcp(resolved(server));
        return at(
                List.of(server),
                name,
                domain,
                runtime -> new UdpTransport(server, new StreamTransport(whole, runtime), runtime));
    }

    /**
     * A resolver that asks a server over TCP. The connect timeout is 1 s; the connection is closed after 10 s without a
     * question.
     *
     * @param name its name in reports
     * @param domain the failure domain it depends on, as in {@link FailureDomain}
     * @param server its address, resolved
     * @throws IllegalArgumentException if the server is a name in place of an address
     */
    public static Resolver tcp(String name, String domain, InetSocketAddress server) {
        StreamServer stream = StreamServer.tcp(resolved(server));
        return at(List.of(server), name, domain, runtime -> new StreamTransport(stream, runtime));
    }

    /**
     * A resolver that asks a server over TLS (DoT, RFC 7858) with the trusted certificates of the platform.
     *
     * @see #tls(String, String, String, List, SSLSocketFactory)
     */
    public static Resolver tls(String name, String domain, String host, List<InetSocketAddress> servers) {
        return tls(name, domain, host, servers, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /**
     * A resolver that asks a server over TLS (DoT, RFC 7858), strictly: a server without a valid certificate for its
     * name is not asked. For each address the connect timeout is 1 s, and so is the timeout for each step of the
     * handshake; the connection is closed after 10 s without a question.
     *
     * @param name its name in reports
     * @param domain the failure domain it depends on, as in {@link FailureDomain}
     * @param host the host name or IP address that the certificate must be for
     * @param servers its addresses, resolved and tried in order; the usual port is 853
     * @param sockets makes the sockets and decides which certificates are trusted
     * @throws IllegalArgumentException if there are no addresses, or one is a name
     */
    public static Resolver tls(
            String name, String domain, String host, List<InetSocketAddress> servers, SSLSocketFactory sockets) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("servers: none (expected: at least one address of " + host + ")");
        }
        servers.forEach(Resolvers::resolved);
        StreamServer stream = StreamServer.tls(host, servers, sockets);
        return at(servers, name, domain, runtime -> new StreamTransport(stream, runtime));
    }

    /**
     * A resolver that asks a DNS server over any transport, for A and AAAA records at once. When A has addresses, it
     * waits at most 50 ms for AAAA; when AAAA has addresses, it waits at most 500 ms for A.
     *
     * @param name its name in reports
     * @param domain the failure domain it depends on, as in {@link FailureDomain}
     * @param transport makes the transport when a client starts, for the runtime of that client; at most 8 of its tasks
     *     run on {@link ClientRuntime#blocking} at a time
     */
    public static Resolver over(String name, String domain, Function<ClientRuntime, Transport> transport) {
        return new WireResolver(name, FailureDomain.of(domain), false, transport);
    }

    /** Whether that address is not public: a resolver whose servers all have such addresses is within the network. */
    public static boolean isPrivate(InetAddress address) {
        return AddressFilter.isSpecial(address);
    }

    private static Resolver at(
            List<InetSocketAddress> servers, String name, String domain, Function<ClientRuntime, Transport> transport) {
        boolean isLocal = servers.stream().allMatch(server -> AddressFilter.isSpecial(server.getAddress()));
        return new WireResolver(name, FailureDomain.of(domain), isLocal, transport);
    }

    private static InetSocketAddress resolved(InetSocketAddress server) {
        if (server.isUnresolved()) {
            throw new IllegalArgumentException("server: " + server + " (expected: an IP address)");
        }
        return server;
    }
}
