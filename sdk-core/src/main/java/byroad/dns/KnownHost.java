package byroad.dns;

import byroad.Provenance;
import java.net.InetAddress;
import java.util.List;

/**
 * The addresses that a client remembers of one host at one moment.
 *
 * @param host its name
 * @param addresses the addresses that an https call would use now without asking a resolver; may be empty
 * @param proven the addresses of the latest answer on which a TLS handshake for that host succeeded
 * @param from the resolver that gave them, their age, and whether they are past their TTL
 */
public record KnownHost(String host, List<InetAddress> addresses, List<InetAddress> proven, Provenance from) {
    /** Copies the lists. */
    public KnownHost {
        addresses = List.copyOf(addresses);
        proven = List.copyOf(proven);
    }
}
