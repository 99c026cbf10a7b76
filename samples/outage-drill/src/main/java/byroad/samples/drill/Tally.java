package byroad.samples.drill;

import java.util.concurrent.atomic.AtomicInteger;

/** How many calls of a client were answered and how many were not, so far. Safe for use by many threads. */
final class Tally {
    private final String client;
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    Tally(String client) {
        this.client = client;
    }

    void count(CallRecord call) {
        (call.answered() ? answered : failed).incrementAndGet();
    }

    Snapshot snapshot() {
        return new Snapshot(client, answered.get(), failed.get());
    }

    /** What a tally showed at one moment. */
    record Snapshot(String client, int answered, int failed) {
        Snapshot since(Snapshot earlier) {
            return new Snapshot(client, answered - earlier.answered, failed - earlier.failed);
        }
    }
}
