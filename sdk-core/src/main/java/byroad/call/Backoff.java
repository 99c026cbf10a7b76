package byroad.call;

import java.time.Duration;
import java.util.Random;

/**
 * Exponential backoff with full jitter: the wait before a retry is random, between zero and a bound that doubles with
 * each retry.
 *
 * <p>Immutable; each method with an argument returns a changed copy.
 */
public final class Backoff {
    private final Duration base;
    private final Duration cap;

    private Backoff(Duration base, Duration cap) {
        this.base = base;
        this.cap = cap;
    }

    /** Waits up to {@code base} before the first retry, up to twice that before the second, and so on. */
    public static Backoff from(Duration base) {
        if (base.isNegative()) {
            throw new IllegalArgumentException("backoff: " + base + " (expected: zero or more)");
        }
        return new Backoff(base, Duration.ofSeconds(20));
    }

    /** Never waits longer than that. Defaults to 20 s. */
    public Backoff cappedAt(Duration cap) {
        if (cap.isNegative()) {
            throw new IllegalArgumentException("cappedAt: " + cap + " (expected: zero or more)");
        }
        return new Backoff(base, cap);
    }

    /**
     * The wait before that retry.
     *
     * @param retry 1 for the first
     */
    public Duration before(int retry, Random random) {
        if (retry < 1) {
            throw new IllegalArgumentException("retry: " + retry + " (expected: >= 1)");
        }
        double bound = Math.min((double) base.toNanos() * Math.pow(2, retry - 1), (double) cap.toNanos());
        return Duration.ofNanos((long) (random.nextDouble() * bound));
    }
}
