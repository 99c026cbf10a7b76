package byroad.okhttp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often one attempt is made again because its connection was ending. That is free and no endpoint is at
 * fault, see decision 034. Used by one thread.
 */
final class Resends {
    /** OkHttp has no limit. */
    private static final int MOST = 20;

    /** How often a fresh connection may refuse an attempt: after that it is the server that refuses. */
    private static final int MOST_FRESH_REFUSALS = 2;

    private int made;
    private int freshRefusals;
    private boolean needsFreshConnection;
    private @Nullable OkHttpAttempt before;

    /** The attempt that is made again; null for the first time. */
    @Nullable
    OkHttpAttempt before() {
        return before;
    }

    /** Whether the next one must not get a connection that was used before. */
    boolean needsFreshConnection() {
        return needsFreshConnection;
    }

    int made() {
        return made;
    }

    /** Whether the attempt, which failed in that way, is made again. */
    boolean isDueAfter(OkHttpAttempt failed, IOException why) {
        OkHttpAttempt.Resend resend = failed.mayBeResent(why);
        boolean isRefused = resend == OkHttpAttempt.Resend.REFUSED;
        if (isRefused && !failed.isReused()) {
            freshRefusals++;
        }
        if (resend == OkHttpAttempt.Resend.NO || made == MOST || freshRefusals > MOST_FRESH_REFUSALS) {
            return false;
        }
        made++;
        needsFreshConnection = !isRefused;
        before = failed;
        return true;
    }
}
