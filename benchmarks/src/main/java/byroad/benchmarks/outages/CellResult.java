package byroad.benchmarks.outages;

import byroad.benchmarks.figures.Figure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** All runs of one cell. */
final class CellResult {
    final Cell cell;

    private final Map<String, List<Measured>> runs = new LinkedHashMap<>();

    private int discarded;

    CellResult(Cell cell) {
        this.cell = cell;
    }

    /** A run that counts. */
    void add(Map<String, Measured> run) {
        run.forEach((client, measured) ->
                runs.computeIfAbsent(client, fresh -> new ArrayList<>()).add(measured));
    }

    /** A run in which the machine stood still for too long. */
    void discard() {
        discarded++;
    }

    int discarded() {
        return discarded;
    }

    Iterable<String> clients() {
        return runs.keySet();
    }

    /** What was measured of that client, run by run. */
    List<Measured> of(String client) {
        return Objects.requireNonNull(runs.get(client), client);
    }

    /** The calls of ours that were not answered in time. */
    Stream<CallRecord> missed() {
        return of(Contestants.OURS).stream().flatMap(run -> run.missed().stream());
    }

    Figure figure(String client, ToDoubleFunction<Measured> what) {
        return Figure.of(of(client).stream().mapToDouble(what).boxed().toList());
    }

    /** How late the load generator was at worst, in milliseconds: a measure of what this machine can resolve. */
    double lag() {
        return runs.values().stream().mapToDouble(CellResult::lag).max().orElse(0);
    }

    static double lag(Collection<Measured> run) {
        return run.stream().mapToDouble(Measured::lag).max().orElse(0);
    }
}
