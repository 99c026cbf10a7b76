package byroad.dns;

import byroad.FailureDomain;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A resolver as people write it in code and configuration, understood but not yet made.
 *
 * <ul>
 *   <li>{@code system}: the client's own {@code Dns}
 *   <li>{@code quad9}, {@code google}, {@code cloudflare}, {@code adguard}: a known operator over HTTPS, in its variant without
 *       filters; {@code tls://quad9}: the same over TLS
 *   <li>{@code https://dns.example/dns-query}: a DoH server (RFC 8484)
 *   <li>{@code tls://dns.example@192.0.2.1}, {@code tls://192.0.2.1}: a DoT server (RFC 7858), port 853
 *   <li>{@code udp://10.0.0.53}, {@code udp://[2001:db8::53]:5353}: a server over UDP, and TCP where it must be, port 53
 *   <li>{@code tcp://10.0.0.53}: a server over TCP only, port 53
 * </ul>
 *
 * <p>A host over HTTPS or TLS may be followed by its addresses, each after an {@code @}, so that no other resolver is
 * needed to find it: {@code https://dns.example/dns-query@192.0.2.1@[2001:db8::1]}. The addresses of known operators are
 * known. Without any, a DoH host is looked up by the system, and a DoT host is an error.
 *
 * <p>The failure domain is that of the known operator whom the host or address belongs to, else the host or address itself.
 */
public sealed interface ResolverSpec {
    /** What it is called in reports: as it was written. */
    String name();

    /** Whom it depends on. */
    FailureDomain domain();

    /** The client's own {@code Dns}, which only the adapter knows. */
    record OwnDns() implements ResolverSpec {
        @Override
        public String name() {
            return "system";
        }

        @Override
        public FailureDomain domain() {
            return FailureDomain.of("system");
        }
    }

    /**
     * A server over UDP; see {@link Resolvers#udp}.
     *
     * @param server its address and port
     */
    record Udp(String name, FailureDomain domain, InetSocketAddress server) implements ResolverSpec {}

    /**
     * A server over TCP; see {@link Resolvers#tcp}.
     *
     * @param server its address and port
     */
    record Tcp(String name, FailureDomain domain, InetSocketAddress server) implements ResolverSpec {}

    /**
     * A DoT server; see {@link Resolvers#tls(String, String, String, List)}.
     *
     * @param host what its certificate must be for
     * @param servers its addresses, at least one
     */
    record Tls(String name, FailureDomain domain, String host, List<InetSocketAddress> servers)
            implements ResolverSpec {
        /** Copies the list. */
        public Tls {
            servers = List.copyOf(servers);
        }
    }

    /**
     * A DoH server.
     *
     * @param url where to send questions
     * @param bootstrap its addresses, so that no other resolver is needed; none means that its host must be looked up
     */
    record Https(String name, FailureDomain domain, String url, List<InetAddress> bootstrap) implements ResolverSpec {
        /** Copies the list. */
        public Https {
            bootstrap = List.copyOf(bootstrap);
        }
    }

    /**
     * Understands one such text.
     *
     * @throws IllegalArgumentException if it is none, naming what was expected
     */
    static ResolverSpec parse(String text) {
        return new ResolverText(text).parse();
    }
}
