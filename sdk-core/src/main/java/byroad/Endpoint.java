package byroad;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of an {@link Upstream}: its URL, the edges in front of it, and where it is hosted.
 *
 * <pre>{@code
 * Endpoint.at("https://api.example.ai").through("cloudflare").hostedBy("aws/us-west-2")
 * Endpoint.at("https://api.example.ai").connectTo("origin.example.ai").hostedBy("aws/us-west-2")   // same authority
 * Endpoint.at("https://api.eu.example.ai").hostedBy("aws/eu-west-1").sharesCredentials()           // other authority
 * }</pre>
 *
 * <p>An endpoint with the URL of the call has the same authority: Host, SNI, certificate, cookies and credentials stay
 * as they are and only the addresses differ. Any other endpoint has another authority: no header that may hold a
 * credential is sent there unless that is declared.
 *
 * <p>Immutable; each method with an argument returns a changed copy.
 */
public final class Endpoint {
    private static final Pattern URL =
            Pattern.compile("(https?)://(\\[[0-9a-fA-F:.]+\\]|[^/?#\\[\\]@:\\s]+)(?::(\\d{1,5}))?(/[^?#\\s]*)?");

    private static final Pattern IP_LITERAL =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}|[0-9a-fA-F]*:[0-9a-fA-F:.]*");
    private static final Pattern ROLE = Pattern.compile("[A-Z]+|/[^?#\\s*]*");

    private static final Pattern NAME = Pattern.compile("(?!-)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?");
    /** Headers that hold credentials by their names. */
    private static final Pattern CREDENTIALS =
            Pattern.compile("(?i)(proxy-)?authorization|cookie2?|.*api-?key.*|.*token.*|.*secret.*|.*credential.*");

    private static final Pattern NOT_IN_A_DOMAIN = Pattern.compile("[^a-z0-9._:\\-]");

    private final String at;
    private final Scheme scheme;
    private final String host;
    private final String name;
    private final Set<FailureDomain> edges;
    private final @Nullable FailureDomain hosting;
    private final List<String> connectTo;
    private final boolean sharesCredentials;
    private final double carries;
    private final List<String> seeds;
    private final @Nullable String healthRequest;
    private final Map<String, Supplier<String>> headers;
    private final Set<String> forwards;
    private final @Nullable String originMarker;
    private final Set<String> roles;

    private Endpoint(Draft draft) {
        this.at = draft.at;
        this.scheme = draft.scheme;
        this.host = draft.host;
        this.name = draft.name;
        this.edges = Set.copyOf(draft.edges);
        this.hosting = draft.hosting;
        this.connectTo = List.copyOf(draft.connectTo);
        this.sharesCredentials = draft.sharesCredentials;
        this.carries = draft.carries;
        this.seeds = List.copyOf(draft.seeds);
        this.roles = Collections.unmodifiableSet(new LinkedHashSet<>(draft.roles));
        this.healthRequest = draft.healthRequest;
        this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(draft.headers));
        this.forwards = Set.copyOf(draft.forwards);
        this.originMarker = draft.originMarker;
    }

    /**
     * The endpoint at that base URL. A path in it is prefixed to the path of each call.
     *
     * @throws IllegalArgumentException if it is not an http or https URL with a host, or has user info, query or
     *     fragment
     */
    public static Endpoint at(String url) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "at: \"" + url
                            + "\" (expected: an http or https URL without user info, query or fragment, as in \"https://api.example.ai/v1\")");
        }
        Scheme scheme = parts.group(1).equals("https") ? Scheme.HTTPS : Scheme.HTTP;
        String host = parts.group(2).toLowerCase(Locale.ROOT);
        String port = parts.group(3) == null ? "" : parts.group(3);
        boolean defaultPort = port.isEmpty() || port.equals(scheme == Scheme.HTTPS ? "443" : "80");
        String path = parts.group(4) == null ? "" : parts.group(4);
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        String base = parts.group(1) + "://" + host + (defaultPort ? "" : ":" + port) + trimmed;
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new Endpoint(new Draft(base, scheme, bare, defaultPort ? bare : bare + ":" + port));
    }

    /**
     * Sets its name for reports and for {@link #domainIn}. Defaults to the first name of {@link #connectTo}, else to
     * its host.
     */
    public Endpoint named(String name) {
        Checked.name("named", name);
        return edit(draft -> draft.name = name);
    }

    /**
     * Adds edges, such as CDNs, between the caller and the host. Defaults to none: the endpoint is direct.
     *
     * @throws IllegalArgumentException if a name is nearly the name of a well-known edge
     */
    public Endpoint through(String... edges) {
        return edit(draft -> {
            for (String edge : edges) {
                draft.edges.add(FailureDomain.ofEdge(edge));
            }
        });
    }

    /** Sets where it is hosted, as in {@code aws/us-west-2}. Defaults to unknown. */
    public Endpoint hostedBy(String domain) {
        return edit(draft -> draft.hosting = FailureDomain.of(domain));
    }

    /**
     * Connects to these names or IP literals, at the port of the URL, in place of the URL's host. Defaults to that host.
     *
     * @throws IllegalArgumentException if one is neither a host name in ASCII nor an IP address
     */
    public Endpoint connectTo(String... namesOrAddresses) {
        if (namesOrAddresses.length == 0) {
            throw new IllegalArgumentException("connectTo: nothing (expected: at least one name or address)");
        }
        for (String name : namesOrAddresses) {
            if (!NAME.matcher(name).matches() && !IP_LITERAL.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "connectTo: \"" + name
                                + "\" (expected: a host name or an IP address, without port and scheme: the port is that of \"at\")");
            }
        }
        return edit(draft -> {
            if (draft.name.equals(defaultName())) {
                String first = namesOrAddresses[0].toLowerCase(Locale.ROOT);
                draft.name = IP_LITERAL.matcher(first).matches() ? host + "-direct" : first; // reports hold no address
            }
            draft.connectTo = List.of(namesOrAddresses);
        });
    }

    /** Declares that credentials of a call may go to this other authority. Defaults to no. */
    public Endpoint sharesCredentials() {
        if (scheme != Scheme.HTTPS) {
            throw new IllegalArgumentException("sharesCredentials: " + at + " (expected: https)");
        }
        return edit(draft -> draft.sharesCredentials = true);
    }

    /**
     * Declares the share of the upstream's normal calls that this endpoint can take, from just above 0 to 1. Defaults
     * to undeclared: the concurrency limit finds it out.
     */
    public Endpoint carries(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("carries: " + share + " (expected: more than 0, at most 1)");
        }
        return edit(draft -> draft.carries = share);
    }

    /**
     * Restricts a fallback endpoint to calls with one of these methods, such as {@code GET}, and below one of these
     * paths of the called URL, such as {@code /v1/models}. Without a method all methods are allowed, without a path all
     * paths. Defaults to all calls.
     *
     * @throws IllegalArgumentException if one is neither a method in capitals nor a path
     */
    public Endpoint onlyFor(String... methodsOrPaths) {
        for (String role : methodsOrPaths) {
            if (!ROLE.matcher(role).matches()) {
                throw new IllegalArgumentException(
                        "onlyFor: \"" + role
                                + "\" (expected: a method such as GET or a path such as /v1/models, which includes all paths below it)");
            }
        }
        return edit(draft -> draft.roles.addAll(List.of(methodsOrPaths)));
    }

    /**
     * Adds IP addresses that are used last, over https only: while the resolvers do not answer and no address that they
     * gave before may be used. They are never used against "no such name", "no addresses" or a policy block. Defaults to
     * none.
     *
     * @throws IllegalArgumentException if one is not an IP address
     */
    public Endpoint seeds(String... addresses) {
        for (String address : addresses) {
            if (!IP_LITERAL.matcher(address).matches()) {
                throw new IllegalArgumentException("seeds: \"" + address + "\" (expected: an IP address)");
            }
        }
        return edit(draft -> draft.seeds = List.of(addresses));
    }

    /**
     * Declares the path of a health request: a GET without credentials, every 5 minutes while there is traffic. It
     * proves the addresses of a fallback endpoint before the endpoint is needed. On servers only. Defaults to none.
     *
     * @throws IllegalArgumentException if it does not start with a slash
     */
    public Endpoint healthRequest(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("healthRequest: \"" + path + "\" (expected: a path such as /healthz)");
        }
        return edit(draft -> draft.healthRequest = path);
    }

    /**
     * Adds a header for this endpoint only, such as its own key. Defaults to none.
     *
     * @throws IllegalArgumentException if the name is not a header name, or the value holds anything but visible ASCII,
     *     blanks and tabs
     */
    public Endpoint header(String name, String value) {
        Checked.headerValue("header", name, value);
        return header(name, () -> value);
    }

    /**
     * Adds a header for this endpoint only. The supplier is asked for its value for each attempt; the value is checked
     * as a fixed one is, and no message quotes it. Defaults to none.
     */
    public Endpoint header(String name, Supplier<String> value) {
        Checked.headerName("header", name);
        return edit(draft -> draft.headers.put(name, () -> Checked.headerValue("header", name, value.get())));
    }

    /**
     * Sets the headers of the call that are sent to this endpoint of another authority, beside {@code Idempotency-Key}.
     * Defaults to those that are known to hold no credential, such as {@code Accept} and {@code Content-Type}, or to
     * all with {@link #sharesCredentials}.
     */
    public Endpoint forwards(String... headerNames) {
        for (String header : headerNames) {
            if (scheme != Scheme.HTTPS && CREDENTIALS.matcher(header).matches()) {
                throw new IllegalArgumentException("forwards: \"" + header + "\" to " + at + " (expected: https)");
            }
        }
        return edit(draft -> {
            for (String header : headerNames) {
                draft.forwards.add(Checked.headerName("forwards", header).toLowerCase(Locale.ROOT));
            }
        });
    }

    /**
     * Names a header that the host adds to each of its answers and that no edge adds: a 5xx without it was made by an
     * edge. Defaults to none.
     */
    public Endpoint originMarker(String headerName) {
        return edit(draft -> draft.originMarker = Checked.headerName("originMarker", headerName));
    }

    /** The base URL as text: scheme, host, port where it is not the default, path without a slash at its end. */
    public String at() {
        return at;
    }

    /** The scheme of the base URL. */
    public Scheme scheme() {
        return scheme;
    }

    /** The host of the base URL, without brackets. */
    public String host() {
        return host;
    }

    /** The name within its upstream. */
    public String name() {
        return name;
    }

    /** The edges in front of it; none means direct. */
    public Set<FailureDomain> edges() {
        return edges;
    }

    /** Where it is hosted, if that is declared. */
    public Optional<FailureDomain> hosting() {
        return Optional.ofNullable(hosting);
    }

    /** The names or addresses to connect to in place of the host; none means the host. */
    public List<String> connectTo() {
        return connectTo;
    }

    /** Whether credentials of a call may be sent there although it has another authority. */
    public boolean isSharingCredentials() {
        return sharesCredentials;
    }

    /** The declared share of normal calls that it can take, or {@code NaN} if undeclared. */
    public double carries() {
        return carries;
    }

    /** The addresses that are used if its name was never resolved. */
    public List<String> seeds() {
        return seeds;
    }

    /** The path of its health request, if one is declared. */
    public Optional<String> healthRequest() {
        return Optional.ofNullable(healthRequest);
    }

    /** The methods and paths that it is restricted to; none means all calls. */
    public Set<String> roles() {
        return roles;
    }

    /** The headers for this endpoint only, with the suppliers of their values. */
    public Map<String, Supplier<String>> headers() {
        return headers;
    }

    /** The lower-case names of the headers of the call that are sent to another authority; none means the default. */
    public Set<String> forwards() {
        return forwards;
    }

    /** The header that marks the host's own answers, if one is declared. */
    public Optional<String> originMarker() {
        return Optional.ofNullable(originMarker);
    }

    /** The failure domain of this endpoint alone, as in {@code endpoint/assistant/azure}. */
    public FailureDomain domainIn(String upstream) {
        String part = NOT_IN_A_DOMAIN.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("_");
        return FailureDomain.of("endpoint/" + upstream + "/" + part);
    }

    /** All failure domains that it depends on: itself, its edges, its hosting. */
    public Set<FailureDomain> dependsOn(String upstream) {
        Set<FailureDomain> all = new LinkedHashSet<>();
        all.add(domainIn(upstream));
        all.addAll(edges);
        hosting().ifPresent(all::add);
        return Collections.unmodifiableSet(all);
    }

    private String defaultName() {
        int hostStart = at.indexOf("://") + 3;
        int hostEnd = at.indexOf('/', hostStart);
        return at.substring(hostStart, hostEnd < 0 ? at.length() : hostEnd)
                .replace("[", "")
                .replace("]", "");
    }

    private Endpoint edit(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new Endpoint(draft);
    }

    /** As in a report: {@code api.example.ai through cloudflare}. */
    @Override
    public String toString() {
        return name + (edges.isEmpty() ? " direct" : " through " + joined(edges));
    }

    private static String joined(Set<FailureDomain> domains) {
        return domains.stream().map(FailureDomain::path).sorted().collect(Collectors.joining(", "));
    }

    /** The mutable fields of the next copy. */
    private static final class Draft {
        final String at;
        final Scheme scheme;
        final String host;
        String name;
        Set<FailureDomain> edges = new LinkedHashSet<>();

        @Nullable
        FailureDomain hosting;

        List<String> connectTo = List.of();
        boolean sharesCredentials;
        double carries = Double.NaN;
        List<String> seeds = List.of();
        Set<String> roles = new LinkedHashSet<>();

        @Nullable
        String healthRequest;

        Map<String, Supplier<String>> headers = new LinkedHashMap<>();
        Set<String> forwards = new LinkedHashSet<>();

        @Nullable
        String originMarker;

        Draft(String at, Scheme scheme, String host, String name) {
            this.at = at;
            this.scheme = scheme;
            this.host = host;
            this.name = name;
        }

        Draft(Endpoint from) {
            this(from.at, from.scheme, from.host, from.name);
            edges.addAll(from.edges);
            hosting = from.hosting;
            connectTo = from.connectTo;
            sharesCredentials = from.sharesCredentials;
            carries = from.carries;
            seeds = from.seeds;
            roles.addAll(from.roles);
            healthRequest = from.healthRequest;
            headers.putAll(from.headers);
            forwards.addAll(from.forwards);
            originMarker = from.originMarker;
        }
    }
}
