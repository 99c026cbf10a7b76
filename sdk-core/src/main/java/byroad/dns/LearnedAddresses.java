package byroad.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Addresses that a resolver gave, and when.
 *
 * @param freshFor nanoseconds for which they are fresh
 * @param refreshAfter nanoseconds after which they are refreshed early
 * @param isStored whether they come from an {@link AnswerStore}, and are for https only
 */
record LearnedAddresses(
        Answer.Addresses found, String by, Moment learnedAt, long freshFor, long refreshAfter, boolean isStored) {
    /** Answers are remembered for at least this (CoreDNS 5 s), whatever their TTL is. */
    static final Duration FLOOR = Duration.ofSeconds(5);

    private static final Duration FRESH_CEILING = Duration.ofHours(1); // CoreDNS 1 h
    private static final double REFRESH_FROM = 0.8; // at a random time in the last fifth

    static LearnedAddresses fresh(ChainAnswer answer, Answer.Addresses found, Moment now, Random random) {
        long life = freshFor(found.ttl()).toNanos();
        double part = REFRESH_FROM + (1 - REFRESH_FROM) * random.nextDouble();
        return new LearnedAddresses(found, answer.by(), now, life, (long) (life * part), false);
    }

    /** Addresses of a store; they are not fresh any more, whatever their TTL was. */
    static LearnedAddresses stored(Answer.Addresses found, String by, Moment learnedAt) {
        return new LearnedAddresses(found, by, learnedAt, 0, 0, true);
    }

    private static Duration freshFor(Duration ttl) {
        if (ttl.isZero()) {
            return ttl; // for this one use, and as last good addresses
        }
        return within(ttl, FRESH_CEILING);
    }

    /** That TTL, but at least 5 s and at most the ceiling. */
    static Duration within(Duration ttl, Duration ceiling) {
        return least(ttl.compareTo(FLOOR) < 0 ? FLOOR : ttl, ceiling);
    }

    static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    List<InetAddress> addresses() {
        return found.addresses();
    }

    long age(Moment now) {
        return now.since(learnedAt);
    }

    boolean isFresh(Moment now) {
        return age(now) < freshFor;
    }

    /** Whether their TTL ended at least that long ago. */
    boolean isPast(Duration span, Moment now) {
        return age(now) - freshFor >= span.toNanos();
    }

    LearnedAddresses notFresh() {
        return new LearnedAddresses(found, by, learnedAt, 0, 0, isStored);
    }

    LearnedAddresses only(List<InetAddress> some) {
        return new LearnedAddresses(
                new Answer.Addresses(some, found.ttl()), by, learnedAt, freshFor, refreshAfter, isStored);
    }
}
