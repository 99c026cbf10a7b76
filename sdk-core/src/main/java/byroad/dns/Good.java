package byroad.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Addresses as they were learned; from {@code refreshAt} on they are asked for ahead of time. */
record Good(Answer.Addresses found, String by, long learnedAt, long freshUntil, long refreshAt) {
    // How long addresses are fresh at least (CoreDNS 5 s) and at most (CoreDNS 1 h), whatever their TTL says.
    private static final Duration FRESH_FLOOR = Duration.ofSeconds(5);
    private static final Duration FRESH_CEILING = Duration.ofHours(1);

    private static final double REFRESH_FROM = 0.8; // ahead of time, at a random point of the last fifth

    static Good fresh(Answer.Addresses found, String by, long now, Random random) {
        long life = freshFor(found.ttl()).toNanos();
        double part = REFRESH_FROM + (1 - REFRESH_FROM) * random.nextDouble();
        return new Good(found, by, now, now + life, now + (long) (life * part));
    }

    /** What was learned that long ago; it is not fresh any more, whatever its TTL was. */
    static Good recalled(Answer.Addresses found, String by, Duration age, long now) {
        long learnedAt = now - age.toNanos();
        return new Good(found, by, learnedAt, learnedAt + freshFor(found.ttl()).toNanos(), learnedAt).until(now);
    }

    private static Duration freshFor(Duration ttl) {
        if (ttl.isZero()) {
            return ttl; // for this one use, and as last-good
        }
        return ttl.compareTo(FRESH_FLOOR) < 0 ? FRESH_FLOOR : least(ttl, FRESH_CEILING);
    }

    static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    List<InetAddress> addresses() {
        return found.addresses();
    }

    Good until(long now) {
        return now - freshUntil < 0 ? new Good(found, by, learnedAt, now, now) : this;
    }

    Good only(List<InetAddress> some) {
        return new Good(new Answer.Addresses(some, found.ttl()), by, learnedAt, freshUntil, refreshAt);
    }
}
