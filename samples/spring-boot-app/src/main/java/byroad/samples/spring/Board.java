package byroad.samples.spring;

import byroad.CallReport;
import byroad.okhttp.Byroad;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** How the calls of the last minute went, second by second, and the stories of the latest that were not plain. */
@Component
class Board {
    static final int SECONDS = 60;
    private static final int STORIES = 8;

    /**
     * One second.
     *
     * @param at its start, in seconds since 1970
     * @param answered calls by the endpoint that answered them well
     * @param failed calls that came back with an error
     * @param sent requests by the endpoint that they were sent to
     */
    record Second(long at, Map<String, Integer> answered, int failed, Map<String, Integer> sent) {}

    /** A call, when it ended, and its report. */
    record Story(Instant at, boolean ok, String report) {}

    private final InstantSource clock;

    // Guarded by this.
    private final Deque<Second> seconds = new ArrayDeque<>();
    private final Deque<Story> stories = new ArrayDeque<>();

    @Autowired
    Board(Byroad byroad) {
        this(byroad, InstantSource.system());
    }

    Board(Byroad byroad, InstantSource clock) {
        this.clock = clock;
        byroad.onReport(this::ended);
    }

    synchronized void ended(CallReport report) {
        Instant now = clock.instant();
        boolean ok = isGood(report);
        Second second = second(now.getEpochSecond());
        seconds.removeLast();
        Map<String, Integer> answered = new HashMap<>(second.answered);
        Map<String, Integer> sent = new HashMap<>(second.sent);
        if (ok) {
            answered.merge(report.answeredBy(), 1, Integer::sum);
        }
        report.attempts().forEach(attempt -> sent.merge(attempt.endpoint(), 1, Integer::sum));
        seconds.addLast(new Second(second.at, answered, second.failed + (ok ? 0 : 1), sent));
        if (report.attempts().size() != 1 || !report.notes().isEmpty() || !ok) {
            if (stories.size() == STORIES) {
                stories.removeLast();
            }
            stories.addFirst(new Story(now, ok, report.toString()));
        }
    }

    static boolean isGood(CallReport report) {
        return report.outcome().startsWith("2");
    }

    /** The last minute, oldest first; a second without calls is there, empty. */
    synchronized List<Second> lastMinute() {
        second(clock.instant().getEpochSecond());
        return List.copyOf(seconds);
    }

    /** Newest first. */
    synchronized List<Story> stories() {
        return List.copyOf(stories);
    }

    /** That second, which is the last one from now on. */
    private Second second(long at) {
        long next = seconds.isEmpty() ? at : Math.max(seconds.getLast().at + 1, at - SECONDS + 1);
        for (; next <= at; next++) {
            seconds.addLast(new Second(next, Map.of(), 0, Map.of()));
        }
        while (seconds.size() > SECONDS) {
            seconds.removeFirst();
        }
        return seconds.getLast();
    }
}
