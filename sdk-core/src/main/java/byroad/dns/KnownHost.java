package byroad.dns;

import byroad.Provenance;
import java.net.InetAddress;
import java.util.List;

/**
 * What a client remembers of one host at one moment.
 *
 * @param host its name
 * @param addresses what an https call would get now, without asking anybody; none where there are none
 * @param proven those of the latest answer on which a TLS handshake for that host succeeded
 * @param from who named them, how long ago, and whether they outlived their time
 */
public record KnownHost(String host, List<InetAddress> addresses, List<InetAddress> proven, Provenance from) {
    /** Copies the lists. */
    public KnownHost {
        addresses = List.copyOf(addresses);
        proven = List.copyOf(proven);
    }
}
