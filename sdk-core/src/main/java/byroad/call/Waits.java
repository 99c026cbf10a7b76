package byroad.call;

/**
 * The calls of one upstream that wait before a repeat: so many at most, because each holds a thread of its caller, and an outage
 * of one upstream must not take them all. A wait is over at its time at the latest, so nobody has to say that it is. Safe for
 * use by any thread.
 */
final class Waits {
    // Guarded by this: when each ends.
    private final long[] ends = new long[Tuning.MOST_WAITING];
    private int known;

    /** Whether one more may wait from now until then. */
    synchronized boolean tryStart(long now, long until) {
        for (int i = 0; i < known; i++) {
            if (ends[i] - now <= 0) {
                ends[i] = until;
                return true;
            }
        }
        if (known == ends.length) {
            return false;
        }
        ends[known++] = until;
        return true;
    }
}
