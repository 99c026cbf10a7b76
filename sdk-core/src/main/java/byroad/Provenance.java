package byroad;

import java.time.Duration;
import java.util.Locale;

/**
 * Where an address came from: who answered, how long ago, and why an older answer was used if it was.
 *
 * @param source how current the answer is
 * @param resolver who answered
 * @param age how long ago
 * @param reason why it is not fresh; empty where it is
 */
public record Provenance(Source source, String resolver, Duration age, String reason) {
    /** How current an answer is. */
    public enum Source {
        /** Within its time to live. */
        FRESH,
        /** Past its time to live, and nobody asked since: the next look-up asks. Only where names are shown, never in an answer. */
        EXPIRED,
        /** Past its time to live, used because the resolvers gave no answer (RFC 8767). */
        STALE,
        /** Proven by TLS, retained although the resolvers agree that the name has no address. */
        RETAINED,
        /** Shipped with the endpoint, never looked up. */
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
