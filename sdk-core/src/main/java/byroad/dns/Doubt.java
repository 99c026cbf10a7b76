package byroad.dns;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether connections spoke against the answer at hand since the chain was heard, and how often that is a reason to ask:
 * news that an address failed is newer than any answer before it, so only doubts among themselves keep a distance. Not safe
 * for use by several threads.
 */
final class Doubt {
    private static final Duration GAP = Duration.ofSeconds(1);

    private boolean raised;
    private @Nullable Long askedAt;
    private @Nullable Long opinionAskedAt; // a distance of its own: the answer to a doubt may be wrong as well

    void raise() {
        raised = true;
    }

    boolean isRaised() {
        return raised;
    }

    /** The chain was heard; whether there was a doubt. */
    boolean settle() {
        boolean was = raised;
        raised = false;
        return was;
    }

    /** The chain is being asked: for another opinion, if the answer is suspect. */
    void asked(boolean suspect, long now) {
        if (raised && suspect) {
            opinionAskedAt = now;
        } else if (raised) {
            askedAt = now;
        }
    }

    boolean mayAsk(boolean suspect, long now) {
        Long before = suspect ? opinionAskedAt : askedAt;
        return raised && (before == null || now - before >= GAP.toNanos());
    }
}
