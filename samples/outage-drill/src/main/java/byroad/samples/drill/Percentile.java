package byroad.samples.drill;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Percentiles by nearest rank: always a value that occurred. */
public final class Percentile {
    private Percentile() {}

    /**
     * Returns the smallest value that at least this share of the values does not exceed; empty where there are none.
     *
     * @param percent from 1 to 100
     */
    public static <T extends Comparable<T>> Optional<T> of(Collection<T> values, int percent) {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("percent: " + percent + " (expected: 1 to 100)");
        }
        if (values.isEmpty()) {
            return Optional.empty();
        }
        List<T> sorted = values.stream().sorted().toList();
        int rank = (int) (((long) sorted.size() * percent + 99) / 100);
        return Optional.of(sorted.get(rank - 1));
    }
}
