package byroad.dns;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What connections have shown about the addresses of one host. Not safe for use by several threads. */
final class Evidence {
    private final Set<InetAddress> proven = new HashSet<>();
    private final Set<InetAddress> disproven = new HashSet<>();
    private final Set<InetAddress> failing = new HashSet<>();

    /** TLS for the host succeeded on it. */
    void proven(InetAddress address) {
        proven.add(address);
        disproven.remove(address);
        failing.remove(address);
    }

    /** It showed a certificate for somebody else. */
    void disproven(InetAddress address) {
        proven.remove(address);
        disproven.add(address);
        failing.add(address);
    }

    /** A connection to it failed. */
    void failing(InetAddress address) {
        failing.add(address);
    }

    boolean isProven(InetAddress address) {
        return proven.contains(address);
    }

    boolean anyProven(Collection<InetAddress> addresses) {
        return addresses.stream().anyMatch(proven::contains);
    }

    boolean allDisproven(Collection<InetAddress> addresses) {
        return disproven.containsAll(addresses);
    }

    boolean allFailing(Collection<InetAddress> addresses) {
        return failing.containsAll(addresses);
    }

    List<InetAddress> provenOf(Collection<InetAddress> addresses) {
        return addresses.stream().filter(proven::contains).collect(Collectors.toList());
    }

    List<InetAddress> notDisprovenOf(Collection<InetAddress> addresses) {
        return addresses.stream()
                .filter(address -> !disproven.contains(address))
                .collect(Collectors.toList());
    }

    /** The resolvers were heard anew: what failed may work now, and what nobody needs any more is forgotten. */
    void renew(Collection<InetAddress> needed) {
        proven.retainAll(needed);
        disproven.clear();
        failing.clear();
    }

    /** Connections may fail for a while without meaning anything. */
    void forgive() {
        failing.clear();
    }

    void forgetProofs() {
        proven.clear();
    }
}
