package byroad.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The calls of one upstream that wait: so many at most, because each holds a thread of its caller, and an outage of one upstream
 * must not take them all. A wait is over at its time at the latest, whoever forgets to say that it is. Safe for use by any
 * thread.
 */
final class Waits {
    // Guarded by this.
    private final List<Wait> all = new ArrayList<>();

    private record Wait(CompletableFuture<Boolean> over, long until) {}

    /** Whether one more may wait from now on. */
    synchronized boolean tryStart(CompletableFuture<Boolean> over, Duration atMost, long now) {
        all.removeIf(wait -> wait.until - now <= 0 || wait.over.isDone());
        return all.size() < Tuning.MOST_WAITING && all.add(new Wait(over, now + atMost.toNanos()));
    }
}
