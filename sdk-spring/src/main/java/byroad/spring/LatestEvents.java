package byroad.spring;

import byroad.Event;
import byroad.TimeSource;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest events of a client, oldest first, each with its time. Safe for use by any thread. */
final class LatestEvents {
    static final int KEPT = 100;

    /** An event and its time. */
    record Told(Instant at, Event event) {}

    private final TimeSource time;

    // Guarded by itself.
    private final Deque<Told> latest = new ArrayDeque<>(KEPT);

    LatestEvents(TimeSource time) {
        this.time = time;
    }

    void add(Event event) {
        Told told = new Told(time.now(), event);
        synchronized (latest) {
            if (latest.size() == KEPT) {
                latest.removeFirst();
            }
            latest.addLast(told);
        }
    }

    List<Told> all() {
        synchronized (latest) {
            return List.copyOf(latest);
        }
    }
}
