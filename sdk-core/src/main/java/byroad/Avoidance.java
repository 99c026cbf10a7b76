package byroad;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A decision to use no endpoint and no resolver that depends on a failure domain, until a given time.
 *
 * @param domain the domain that is avoided, with all domains within it
 * @param until when it ends
 * @param because the reason in words
 * @param voice its source
 */
public record Avoidance(FailureDomain domain, Instant until, String because, Voice voice) {
    /** The source of an avoidance. */
    public enum Voice {
        /** A person, or a program that a person wrote. */
        OPERATOR,
        /** A circuit, from the outcomes of calls. */
        EVIDENCE
    }

    @Override
    public String toString() {
        return "avoid " + domain + " until " + until.truncatedTo(ChronoUnit.MILLIS) + ": " + because;
    }
}
