package byroad;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The avoidances in force. Operators and circuits add and remove them; the call planner and the resolver chain read
 * them.
 *
 * <p>Safe for use by any thread. An avoidance ends by itself. A domain has at most one avoidance of each voice: the
 * latest.
 */
public final class Avoidances {
    /** An operator restores few domains; this only limits the memory. */
    private static final int MOST_RESTORED = 64;

    private final TimeSource time;

    /** The list is replaced as a whole: while nothing is avoided, a reader makes one volatile read of an empty list. */
    private volatile List<Entry> entries = List.of();

    /** The domains that an operator restored recently, oldest first. The list is replaced as a whole. */
    private volatile List<Restored> restored = List.of();

    /** No avoidances yet; their ends are measured by this clock. */
    public Avoidances(TimeSource time) {
        this.time = time;
    }

    /**
     * Adds an avoidance. It replaces an earlier one of the same voice for the same domain.
     *
     * @param during how long it lasts; more than zero
     * @throws IllegalArgumentException if {@code during} is not positive
     */
    public Avoidance avoid(FailureDomain domain, Duration during, String because, Avoidance.Voice voice) {
        Checked.positive("avoid " + domain, during);
        Avoidance avoidance = new Avoidance(domain, time.now().plus(during), because, voice);
        replace(domain, voice, new Entry(avoidance, time.nanoTime() + during.toNanos()));
        return avoidance;
    }

    /**
     * Removes the avoidance of that voice for exactly that domain, if there is one. For an operator, an earlier {@code
     * Retry-After} of an endpoint that depends on the domain ends as well.
     */
    public void restore(FailureDomain domain, Avoidance.Voice voice) {
        replace(domain, voice, null);
        if (voice == Avoidance.Voice.OPERATOR) {
            remember(new Restored(domain, time.nanoTime()));
        }
    }

    private synchronized void remember(Restored latest) {
        List<Restored> kept = new ArrayList<>(restored);
        kept.removeIf(earlier -> earlier.domain.equals(latest.domain));
        if (kept.size() == MOST_RESTORED) {
            kept.remove(0);
        }
        kept.add(latest);
        restored = List.copyOf(kept);
    }

    /** Whether an operator restored any of these domains, or one that covers them, since that time. */
    public boolean isRestoredSince(long nanos, Collection<FailureDomain> dependsOn) {
        for (Restored one : restored) {
            if (one.atNanos - nanos >= 0 && one.domain.coversAny(dependsOn)) {
                return true;
            }
        }
        return false;
    }

    private synchronized void replace(FailureDomain domain, Avoidance.Voice voice, @Nullable Entry entry) {
        long now = time.nanoTime();
        List<Entry> kept = new ArrayList<>();
        for (Entry other : entries) {
            boolean same = other.avoidance.domain().equals(domain) && other.avoidance.voice() == voice;
            if (!same && other.holdsAt(now)) {
                kept.add(other);
            }
        }
        if (entry != null) {
            kept.add(entry);
        }
        entries = List.copyOf(kept);
    }

    /** The first avoidance in force that covers one of these domains. */
    public Optional<Avoidance> against(Collection<FailureDomain> dependsOn) {
        return first(dependsOn, null);
    }

    /** The first avoidance of that voice in force that covers one of these domains. */
    public Optional<Avoidance> against(Collection<FailureDomain> dependsOn, Avoidance.Voice voice) {
        return first(dependsOn, voice);
    }

    private Optional<Avoidance> first(Collection<FailureDomain> dependsOn, Avoidance.@Nullable Voice voice) {
        List<Entry> board = entries;
        if (board.isEmpty()) {
            return Optional.empty();
        }
        long now = time.nanoTime();
        for (Entry entry : board) {
            boolean isOfVoice = voice == null || entry.avoidance.voice() == voice;
            if (isOfVoice && entry.holdsAt(now) && entry.avoidance.domain().coversAny(dependsOn)) {
                return Optional.of(entry.avoidance);
            }
        }
        return Optional.empty();
    }

    /** All avoidances in force, oldest first. */
    public List<Avoidance> inForce() {
        long now = time.nanoTime();
        return entries.stream()
                .filter(entry -> entry.holdsAt(now))
                .map(Entry::avoidance)
                .collect(Collectors.toList());
    }

    @Override
    public String toString() {
        return inForce().toString();
    }

    private record Restored(FailureDomain domain, long atNanos) {}

    private record Entry(Avoidance avoidance, long endsNanos) {
        boolean holdsAt(long now) {
            return now - endsNanos < 0;
        }
    }
}
