package byroad.dns;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether connections to the known addresses have failed since the chain last answered, and whether that is a reason to
 * ask the chain again at once: at most once a second, because a failed connection is newer than any earlier answer. Not
 * safe for use by several threads.
 */
final class Doubt {
    private static final Duration GAP = Duration.ofSeconds(1);

    private boolean raised;
    private @Nullable Moment askedAt;
    private @Nullable Moment
            opinionAskedAt; // limited separately: the answer to the first question may be wrong as well

    void raise() {
        raised = true;
    }

    boolean isRaised() {
        return raised;
    }

    /** The chain answered. Returns whether there was a doubt. */
    boolean settle() {
        boolean was = raised;
        raised = false;
        return was;
    }

    /** The chain is being asked; if {@code suspect}, another resolver than before is asked first. */
    void asked(boolean suspect, Moment now) {
        if (raised && suspect) {
            opinionAskedAt = now;
        } else if (raised) {
            askedAt = now;
        }
    }

    boolean mayAsk(boolean suspect, Moment now) {
        Moment before = suspect ? opinionAskedAt : askedAt;
        return raised && (before == null || now.isAtLeast(GAP, before));
    }
}
