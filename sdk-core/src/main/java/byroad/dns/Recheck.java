package byroad.dns;

import java.time.Duration;
import java.util.Random;

/**
 * The time of the next question after a question without an answer: after 5 s, doubling to 60 s, with up to a fifth of
 * jitter (RFC 9520). Not safe for use by several threads; its owner holds the lock.
 */
final class Recheck {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration CEILING = Duration.ofSeconds(60);
    private static final double JITTER = 0.2;

    private static final int SOON = 5; // times sooner

    private int fruitless;
    private long fruitlessAt;
    private long dueAt;

    /** There was again no answer. */
    void fruitless(long now, Random random) {
        Duration gap = FIRST.multipliedBy(1L << Math.min(fruitless, 10));
        long least = (gap.compareTo(CEILING) < 0 ? gap : CEILING).toNanos();
        fruitlessAt = now;
        dueAt = now + (long) (least * (1 + JITTER * random.nextDouble()));
        fruitless++;
    }

    /** There was an answer, or the reason to ask has changed: the gaps start from the shortest one. */
    void startOver() {
        fruitless = 0;
    }

    /** Whether the last question had no answer. */
    boolean isWaiting() {
        return fruitless > 0;
    }

    long dueAt() {
        return dueAt;
    }

    /** The time of the next question if calls fail meanwhile: after 1 s, doubling to 12 s. */
    long dueSoonAt() {
        return fruitlessAt + (dueAt - fruitlessAt) / SOON;
    }

    boolean isDue(long now) {
        return now - dueAt >= 0;
    }
}
