package byroad.dns;

import byroad.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The hosts that are kept resolved while there is traffic, so that a fallback endpoint has an address when it is
 * needed. Without calls nothing happens; a call usually costs the reading of one number.
 */
final class KeptHosts {
    /** The shortest recheck of a host in an outage; each host then decides whether it is due. */
    private static final Duration LOOK_AFTER = Duration.ofSeconds(5);

    private final List<String> hosts;
    private final TimeSource time;
    private final Random random;
    private final AtomicLong nextAt;

    KeptHosts(List<String> hosts, TimeSource time, Random random) {
        this.hosts = hosts;
        this.time = time;
        this.random = random;
        this.nextAt = new AtomicLong(time.nanoTime());
    }

    /** Reports a call: passes each host to the consumer if a check is due; only one of several callers does that. */
    void traffic(Consumer<String> look) {
        long now = time.nanoTime();
        long next = nextAt.get();
        if (hosts.isEmpty() || now - next < 0) {
            return;
        }
        long gap = (long) (LOOK_AFTER.toNanos() * (1 + 0.2 * random.nextDouble()));
        if (nextAt.compareAndSet(next, now + gap)) {
            hosts.forEach(look);
        }
    }
}
