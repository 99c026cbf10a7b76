package byroad.call;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.TrafficShift;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Measures how the calls of one upstream move away from its preferred endpoint when it fails, and back. */
final class Shift {
    private final String upstream;
    private final ClientRuntime runtime;

    /** Whether there is nothing to measure; most calls find that out without a lock. */
    private volatile boolean idle = true;

    // Guarded by this.
    private @Nullable Episode episode;
    private boolean failing;
    private long failingSince;
    private boolean away;
    private long answersSince;
    private final BitSet elsewhere = new BitSet(Tuning.SHIFT_CALLS);
    private int calls;

    Shift(String upstream, ClientRuntime runtime) {
        this.upstream = upstream;
        this.runtime = runtime;
    }

    /** One traffic shift: its start, and when it reached which share. */
    private static final class Episode {
        private static final int[] PERCENT = {50, 90, 99};

        final FailureDomain domain;
        final long since;
        final Instant sinceInstant;
        final @Nullable Duration[] after = new Duration[PERCENT.length];

        @Nullable
        Duration back;

        boolean moved;

        Episode(FailureDomain domain, long since, Instant sinceInstant) {
            this.domain = domain;
            this.since = since;
            this.sinceInstant = sinceInstant;
        }
    }

    /** The preferred endpoint answered without a fault. */
    void answered(EndpointHealth preferred) {
        if (!idle) {
            heard(preferred, null);
        }
    }

    /** The preferred endpoint failed, and was charged with it. */
    void failed(EndpointHealth preferred, Fault fault) {
        heard(preferred, fault);
    }

    private synchronized void heard(EndpointHealth preferred, @Nullable Fault fault) {
        idle = false;
        long now = runtime.time().nanoTime();
        boolean closed = preferred.circuit.isClosed();
        if (fault != null && !failing) {
            failing = true;
            failingSince = now;
        }
        if (closed && away) {
            away = false;
            answersSince = now;
            calls = 0;
        } else if (!closed && !away && fault != null) {
            boolean isLongOver = now - answersSince >= Tuning.SHIFT_RELAPSE.toNanos();
            if (episode == null || episode.back != null || calls >= Tuning.SHIFT_CALLS || isLongOver) {
                Instant began = runtime.time().now().minusNanos(now - failingSince);
                episode = new Episode(domainAtFault(preferred, fault), failingSince, began);
            }
            away = true;
            calls = 0;
        }
        failing &= fault != null || !closed;
        idle = !failing && !away && (episode == null || episode.back != null);
    }

    /** A suspected domain that the endpoint depends on; else the endpoint alone. */
    private static FailureDomain domainAtFault(EndpointHealth preferred, Fault fault) {
        for (FailureDomain suspect : fault.suspects()) {
            if (!suspect.equals(preferred.domain) && suspect.coversAny(preferred.dependsOn)) {
                return suspect;
            }
        }
        return preferred.domain;
    }

    /** A call ended: with an answer of a fallback endpoint, or not. */
    void ended(boolean wasElsewhere) {
        if (!idle) {
            counted(wasElsewhere).forEach(runtime::emit);
        }
    }

    private synchronized List<Event> counted(boolean wasElsewhere) {
        List<Event> events = new ArrayList<>(0);
        Episode now = episode;
        if (now == null || now.back != null) {
            return events;
        }
        now.moved |= wasElsewhere;
        elsewhere.set(calls % Tuning.SHIFT_CALLS, wasElsewhere);
        calls++;
        int window = Math.min(calls, Tuning.SHIFT_CALLS);
        int moved = elsewhere.get(0, window).cardinality();
        if (calls < Tuning.SHIFT_CALLS_AT_LEAST) {
            return events;
        }
        long time = runtime.time().nanoTime();
        if (!away) {
            if (!now.moved) {
                episode = null; // there was no other endpoint
                idle = !failing;
                return events;
            }
            if ((window - moved) * 100 >= Tuning.BACK_PERCENT * window) {
                now.back = Duration.ofNanos(time - answersSince);
                idle = !failing;
                events.add(new Event.TrafficReturned(upstream, now.domain, now.back));
            }
            return events;
        }
        for (int i = 0; i < Episode.PERCENT.length; i++) {
            if (now.after[i] == null && moved * 100 >= Episode.PERCENT[i] * window) {
                Duration after = Duration.ofNanos(time - now.since);
                now.after[i] = after;
                events.add(new Event.TrafficShifted(upstream, now.domain, Episode.PERCENT[i], after));
            }
        }
        return events;
    }

    /** The latest traffic shift; empty if there was none. */
    synchronized Optional<TrafficShift> last() {
        return Optional.ofNullable(episode)
                .map(found -> new TrafficShift(
                        upstream,
                        found.domain,
                        found.sinceInstant,
                        Optional.ofNullable(found.after[0]),
                        Optional.ofNullable(found.after[1]),
                        Optional.ofNullable(found.after[2]),
                        Optional.ofNullable(found.back)));
    }
}
