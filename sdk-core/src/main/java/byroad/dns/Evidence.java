package byroad.dns;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The results of connections to the addresses of one host: proven, disproven or failing. Not safe for use by several
 * threads.
 */
final class Evidence {
    private final Set<InetAddress> proven = new HashSet<>();
    private final Set<InetAddress> disproven = new HashSet<>();
    private final Set<InetAddress> failing = new HashSet<>();

    /** A TLS handshake for the host succeeded on that address. */
    void proven(InetAddress address) {
        proven.add(address);
        disproven.remove(address);
        failing.remove(address);
    }

    /** The server at that address has no certificate for the host. */
    void disproven(InetAddress address) {
        proven.remove(address);
        disproven.add(address);
        failing.add(address);
    }

    /** A connection to that address failed. */
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

    /**
     * The resolvers gave a new answer: failed addresses may work now, and proofs of addresses that are not needed any
     * more are forgotten.
     */
    void renew(Collection<InetAddress> needed) {
        proven.retainAll(needed);
        disproven.clear();
        failing.clear();
    }

    /** Forgets failed connections, which mean nothing while the resolvers do not answer. */
    void forgive() {
        failing.clear();
    }
}
