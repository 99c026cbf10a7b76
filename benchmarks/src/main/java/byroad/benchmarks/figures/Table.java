package byroad.benchmarks.figures;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows under a title: the first column left, the others right, each as wide as it must be. */
public final class Table {
    private final List<String[]> rows = new ArrayList<>();
    private final String title;

    public Table(String title, String... columns) {
        this.title = title;
        rows.add(columns);
    }

    public Table row(String... cells) {
        rows.add(cells);
        return this;
    }

    public void print(PrintStream out) {
        int[] widths = new int[rows.get(0).length];
        rows.forEach(row -> {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        });
        out.println();
        out.println(title);
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder("  ").append(padded(row[0], -widths[0]));
            for (int i = 1; i < row.length; i++) {
                line.append("  ").append(padded(row[i], widths[i]));
            }
            out.println(line);
        }
    }

    private static String padded(String text, int width) {
        return String.format(Locale.ROOT, "%" + width + "s", text);
    }

    /** To about three digits. */
    public static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 || size == 0 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
