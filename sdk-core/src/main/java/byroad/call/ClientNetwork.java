package byroad.call;

import byroad.FailureDomain;
import byroad.Fault.Certainty;
import byroad.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the caller's own network is down: two domains that have nothing in common are silent at the same time, and
 * nobody answered for two seconds. Any HTTP answer refutes it.
 *
 * <p>Once seen, a single silent domain is put down to the network as well, as a guess, until somebody answers: it charges
 * nobody, but the call goes on, so that one who answers is found.
 */
final class ClientNetwork {
    private static final Duration SILENCE = Duration.ofSeconds(2);

    /** Two are enough; more only have to be bounded. */
    private static final int MOST_DOMAINS = 16;

    private final TimeSource time;

    // Guarded by this.
    private final Map<Set<FailureDomain>, Long> silentAt = new LinkedHashMap<>();
    private boolean heard;
    private long heardAt;
    private boolean down;

    ClientNetwork(TimeSource time) {
        this.time = time;
    }

    synchronized void answered() {
        silentAt.clear();
        heard = true;
        heardAt = time.nanoTime();
        down = false;
    }

    /** Nobody answered at those domains a request sent at that time: how sure it is that the network is down, if at all. */
    synchronized Optional<Certainty> silent(Set<FailureDomain> domains, long sentAt) {
        long now = time.nanoTime();
        silentAt.remove(domains);
        boolean another = silentAt.entrySet().stream()
                .anyMatch(
                        other -> other.getValue() - sentAt >= -SILENCE.toNanos() && !isShared(other.getKey(), domains));
        if (silentAt.size() == MOST_DOMAINS) {
            silentAt.remove(silentAt.keySet().iterator().next());
        }
        silentAt.put(domains, now);
        if (heard && now - heardAt < SILENCE.toNanos()) {
            return Optional.empty();
        }
        down |= another;
        return another ? Optional.of(Certainty.LIKELY) : down ? Optional.of(Certainty.GUESS) : Optional.empty();
    }

    private static boolean isShared(Set<FailureDomain> some, Set<FailureDomain> others) {
        return some.stream().anyMatch(one -> one.coversAny(others))
                || others.stream().anyMatch(one -> one.coversAny(some));
    }
}
