package byroad.dns;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * The top-level domains of the public DNS. A name below any other one, such as {@code db.corp}, exists only inside a
 * network.
 *
 * <p>A domain that is newer than the list is treated as one of a network: then only resolvers within it are asked at
 * first, as without the others.
 */
final class TopLevelDomains {
    private static final Set<String> PUBLIC = read("top-level-domains.txt");

    private TopLevelDomains() {}

    private static Set<String> read(String resource) {
        Set<String> domains = new HashSet<>();
        domains.add("example"); // RFC 6761, 6.5: names below it are treated as any other
        try (InputStream in = TopLevelDomains.class.getResourceAsStream(resource)) {
            if (in == null) {
                return Set.of(); // removed from the class path: then no name is treated as one of a network
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    domains.add(line);
                }
            }
            return domains;
        } catch (IOException unreadable) {
            return Set.of();
        }
    }

    /** Whether that name, in lower case and ASCII, is below a public top-level domain. */
    static boolean isPublic(String host) {
        return PUBLIC.isEmpty() || PUBLIC.contains(host.substring(host.lastIndexOf('.') + 1));
    }
}
