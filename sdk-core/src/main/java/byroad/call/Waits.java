package byroad.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Limits how many calls of one upstream wait at a time: each of them blocks a thread of its caller, and an outage of
 * one upstream must not block them all. A wait ends after its time at the latest, even if it is never completed. Safe
 * for use by any thread.
 */
final class Waits {
    // Guarded by this.
    private final List<Wait> all = new ArrayList<>();

    private record Wait(CompletableFuture<Boolean> over, long until) {}

    /** Adds a wait that starts now; returns false if too many calls wait already. */
    synchronized boolean tryStart(CompletableFuture<Boolean> over, Duration atMost, long now) {
        all.removeIf(wait -> wait.until - now <= 0 || wait.over.isDone());
        return all.size() < Tuning.MOST_WAITING && all.add(new Wait(over, now + atMost.toNanos()));
    }
}
