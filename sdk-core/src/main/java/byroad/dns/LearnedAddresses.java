package byroad.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Addresses that a resolver gave, with their times; from {@code refreshAt} on they are refreshed early. */
record LearnedAddresses(Answer.Addresses found, String by, long learnedAt, long freshUntil, long refreshAt) {
    // Addresses are fresh for at least this (CoreDNS 5 s) and at most this (CoreDNS 1 h), whatever their TTL is.
    private static final Duration FRESH_FLOOR = Duration.ofSeconds(5);
    private static final Duration FRESH_CEILING = Duration.ofHours(1);

    private static final double REFRESH_FROM = 0.8; // at a random time in the last fifth

    static LearnedAddresses fresh(Answer.Addresses found, String by, long now, Random random) {
        long life = freshFor(found.ttl()).toNanos();
        double part = REFRESH_FROM + (1 - REFRESH_FROM) * random.nextDouble();
        return new LearnedAddresses(found, by, now, now + life, now + (long) (life * part));
    }

    /** Addresses that were learned that long ago; they are not fresh any more, whatever their TTL was. */
    static LearnedAddresses recalled(Answer.Addresses found, String by, Duration age, long now) {
        long learnedAt = now - age.toNanos();
        return new LearnedAddresses(
                        found, by, learnedAt, learnedAt + freshFor(found.ttl()).toNanos(), learnedAt)
                .until(now);
    }

    private static Duration freshFor(Duration ttl) {
        if (ttl.isZero()) {
            return ttl; // for this one use, and as last good addresses
        }
        return ttl.compareTo(FRESH_FLOOR) < 0 ? FRESH_FLOOR : least(ttl, FRESH_CEILING);
    }

    static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    List<InetAddress> addresses() {
        return found.addresses();
    }

    LearnedAddresses until(long now) {
        return now - freshUntil < 0 ? new LearnedAddresses(found, by, learnedAt, now, now) : this;
    }

    LearnedAddresses only(List<InetAddress> some) {
        return new LearnedAddresses(new Answer.Addresses(some, found.ttl()), by, learnedAt, freshUntil, refreshAt);
    }
}
