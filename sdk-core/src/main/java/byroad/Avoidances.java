package byroad;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The board of avoidances in force, read by the planner of calls and by the resolver chain, written by operators and by
 * circuits.
 *
 * <p>Safe for use by any thread. A verdict ends by itself; one domain has one verdict of each voice, the latest.
 */
public final class Avoidances {
    /** An operator restores few domains; more only have to be bounded. */
    private static final int MOST_RESTORED = 64;

    private final TimeSource time;

    /** Replaced as a whole, so that reading it on a good day is one volatile read of an empty list. */
    private volatile List<Entry> entries = List.of();

    /** What an operator restored of late, oldest first. Replaced as a whole. */
    private volatile List<Restored> restored = List.of();

    /** An empty board that goes by this clock. */
    public Avoidances(TimeSource time) {
        this.time = time;
    }

    /**
     * Puts a verdict on the board, in place of an earlier one of the same voice on the same domain.
     *
     * @param during how long it holds; more than zero
     * @throws IllegalArgumentException if {@code during} is not positive
     */
    public Avoidance avoid(FailureDomain domain, Duration during, String because, Avoidance.Voice voice) {
        Checked.positive("avoid " + domain, during);
        Avoidance verdict = new Avoidance(domain, time.now().plus(during), because, voice);
        replace(domain, voice, new Entry(verdict, time.nanoTime() + during.toNanos()));
        return verdict;
    }

    /**
     * Takes the verdict of that voice on exactly that domain off the board, if there is one. Where an operator says so, a rest that
     * an endpoint which depends on it asked for before is over as well.
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
            boolean same = other.verdict.domain().equals(domain) && other.verdict.voice() == voice;
            if (!same && other.holdsAt(now)) {
                kept.add(other);
            }
        }
        if (entry != null) {
            kept.add(entry);
        }
        entries = List.copyOf(kept);
    }

    /** The first verdict in force that covers any of these domains. */
    public Optional<Avoidance> against(Collection<FailureDomain> dependsOn) {
        return first(dependsOn, null);
    }

    /** The first verdict of that voice in force that covers any of these domains. */
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
            boolean isOfVoice = voice == null || entry.verdict.voice() == voice;
            if (isOfVoice && entry.holdsAt(now) && entry.verdict.domain().coversAny(dependsOn)) {
                return Optional.of(entry.verdict);
            }
        }
        return Optional.empty();
    }

    /** All verdicts in force, oldest first. */
    public List<Avoidance> inForce() {
        long now = time.nanoTime();
        return entries.stream()
                .filter(entry -> entry.holdsAt(now))
                .map(Entry::verdict)
                .collect(Collectors.toList());
    }

    @Override
    public String toString() {
        return inForce().toString();
    }

    private record Restored(FailureDomain domain, long atNanos) {}

    private record Entry(Avoidance verdict, long endsNanos) {
        boolean holdsAt(long now) {
            return now - endsNanos < 0;
        }
    }
}
