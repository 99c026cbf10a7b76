package byroad;

import java.util.Locale;

/**
 * The state of one resolver at one moment.
 *
 * @param resolver its name
 * @param domain the failure domain it depends on
 * @param state whether it is asked in its configured order
 */
public record ResolverStatus(String resolver, FailureDomain domain, State state) {
    /** Whether a resolver is asked in its configured order. */
    public enum State {
        /** The resolver answers, or was not asked yet. */
        IN_PLACE,
        /** The resolver failed while another one answered; it is asked last until it answers again. */
        FAILING
    }

    @Override
    public String toString() {
        return resolver + " " + state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
