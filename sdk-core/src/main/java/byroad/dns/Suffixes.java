package byroad.dns;

import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Domains that were configured: each stands for itself and all names below it. {@code corp.example}, {@code
 * .corp.example}, {@code *.corp.example} and {@code corp.example.} are the same one.
 */
record Suffixes(List<String> domains) {
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*");

    static final Suffixes NONE = new Suffixes(List.of());

    /**
     * Parses these texts.
     *
     * @param option the name of the option, for the message
     * @throws IllegalArgumentException if one is no domain
     */
    static Suffixes of(String option, String... given) {
        List<String> domains = new ArrayList<>();
        for (String one : given) {
            domains.add(domain(option, one));
        }
        return new Suffixes(List.copyOf(domains));
    }

    private static String domain(String option, String given) {
        String domain = given.trim().replaceAll("^\\*?\\.|\\.$", "");
        try {
            domain = IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException invalid) {
            domain = "";
        }
        if (!DOMAIN.matcher(domain).matches()) {
            throw new IllegalArgumentException(
                    option + ": \"" + given + "\" (expected: a domain such as \"corp.example\")");
        }
        return domain;
    }

    Suffixes and(Suffixes others) {
        List<String> all = new ArrayList<>(domains);
        all.addAll(others.domains);
        return new Suffixes(List.copyOf(all));
    }

    /** Whether one of them covers that name, which is in lower case and ASCII and has no dot at its end. */
    boolean cover(String host) {
        for (String domain : domains) {
            if (host.endsWith(domain)
                    && (host.length() == domain.length() || host.charAt(host.length() - domain.length() - 1) == '.')) {
                return true;
            }
        }
        return false;
    }
}
