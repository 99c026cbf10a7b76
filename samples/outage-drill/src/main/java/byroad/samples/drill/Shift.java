package byroad.samples.drill;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** How long it took until traffic had gone where it should: judged over {@link #WINDOW} calls in a row. */
final class Shift {
    /** So many calls in a row are looked at; a third of a second at the default rate. */
    static final int WINDOW = 20;

    private Shift() {}

    /**
     * Returns the time from {@code from} to the first call of the first window in which at least this share of the calls
     * is there; empty where there is no such window.
     *
     * @param calls in the order of their schedule
     * @param from inclusive
     * @param to exclusive
     */
    static Optional<Duration> time(
            List<CallRecord> calls, Duration from, Duration to, int percent, Predicate<CallRecord> there) {
        List<CallRecord> looked = calls.stream()
                .filter(call -> call.at().compareTo(from) >= 0 && call.at().compareTo(to) < 0)
                .toList();
        int inWindow = 0;
        for (int i = 0; i < looked.size(); i++) {
            inWindow += there.test(looked.get(i)) ? 1 : 0;
            int first = i - WINDOW + 1;
            if (first > 0) {
                inWindow -= there.test(looked.get(first - 1)) ? 1 : 0;
            }
            if (first >= 0 && inWindow * 100 >= percent * WINDOW) {
                return Optional.of(looked.get(first).at().minus(from));
            }
        }
        return Optional.empty();
    }
}
