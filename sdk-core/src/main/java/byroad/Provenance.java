package byroad;

import java.time.Duration;
import java.util.Locale;

/**
 * The source of an address: the resolver, the age of its answer, and why an older answer was used.
 *
 * @param source how current the answer is
 * @param resolver the resolver that answered
 * @param age the age of the answer
 * @param reason why it is not fresh; empty if it is fresh
 */
public record Provenance(Source source, String resolver, Duration age, String reason) {
    /** How current an answer is. */
    public enum Source {
        /** Within its time to live. */
        FRESH,
        /**
         * Past its time to live, and not looked up since; the next look-up asks the resolvers. Only in lists of known
         * names, never in an answer.
         */
        EXPIRED,
        /** Past its time to live, used because the resolvers gave no answer (RFC 8767). */
        STALE,
        /** Proven by TLS, and used although the resolvers agree that the name has no address. */
        RETAINED,
        /** Declared with the endpoint, never looked up. */
        SEED
    }

    /** Whether the address may be out of date. */
    public boolean isInDoubt() {
        return source != Source.FRESH && source != Source.EXPIRED;
    }

    /** As in {@code retained, 42s old, by quad9: all resolvers say NODATA}. */
    @Override
    public String toString() {
        String old = source == Source.SEED ? "" : ", " + age.toMillis() / 1000 + "s old, by " + resolver;
        return source.name().toLowerCase(Locale.ROOT) + old + (reason.isEmpty() ? "" : ": " + reason);
    }
}
