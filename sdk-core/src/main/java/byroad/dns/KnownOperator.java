package byroad.dns;

import byroad.FailureDomain;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A known operator of public DNS resolvers; the variant without filters if it has several.
 *
 * <p>As of 2026-11-23, from the DNSCrypt list of public resolvers (2026-07-24) and AdGuard's list of DNS providers
 * (2026-07-21); this may change.
 *
 * @param name its name in configuration, and its failure domain
 * @param host of its DoH server, whose path is {@code /dns-query}
 * @param tlsHost of its DoT server, at the usual port
 * @param addresses of both servers
 * @param alsoKnown other hosts and addresses of the same operator
 */
record KnownOperator(String name, String host, String tlsHost, List<String> addresses, List<String> alsoKnown) {
    private static final List<KnownOperator> ALL = List.of(
            new KnownOperator(
                    "quad9",
                    "dns10.quad9.net",
                    "dns10.quad9.net",
                    List.of("9.9.9.10", "149.112.112.10", "2620:fe::10", "2620:fe::fe:10"),
                    List.of(
                            "dns.quad9.net",
                            "9.9.9.9",
                            "149.112.112.112",
                            "2620:fe::fe",
                            "2620:fe::9",
                            "dns11.quad9.net",
                            "9.9.9.11",
                            "149.112.112.11")),
            new KnownOperator(
                    "google",
                    "dns.google",
                    "dns.google",
                    List.of("8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844"),
                    List.of()),
            new KnownOperator(
                    "cloudflare",
                    "cloudflare-dns.com",
                    "one.one.one.one",
                    List.of("1.1.1.1", "1.0.0.1", "2606:4700:4700::1111", "2606:4700:4700::1001"),
                    List.of(
                            "dns.cloudflare.com",
                            "mozilla.cloudflare-dns.com",
                            "security.cloudflare-dns.com",
                            "1.1.1.2",
                            "1.0.0.2",
                            "2606:4700:4700::1112",
                            "2606:4700:4700::1002",
                            "family.cloudflare-dns.com",
                            "1.1.1.3",
                            "1.0.0.3",
                            "2606:4700:4700::1113",
                            "2606:4700:4700::1003")),
            new KnownOperator(
                    "adguard",
                    "unfiltered.adguard-dns.com",
                    "unfiltered.adguard-dns.com",
                    List.of("94.140.14.140", "94.140.14.141", "2a10:50c0::1:ff", "2a10:50c0::2:ff"),
                    List.of(
                            "dns.adguard-dns.com",
                            "94.140.14.14",
                            "94.140.15.15",
                            "2a10:50c0::ad1:ff",
                            "2a10:50c0::ad2:ff",
                            "family.adguard-dns.com",
                            "94.140.14.15",
                            "94.140.15.16")));

    static List<String> names() {
        return ALL.stream().map(KnownOperator::name).collect(Collectors.toList());
    }

    static @Nullable KnownOperator named(String name) {
        return ALL.stream().filter(one -> one.name.equals(name)).findFirst().orElse(null);
    }

    /** The operator of that host or address; null if unknown. */
    static @Nullable KnownOperator at(String host, @Nullable InetAddress address) {
        return ALL.stream()
                .filter(one -> one.isHost(host) || one.alsoKnown.contains(host) || one.owns(address))
                .findFirst()
                .orElse(null);
    }

    private boolean isHost(String its) {
        return its.equals(host) || its.equals(tlsHost);
    }

    private boolean owns(@Nullable InetAddress address) {
        if (address == null) {
            return false;
        }
        return addresses.stream().anyMatch(one -> address.equals(Literals.address(one)))
                || alsoKnown.stream().anyMatch(one -> address.equals(Literals.address(one)));
    }

    FailureDomain domain() {
        return FailureDomain.of(name);
    }

    String url() {
        return "https://" + host + "/dns-query";
    }

    List<InetAddress> bootstrap() {
        return addresses.stream()
                .map(Literals::address)
                .map(Objects::requireNonNull)
                .collect(Collectors.toList());
    }

    /** The known addresses of that host of the operator. */
    List<InetAddress> bootstrapOf(String itsHost) {
        return isHost(itsHost) ? bootstrap() : List.of();
    }
}
