package byroad.dns;

import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

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
    private @Nullable Moment since; // the last question without an answer
    private long gap;

    /** There was again no answer. */
    void fruitless(Moment now, Random random) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(fruitless, 10));
        long least = (doubled.compareTo(CEILING) < 0 ? doubled : CEILING).toNanos();
        gap = (long) (least * (1 + JITTER * random.nextDouble()));
        since = now;
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

    /** The nanoseconds until the next question is due. */
    long left(Moment now) {
        return since == null ? 0 : gap - now.since(since);
    }

    /** The nanoseconds until the next question is due if calls fail meanwhile: after 1 s, doubling to 12 s. */
    long leftSoon(Moment now) {
        return since == null ? 0 : gap / SOON - now.since(since);
    }

    boolean isDue(Moment now) {
        return left(now) <= 0;
    }
}
