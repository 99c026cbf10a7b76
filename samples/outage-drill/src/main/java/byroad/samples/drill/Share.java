package byroad.samples.drill;

import java.util.List;
import java.util.Locale;

/** So many of so many calls. */
record Share(long part, long whole) {
    static Share answered(List<CallRecord> calls) {
        return new Share(calls.stream().filter(CallRecord::answered).count(), calls.size());
    }

    boolean isWhole() {
        return part == whole;
    }

    /** Returns the percentage; never rounded up to 100 or down to 0. */
    String percent() {
        if (whole == 0) {
            return "-";
        }
        if (part == 0 || part == whole) {
            return part == 0 ? "0%" : "100%";
        }
        double percent = Math.max(0.1, Math.min(99.9, 100.0 * part / whole));
        return String.format(Locale.ROOT, "%.1f%%", percent);
    }

    @Override
    public String toString() {
        return percent() + " (" + part + " of " + whole + ")";
    }
}
