package byroad.dns;

import byroad.FailureDomain;
import byroad.Spelling;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A resolver as people write it in code and configuration, understood but not yet made.
 *
 * <ul>
 *   <li>{@code system}: the client's own {@code Dns}
 *   <li>{@code quad9}, {@code google}, {@code cloudflare}, {@code adguard}: a known operator over HTTPS, in its variant without
 *       filters
 *   <li>{@code https://dns.example/dns-query}: a DoH server (RFC 8484)
 *   <li>{@code udp://10.0.0.53}, {@code udp://[2001:db8::53]:5353}: a server over UDP, and TCP where it must be
 * </ul>
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
        String word = text.trim().toLowerCase(Locale.ROOT);
        if (word.equals("system")) {
            return new OwnDns();
        }
        KnownOperator known = KnownOperator.named(word);
        if (known != null) {
            return new Https(word, known.domain(), known.url(), known.bootstrap());
        } else if (word.startsWith("udp://")) {
            return Parser.udp(text.trim());
        } else if (word.startsWith("https://")) {
            return Parser.https(text.trim());
        } else if (word.startsWith("tls://")) {
            throw new IllegalArgumentException("resolver: \"" + text
                    + "\": DNS over TLS is not supported yet (expected: " + Parser.EXPECTED + ")");
        }
        List<String> words = new ArrayList<>(KnownOperator.names());
        words.add("system");
        throw Parser.refused(text, Spelling.hint(word, words));
    }

    /** The grammar of what has a scheme. */
    final class Parser {
        private static final String EXPECTED = "system, " + String.join(", ", KnownOperator.names())
                + ", https://dns.example/dns-query or udp://10.0.0.53";
        private static final Pattern URL =
                Pattern.compile("(?i)[a-z]+://(?:\\[([0-9a-f:.]+)]|([^\\[\\]/:@?#\\s]+))(?::(\\d{1,5}))?(/[^#\\s]*)?");
        private static final int DNS_PORT = 53;
        private static final int MAX_PORT = 65_535;

        private Parser() {}

        private static ResolverSpec udp(String text) {
            Matcher parts = matched(text);
            InetAddress address = Literals.address(host(parts));
            if (address == null || parts.group(4) != null) {
                throw refused(text, ": udp:// takes an IP address and a port at most");
            }
            InetSocketAddress server = new InetSocketAddress(address, port(text, parts, DNS_PORT));
            return new Udp(text, domain(host(parts), address), server);
        }

        private static ResolverSpec https(String text) {
            Matcher parts = matched(text);
            port(text, parts, 443);
            if (parts.group(4) == null) {
                throw refused(text, ": the path is missing, often /dns-query");
            }
            InetAddress address = Literals.address(host(parts));
            KnownOperator known = KnownOperator.at(host(parts), address);
            List<InetAddress> bootstrap =
                    address != null ? List.of(address) : known != null ? known.bootstrapOf(host(parts)) : List.of();
            return new Https(text, domain(host(parts), address), text, bootstrap);
        }

        private static Matcher matched(String text) {
            Matcher parts = URL.matcher(text);
            if (!parts.matches()) {
                throw refused(text, "");
            }
            return parts;
        }

        private static String host(Matcher parts) {
            return (parts.group(1) != null ? parts.group(1) : parts.group(2)).toLowerCase(Locale.ROOT);
        }

        private static int port(String text, Matcher parts, int usual) {
            int port = parts.group(3) == null ? usual : Integer.parseInt(parts.group(3));
            if (port < 1 || port > MAX_PORT) {
                throw refused(text, ": port " + port + " is not from 1 to " + MAX_PORT);
            }
            return port;
        }

        private static FailureDomain domain(String host, @Nullable InetAddress address) {
            KnownOperator known = KnownOperator.at(host, address);
            return known != null ? known.domain() : FailureDomain.of(host);
        }

        private static IllegalArgumentException refused(String text, String why) {
            return new IllegalArgumentException("resolver: \"" + text + "\"" + why + " (expected: " + EXPECTED + ")");
        }
    }
}
