package byroad.spring;

import byroad.Endpoint;
import byroad.Upstream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Redacts the addresses and names of direct origins from texts about a client, because a reader could use them to
 * bypass the edge. It hides all addresses, the names that direct endpoints connect to, and the hosts of direct
 * endpoints of an upstream that also has an edge.
 */
final class Redaction {
    static final String HIDDEN = "(hidden)";

    /** IPv4 addresses, and IPv6 addresses with three colons or more: a time of day has two. */
    private static final String ADDRESS =
            "(?<![0-9.])[0-9]{1,3}(?:[.][0-9]{1,3}){3}(?![0-9.]*[0-9])|(?<![\\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}";

    private static final Pattern NOTHING = Pattern.compile("(?!)");

    private final Pattern hidden;

    private Redaction(Pattern hidden) {
        this.hidden = hidden;
    }

    /** Hides nothing. */
    static Redaction none() {
        return new Redaction(NOTHING);
    }

    static Redaction of(List<Upstream> upstreams) {
        Set<String> names = new LinkedHashSet<>();
        upstreams.forEach(upstream -> names.addAll(whereabouts(upstream)));
        List<String> alternatives = names.stream()
                .sorted(Comparator.comparing(String::length).reversed()) // a name may be the start of another one
                .map(name -> "(?<![\\w.-])" + Pattern.quote(name) + "(?![\\w-])")
                .collect(Collectors.toCollection(ArrayList::new));
        alternatives.add(ADDRESS);
        return new Redaction(Pattern.compile(String.join("|", alternatives), Pattern.CASE_INSENSITIVE));
    }

    private static Set<String> whereabouts(Upstream upstream) {
        Set<String> publicHosts = upstream.endpoints().stream()
                .filter(endpoint -> !endpoint.edges().isEmpty())
                .map(Endpoint::host)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        boolean hasEdge = !publicHosts.isEmpty();
        publicHosts.add(String.valueOf(URI.create(upstream.calledAt()).getHost()));
        Set<String> names = new LinkedHashSet<>();
        for (Endpoint endpoint : upstream.endpoints()) {
            if (endpoint.edges().isEmpty()) {
                names.addAll(endpoint.connectTo());
                names.addAll(endpoint.seeds());
                if (hasEdge) {
                    names.add(endpoint.host());
                }
            }
        }
        names.removeAll(publicHosts);
        return names;
    }

    /** That text with the hidden parts replaced. */
    String redact(String text) {
        return hidden.matcher(text).replaceAll(HIDDEN);
    }

    List<String> redact(List<String> texts) {
        return texts.stream().map(this::over).collect(Collectors.toList());
    }
}
