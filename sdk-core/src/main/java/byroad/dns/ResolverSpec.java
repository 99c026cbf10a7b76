package byroad.dns;

import byroad.FailureDomain;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * A resolver in configuration: a complete resolver, or the description of one that the adapter makes.
 *
 * <ul>
 *   <li>{@code system}: the client's own {@code Dns}
 *   <li>{@code quad9}, {@code google}, {@code cloudflare}, {@code adguard}: a known operator over HTTPS, in its variant
 *       without filters; {@code tls://quad9}: the same over TLS
 *   <li>{@code https://dns.example/dns-query}: a DoH server (RFC 8484)
 *   <li>{@code tls://dns.example@192.0.2.1}, {@code tls://192.0.2.1}: a DoT server (RFC 7858), port 853
 *   <li>{@code udp://10.0.0.53}, {@code udp://[2001:db8::53]:5353}: a server over UDP, and TCP for truncated answers,
 *       port 53
 *   <li>{@code tcp://10.0.0.53}: a server over TCP only, port 53
 * </ul>
 *
 * <p>A host over HTTPS or TLS may be followed by its addresses, each after an {@code @}, so that no other resolver is
 * needed to look it up: {@code https://dns.example/dns-query@192.0.2.1@[2001:db8::1]}. The addresses of known operators
 * are built in. Without addresses, the system looks up a DoH host, and a DoT host is an error.
 *
 * <p>The failure domain is that of the known operator that has the host or address, else the host or address itself.
 */
public sealed interface ResolverSpec {
    /** Its name in reports: the text as it was written. */
    String name();

    /** The failure domain it depends on. */
    FailureDomain domain();

    /** What it asks: equal for two texts of one server. */
    Object server();

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

        @Override
        public Object server() {
            return this;
        }
    }

    /**
     * A DoH server.
     *
     * @param url where to send questions
     * @param bootstrap its addresses, so that no other resolver is needed; if empty, its host must be looked up
     */
    record Https(String name, FailureDomain domain, String url, List<InetAddress> bootstrap) implements ResolverSpec {
        /** Copies the list. */
        public Https {
            bootstrap = List.copyOf(bootstrap);
        }

        @Override
        public Object server() {
            URI written = URI.create(url);
            String host = bootstrap.isEmpty()
                    ? written.getHost().toLowerCase(Locale.ROOT)
                    : bootstrap.get(0).getHostAddress();
            int port = written.getPort() < 0 ? 443 : written.getPort();
            return List.of("https", host, port, written.getRawPath());
        }
    }

    /**
     * A complete resolver.
     *
     * @param server what it asks; a resolver of the user is equal to itself only
     */
    record Made(Resolver resolver, Object server) implements ResolverSpec {
        /** A resolver of the user. */
        public Made(Resolver resolver) {
            this(resolver, resolver);
        }

        private static Made of(ResolverText text, Resolver resolver, InetSocketAddress server) {
            return new Made(resolver, List.of(text.scheme(), server.getAddress(), server.getPort()));
        }

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
     * Parses the text of one resolver.
     *
     * @throws IllegalArgumentException if it is invalid; the message says what was expected
     */
    static ResolverSpec parse(String text) {
        if (text.trim().equalsIgnoreCase("system")) {
            return new OwnDns();
        }
        ResolverText parts = new ResolverText(text);
        String domain = parts.domain().path();
        switch (parts.scheme()) {
            case "udp":
                return Made.of(parts, Resolvers.udp(parts.name(), domain, parts.server()), parts.server());
            case "tcp":
                return Made.of(parts, Resolvers.tcp(parts.name(), domain, parts.server()), parts.server());
            case "tls":
                List<InetSocketAddress> servers = parts.tlsServers();
                return Made.of(parts, Resolvers.tls(parts.name(), domain, parts.host(), servers), servers.get(0));
            default:
                return new Https(parts.name(), parts.domain(), parts.url(), parts.httpsAddresses());
        }
    }
}
