package byroad.dns;

import byroad.FailureDomain;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parses the text of one resolver: {@code scheme://host[:port][/path][@address]...}. */
final class ResolverText {
    private static final String EXPECTED = "system, " + String.join(", ", KnownOperator.names())
            + ", https://dns.example/dns-query, tls://quad9, tls://dns.example@192.0.2.1, udp://10.0.0.53 or"
            + " tcp://10.0.0.53";
    private static final String HOST = "(?:\\[([0-9a-f:.]+)]|([^\\[\\]/:@?#\\s]+))";
    private static final Pattern URL =
            Pattern.compile("(?i)([a-z]+)://" + HOST + "(?::(\\d{1,5}))?(/[^#@\\s]*)?((?:@[^@/\\s]+)*)");
    private static final Pattern SERVER = Pattern.compile("(?i)" + HOST + "(?::(\\d{1,5}))?");
    private static final List<String> SCHEMES = List.of("tls", "https", "udp", "tcp");
    private static final int MAX_PORT = 65_535;

    private final String name;
    private final String text;
    private final String scheme;
    private final String host;
    private final @Nullable String port;
    private final @Nullable String path;
    private final String bootstrap;

    /** Parses that text. */
    ResolverText(String given) {
        String trimmed = given.trim();
        KnownOperator known = KnownOperator.named(trimmed.toLowerCase(Locale.ROOT));
        name = known == null ? trimmed : known.name();
        text = known == null ? trimmed : known.url();
        Matcher parts = URL.matcher(text);
        if (!parts.matches()) {
            List<String> words = new ArrayList<>(KnownOperator.names());
            words.add("system");
            throw refused(FailureDomain.hint(text.toLowerCase(Locale.ROOT), words));
        }
        scheme = parts.group(1).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            String rest = text.substring(scheme.length());
            List<String> corrected = SCHEMES.stream().map(one -> one + rest).collect(Collectors.toList());
            throw refused(FailureDomain.hint(text, corrected));
        }
        String written = host(parts, 2).toLowerCase(Locale.ROOT);
        KnownOperator overTls = scheme.equals("tls") ? KnownOperator.named(written) : null;
        host = overTls == null ? written : overTls.tlsHost();
        port = parts.group(4);
        path = parts.group(5);
        bootstrap = parts.group(6);
    }

    /** The name of the resolver: the text as it was written. */
    String name() {
        return name;
    }

    /** One of {@code udp}, {@code tcp}, {@code tls} and {@code https}. */
    String scheme() {
        return scheme;
    }

    String host() {
        return host;
    }

    InetSocketAddress server() {
        InetAddress address = Literals.address(host);
        if (address == null || path != null || !bootstrap.isEmpty()) {
            throw refused(": udp:// and tcp:// take an IP address and a port at most");
        }
        return new InetSocketAddress(address, port(port, 53));
    }

    List<InetSocketAddress> tlsServers() {
        if (path != null) {
            throw refused(": tls:// takes no path");
        }
        List<InetSocketAddress> servers = servers(853);
        if (servers.isEmpty()) {
            String hint = FailureDomain.hint(host, KnownOperator.names());
            throw refused(hint + ": the address of " + host + " is not known; write tls://" + host + "@192.0.2.1");
        }
        return servers;
    }

    List<InetAddress> httpsAddresses() {
        if (path == null) {
            throw refused(": the path is missing, often /dns-query");
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (InetSocketAddress server : servers(443)) {
            if (server.getPort() != port(port, 443)) {
                throw refused(": the port must follow the host");
            }
            addresses.add(server.getAddress());
        }
        return addresses;
    }

    String url() {
        return text.substring(0, text.length() - bootstrap.length());
    }

    /** The addresses of the host: those in the text, or those of a known operator. */
    private List<InetSocketAddress> servers(int usualPort) {
        int itsPort = port(port, usualPort);
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String given : given()) {
            servers.add(server(given, itsPort));
        }
        if (servers.isEmpty()) {
            addressesOfHost().forEach(address -> servers.add(new InetSocketAddress(address, itsPort)));
        }
        return servers;
    }

    private List<String> given() {
        return bootstrap.isEmpty() ? List.of() : List.of(bootstrap.substring(1).split("@"));
    }

    private InetSocketAddress server(String given, int usualPort) {
        Matcher parts = SERVER.matcher(given);
        boolean isUnderstood = parts.matches();
        InetAddress address = isUnderstood ? Literals.address(host(parts, 1)) : null;
        if (address == null) {
            throw refused(
                    ": \"" + given + "\" is not an IP address" + (given.contains(":") ? " (IPv6 in brackets)" : ""));
        }
        return new InetSocketAddress(address, port(parts.group(3), usualPort));
    }

    private List<InetAddress> addressesOfHost() {
        InetAddress address = Literals.address(host);
        KnownOperator known = KnownOperator.at(host, address);
        return address != null ? List.of(address) : known != null ? known.bootstrapOf(host) : List.of();
    }

    private static String host(Matcher parts, int group) {
        return parts.group(group) != null ? parts.group(group) : parts.group(group + 1);
    }

    private int port(@Nullable String digits, int usual) {
        int number = digits == null ? usual : Integer.parseInt(digits);
        if (number < 1 || number > MAX_PORT) {
            throw refused(": port " + number + " is not from 1 to " + MAX_PORT);
        }
        return number;
    }

    /** The domain of the known operator that has the host or address, else the host or address itself. */
    FailureDomain domain() {
        List<String> given = given();
        InetAddress address = given.isEmpty()
                ? Literals.address(host)
                : server(given.get(0), 53).getAddress();
        KnownOperator known = KnownOperator.at(host, address);
        return known != null ? known.domain() : FailureDomain.of(host);
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("resolver: \"" + text + "\"" + why + " (expected: " + EXPECTED + ")");
    }
}
