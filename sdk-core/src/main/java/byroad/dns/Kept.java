package byroad.dns;

import byroad.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Hosts that are kept resolved along with traffic, so that a fallback endpoint has an address on the day it is needed. Nothing
 * happens while nobody calls, and a call pays for reading one number.
 */
final class Kept {
    /** As often as an outage is looked into at most; each host says itself whether it is due. */
    private static final Duration LOOK_AFTER = Duration.ofSeconds(5);

    private final List<String> hosts;
    private final TimeSource time;
    private final Random random;
    private final AtomicLong nextAt;

    Kept(List<String> hosts, TimeSource time, Random random) {
        this.hosts = hosts;
        this.time = time;
        this.random = random;
        this.nextAt = new AtomicLong(time.nanoTime());
    }

    /** There is traffic: hands each host on, if it is time to look at them; to one caller only. */
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
