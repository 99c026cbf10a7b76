package byroad.test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** A log of the questions to a server and its answers; the oldest lines and names are removed for new ones. */
final class QuestionLog {
    static final int MAX_LINES = 10_000;
    private static final int MAX_NAMES = 10_000;

    // Guarded by this.
    private final Deque<String> lines = new ArrayDeque<>();
    private final Map<Name, Long> counts = new LinkedHashMap<>();
    private long total;

    synchronized void add(String transport, Record question, String said) {
        total++;
        counts.merge(question.getName(), 1L, Long::sum);
        if (counts.size() > MAX_NAMES) {
            counts.remove(counts.keySet().iterator().next());
        }
        lines.addLast(transport + " " + Type.string(question.getType()) + " "
                + question.getName().toString(true) + " -> " + said);
        if (lines.size() > MAX_LINES) {
            lines.removeFirst();
        }
    }

    synchronized long total() {
        return total;
    }

    synchronized long of(Name name) {
        return counts.getOrDefault(name, 0L);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
