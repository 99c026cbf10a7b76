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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The text of one resolver on its way to a {@link ResolverSpec}: {@code scheme://host[:port][/path][@address]...}. */
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

    private final String text;
    private String host = "";
    private @Nullable String port;
    private @Nullable String path;
    private String bootstrap = "";

    ResolverText(String text) {
        this.text = text.trim();
    }

    ResolverSpec parse() {
        String word = text.toLowerCase(Locale.ROOT);
        KnownOperator known = KnownOperator.named(word);
        if (word.equals("system")) {
            return new ResolverSpec.OwnDns();
        } else if (known != null) {
            return new ResolverSpec.Https(word, known.domain(), known.url(), known.bootstrap());
        }
        switch (scheme()) {
            case "udp":
                return new ResolverSpec.Udp(text, domain(), server());
            case "tcp":
                return new ResolverSpec.Tcp(text, domain(), server());
            case "tls":
                return tls();
            case "https":
                return https();
            default:
                throw new AssertionError(text);
        }
    }

    /** Takes it to pieces. */
    private String scheme() {
        Matcher parts = URL.matcher(text);
        if (!parts.matches()) {
            List<String> words = new ArrayList<>(KnownOperator.names());
            words.add("system");
            throw refused(Spelling.hint(text.toLowerCase(Locale.ROOT), words));
        }
        host = host(parts, 2).toLowerCase(Locale.ROOT);
        port = parts.group(4);
        path = parts.group(5);
        bootstrap = parts.group(6);
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            String rest = text.substring(scheme.length());
            List<String> corrected = SCHEMES.stream().map(known -> known + rest).collect(Collectors.toList());
            throw refused(Spelling.hint(text, corrected));
        }
        return scheme;
    }

    private InetSocketAddress server() {
        InetAddress address = Literals.address(host);
        if (address == null || path != null || !bootstrap.isEmpty()) {
            throw refused(": udp:// and tcp:// take an IP address and a port at most");
        }
        return new InetSocketAddress(address, port(port, 53));
    }

    private ResolverSpec tls() {
        if (path != null) {
            throw refused(": tls:// takes no path");
        }
        KnownOperator known = KnownOperator.named(host);
        if (known != null) {
            host = known.tlsHost();
        }
        List<InetSocketAddress> servers = servers(853);
        if (servers.isEmpty()) {
            String hint = Spelling.hint(host, KnownOperator.names());
            throw refused(hint + ": the address of " + host + " is not known; write tls://" + host + "@192.0.2.1");
        }
        return new ResolverSpec.Tls(text, domain(), host, servers);
    }

    private ResolverSpec https() {
        if (path == null) {
            throw refused(": the path is missing, often /dns-query");
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (InetSocketAddress server : servers(443)) {
            if (server.getPort() != port(port, 443)) {
                throw refused(": the port belongs behind the host");
            }
            addresses.add(server.getAddress());
        }
        String url = text.substring(0, text.length() - bootstrap.length());
        return new ResolverSpec.Https(text, domain(), url, addresses);
    }

    /** Where the host is: as given, or as known. */
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
            throw refused(": \"" + given + "\" is no IP address" + (given.contains(":") ? " (IPv6 in brackets)" : ""));
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

    private FailureDomain domain() {
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
