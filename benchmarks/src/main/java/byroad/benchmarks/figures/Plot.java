package byroad.benchmarks.figures;

import byroad.samples.drill.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lines over time as one HTML file that needs nothing else. */
public final class Plot {
    private final Page page;
    private final List<String> names = new ArrayList<>();
    private final List<List<Double>> columns = new ArrayList<>();

    /** A plot over these times. */
    public Plot(String title, String remark, String ofTime, List<Double> times) {
        page = new Page(Plot.class).text("title", title).text("remark", remark).data("of-time", ofTime);
        columns.add(times);
    }

    /** Adds a line with a value for each time. */
    public Plot line(String name, List<Double> line) {
        names.add(name);
        columns.add(line);
        return this;
    }

    /** Writes the page. */
    public void write(Path file) throws IOException {
        Files.writeString(
                file, page.data("names", names).data("columns", columns).fill("plot.html"));
    }
}
