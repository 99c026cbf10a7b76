package byroad.dns;

import java.time.Duration;
import java.util.Locale;

/**
 * A question to a {@link Resolver}: the IPv4 and IPv6 addresses of a host.
 *
 * @param host the name in lower case, in ASCII, without a dot at its end
 * @param asked the name as the caller wrote it: with a dot at its end, the system's search domains do not apply
 * @param within the time after which the answer is not needed any more
 */
public record Question(String host, String asked, Duration within) {
    /** A question for that name, however it is written. */
    public Question(String host, Duration within) {
        this(host, host, within);
    }

    /** Lower-cases the name and drops a dot at its end. */
    public Question {
        String lower = host.toLowerCase(Locale.ROOT);
        host = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
