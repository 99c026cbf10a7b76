package byroad;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A verdict: keep away from this domain until then, because.
 *
 * @param domain whom to keep away from, with all that lies within it
 * @param until when the verdict ends
 * @param because the reason in words
 * @param voice who said it
 */
public record Avoidance(FailureDomain domain, Instant until, String because, Voice voice) {
    /** Who speaks. */
    public enum Voice {
        /** A person, or a person's program. */
        OPERATOR,
        /** A circuit, from the outcomes of calls. */
        EVIDENCE
    }

    @Override
    public String toString() {
        return "avoid " + domain + " until " + until.truncatedTo(ChronoUnit.MILLIS) + ": " + because;
    }
}
