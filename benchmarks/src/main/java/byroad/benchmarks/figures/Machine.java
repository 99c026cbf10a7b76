package byroad.benchmarks.figures;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Where figures were measured. */
public final class Machine {
    private Machine() {}

    /** As in {@code Java 17.0.15, 2 processors, load 1.0}. */
    public static String words() {
        return String.format(
                Locale.ROOT,
                "Java %s, %d processors, load %.1f",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                load());
    }

    public static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
