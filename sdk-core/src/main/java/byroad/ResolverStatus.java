package byroad;

import java.util.Locale;

/**
 * One resolver of a client at one moment.
 *
 * @param resolver its name
 * @param domain whom it depends on
 * @param state whether it is asked in its turn
 */
public record ResolverStatus(String resolver, FailureDomain domain, State state) {
    /** Whether a resolver is asked in its turn. */
    public enum State {
        /** It answers, or was not asked yet. */
        IN_PLACE,
        /** It was of no use while another was, and is asked last until it answers again. */
        FAILING
    }

    @Override
    public String toString() {
        return resolver + " " + state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
