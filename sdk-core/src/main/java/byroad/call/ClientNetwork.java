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
 * Detects that the caller's own network is down: two domains that share nothing do not answer at the same time, and
 * there was no answer for two seconds. Any HTTP answer disproves it.
 *
 * <p>Once seen, a single silent domain is put down to the network as well, as a guess, until somebody answers. However sure, it
 * charges nobody and stops retries, but the call goes on to what was not tried. A guess it is as well where one of the two is of a host that
 * nobody declared: what that depends on is unknown, so that one dark edge may be behind both.
 */
final class ClientNetwork {
    private static final Duration SILENCE = Duration.ofSeconds(2);

    /** Two are enough; this only limits the memory. */
    private static final int MOST_DOMAINS = 16;

    private final TimeSource time;

    // Guarded by this.
    private final Map<Set<FailureDomain>, Silence> silent = new LinkedHashMap<>();
    private boolean heard;
    private long heardAt;
    private boolean down;

    ClientNetwork(TimeSource time) {
        this.time = time;
    }

    synchronized void answered() {
        silent.clear();
        heard = true;
        heardAt = time.nanoTime();
        down = false;
    }

    /**
     * A request that was sent to those domains at that time got no answer. Returns the certainty that the network is
     * down, or empty.
     */
    synchronized Optional<Certainty> silent(Set<FailureDomain> domains, boolean declared, long sentAt) {
        long now = time.nanoTime();
        silent.remove(domains);
        boolean another = false;
        boolean alike = false;
        for (Map.Entry<Set<FailureDomain>, Silence> other : silent.entrySet()) {
            if (other.getValue().at - sentAt >= -SILENCE.toNanos() && !isShared(other.getKey(), domains)) {
                another = true;
                alike |= other.getValue().declared == declared;
            }
        }
        if (silent.size() == MOST_DOMAINS) {
            silent.remove(silent.keySet().iterator().next());
        }
        silent.put(domains, new Silence(now, declared));
        if (heard && now - heardAt < SILENCE.toNanos()) {
            return Optional.empty();
        }
        down |= another;
        return alike ? Optional.of(Certainty.LIKELY) : down ? Optional.of(Certainty.GUESS) : Optional.empty();
    }

    private record Silence(long at, boolean declared) {}

    private static boolean isShared(Set<FailureDomain> some, Set<FailureDomain> others) {
        return some.stream().anyMatch(one -> one.coversAny(others))
                || others.stream().anyMatch(one -> one.coversAny(some));
    }
}
