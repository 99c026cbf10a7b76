package byroad.samples.drill;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Numbers as a person reads them. */
final class Words {
    private Words() {}

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1fs", time.toMillis() / 1000.0);
    }

    static String millis(Duration time) {
        return Math.round(time.toNanos() / 1e6) + "ms";
    }

    static String millis(Optional<Duration> time) {
        return time.map(Words::millis).orElse("-");
    }

    static String requests(Map<Party, Double> perCall) {
        if (perCall.isEmpty()) {
            return "none";
        }
        return perCall.entrySet().stream()
                .map(entry ->
                        String.format(Locale.ROOT, "%s %.2f", entry.getKey().title(), entry.getValue()))
                .collect(Collectors.joining("\n"));
    }
}
