package byroad.benchmarks.figures;

import byroad.samples.drill.Percentile;
import java.util.List;
import java.util.stream.Collectors;

/** What was measured several times: its median, and how far the measurements lie apart. */
public record Figure(List<Double> sorted) {
    public static Figure of(List<Double> measured) {
        return new Figure(measured.stream().sorted().collect(Collectors.toList()));
    }

    public double median() {
        return percentile(50);
    }

    public double percentile(int percent) {
        return Percentile.of(sorted, percent).orElseThrow();
    }

    public double min() {
        return sorted.get(0);
    }

    public double max() {
        return sorted.get(count() - 1);
    }

    public int count() {
        return sorted.size();
    }

    /** As in {@code 41..58}. */
    public String spread() {
        return Table.number(min()) + ".." + Table.number(max());
    }

    @Override
    public String toString() {
        return Table.number(median()) + " (" + spread() + ")";
    }
}
