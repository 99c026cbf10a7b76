package byroad.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** A lookup that blocks, such as a client's own {@code Dns} or a service registry; see {@link Resolvers#blocking}. */
@FunctionalInterface
public interface HostLookup {
    /**
     * The addresses of that host; an empty list means that the name exists and has no address.
     *
     * @throws java.net.UnknownHostException if there is no such name
     * @throws IOException if there is no answer
     */
    List<InetAddress> addressesOf(String host) throws IOException;
}
