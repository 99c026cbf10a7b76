package byroad.benchmarks.days;

import byroad.benchmarks.figures.Figure;
import byroad.benchmarks.figures.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** All runs of one day. */
final class DayResult {
    final Day day;
    private final Map<ClientKind, List<Played>> runs = new EnumMap<>(ClientKind.class);

    DayResult(Day day) {
        this.day = day;
    }

    void add(ClientKind kind, Played played) {
        runs.computeIfAbsent(kind, none -> new ArrayList<>()).add(played);
    }

    private List<Played> of(ClientKind kind) {
        return Objects.requireNonNull(runs.get(kind), "no run of this client");
    }

    Figure figure(ClientKind kind, ToDoubleFunction<Played> what) {
        return Figure.of(of(kind).stream().map(what::applyAsDouble).collect(Collectors.toList()));
    }

    /** In what the median of that client is worse than all runs of the plain one. */
    List<String> worse(ClientKind kind) {
        List<String> worse = new ArrayList<>();
        if (kind == ClientKind.PLAIN) {
            return worse;
        }
        if (figure(kind, Played::answered).median()
                < figure(ClientKind.PLAIN, Played::answered).min()) {
            worse.add("answers");
        }
        more("requests", kind, Played::requests, worse);
        more("connections", kind, Played::connections, worse);
        more("time", kind, Played::millis, worse);
        return worse;
    }

    private void more(String what, ClientKind kind, ToDoubleFunction<Played> measured, List<String> worse) {
        if (figure(kind, measured).median() > figure(ClientKind.PLAIN, measured).max()) {
            worse.add(what);
        }
    }

    /** As in {@code 600 of 600, 620 requests, 88 connections, 210 ms}, each with its spread where there is one. */
    String words(ClientKind kind) {
        return String.format(
                Locale.ROOT,
                "%s of %d, %s requests, %s connections, %s ms",
                words(figure(kind, Played::answered)),
                of(kind).get(0).calls(),
                words(figure(kind, Played::requests)),
                words(figure(kind, Played::connections)),
                words(figure(kind, Played::millis)));
    }

    static String words(Figure figure) {
        return figure.min() == figure.max()
                ? whole(figure.min())
                : whole(figure.median()) + " (" + whole(figure.min()) + ".." + whole(figure.max()) + ")";
    }

    private static String whole(double value) {
        return value >= 1 ? String.format(Locale.ROOT, "%.0f", value) : Table.number(value);
    }

    /** What came of calls that were not answered, in all runs. */
    Map<String, Integer> failures(ClientKind kind) {
        Map<String, Integer> all = new TreeMap<>();
        of(kind).forEach(one -> one.failures().forEach((why, count) -> all.merge(why, count, Integer::sum)));
        return all;
    }
}
