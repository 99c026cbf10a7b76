package byroad.dns;

import byroad.FailureDomain;
import java.net.InetAddress;
import java.util.List;

/**
 * A resolver as people give it in code and configuration: one that is made, or what the adapter makes one of.
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

    /** A resolver that needs nothing of the adapter. */
    record Made(Resolver resolver) implements ResolverSpec {
        @Override
        public String name() {
            return resolver.name();
        }

        @Override
        public FailureDomain domain() {
            return resolver.domain();
        }
    }

    /**
     * Understands one such text.
     *
     * @throws IllegalArgumentException if it is none, naming what was expected
     */
    static ResolverSpec parse(String text) {
        if (text.trim().equalsIgnoreCase("system")) {
            return new OwnDns();
        }
        ResolverText parts = new ResolverText(text);
        String domain = parts.domain().path();
        switch (parts.scheme()) {
            case "udp":
                return new Made(Resolvers.udp(parts.name(), domain, parts.server()));
            case "tcp":
                return new Made(Resolvers.tcp(parts.name(), domain, parts.server()));
            case "tls":
                return new Made(Resolvers.tls(parts.name(), domain, parts.host(), parts.tlsServers()));
            default:
                return new Https(parts.name(), parts.domain(), parts.url(), parts.httpsAddresses());
        }
    }
}
