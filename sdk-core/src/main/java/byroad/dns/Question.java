package byroad.dns;

import java.time.Duration;
import java.util.Locale;

/**
 * What a {@link Resolver} is asked: the addresses of both families of a host.
 *
 * @param host the name in lower case, in ASCII, without a dot at its end
 * @param within after how long nobody waits for the answer any more
 */
public record Question(String host, Duration within) {
    /** Lower-cases the name and drops a dot at its end. */
    public Question {
        String lower = host.toLowerCase(Locale.ROOT);
        host = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
