package byroad;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A provider, region or network whose failure takes down all that depends on it: {@code cloudflare}, {@code
 * aws/us-east-1}.
 *
 * <p>A domain is a path, and a parent covers its children: a fault of {@code aws} is one of {@code aws/us-west-2} too,
 * but not the other way round. Every resolver and every endpoint declares its domains; failover, attribution, avoidance
 * and audit compare only them.
 *
 * <p>Immutable and safe for use by any thread.
 *
 * @param path lower-case segments of letters, digits, {@code . _ - :}, joined by {@code /}
 */
public record FailureDomain(String path) {
    private static final Pattern PATH = Pattern.compile("[a-z0-9._:\\-]+(/[a-z0-9._:\\-]+)*");

    /** Well-known edges, for "did you mean" only: any other name is allowed. */
    private static final List<String> WELL_KNOWN_EDGES = List.of(
            "akamai",
            "aws/cloudfront",
            "azure/front-door",
            "bunny",
            "cdn77",
            "cloudflare",
            "cloudfront",
            "edgio",
            "fastly",
            "gcore",
            "imperva",
            "keycdn",
            "netlify",
            "vercel");

    /** Checks the path; {@link #of} is more lenient. */
    public FailureDomain {
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "failure domain: \"" + path
                            + "\" (expected: segments of letters, digits, '.', '_', '-' or ':', joined by '/', as in \"aws/us-east-1\")");
        }
    }

    /**
     * The domain of that path, without surrounding blanks and in lower case.
     *
     * @throws IllegalArgumentException if the path is empty or holds other characters
     */
    public static FailureDomain of(String path) {
        return new FailureDomain(path.trim().toLowerCase(Locale.ROOT));
    }

    /**
     * The domain of an edge; a name that looks like a misspelt well-known edge is refused. An edge that really has such
     * a name can have a path of its own, as in {@code "acme/fastley"}.
     */
    static FailureDomain ofEdge(String path) {
        return checked("through", path);
    }

    /**
     * The domain of that path, for an option; a name that looks like a misspelt well-known edge is refused.
     *
     * @throws IllegalArgumentException that names the option, the path and what was probably meant
     */
    public static FailureDomain checked(String option, String path) {
        FailureDomain edge = of(path);
        for (String known : WELL_KNOWN_EDGES) {
            int distance = Spelling.distance(edge.path, known);
            if (distance > 0 && distance <= Math.min(2, known.length() / 4)) {
                throw new IllegalArgumentException(
                        option + ": \"" + path + "\" is no edge known by that name (did you mean \"" + known + "\"?)");
            }
        }
        return edge;
    }

    /** A hint for a message, {@code " (did you mean \"quad9\"?)"}; empty if no known word is similar. */
    public static String hint(String word, Collection<String> known) {
        return Spelling.hint(word, known);
    }

    /**
     * Whether {@code other} is this domain or lies within it, so that what depends on {@code other} depends on this
     * too.
     */
    public boolean covers(FailureDomain other) {
        return other.path.startsWith(path)
                && (other.path.length() == path.length() || other.path.charAt(path.length()) == '/');
    }

    /** Whether any of {@code others} lies within this domain. */
    public boolean coversAny(Iterable<FailureDomain> others) {
        for (FailureDomain other : others) {
            if (covers(other)) {
                return true;
            }
        }
        return false;
    }

    /** The path. */
    @Override
    public String toString() {
        return path;
    }
}
