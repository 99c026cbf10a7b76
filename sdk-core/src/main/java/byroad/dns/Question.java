package byroad.dns;

import java.time.Duration;
import java.util.Locale;

/**
 * A question to a {@link Resolver}: the IPv4 and IPv6 addresses of a host.
 *
 * @param host the name in lower case, in ASCII, without a dot at its end
 * @param within the time after which the answer is not needed any more
 */
public record Question(String host, Duration within) {
    /** Lower-cases the name and drops a dot at its end. */
    public Question {
        String lower = host.toLowerCase(Locale.ROOT);
        host = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
