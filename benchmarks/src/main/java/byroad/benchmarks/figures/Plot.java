package byroad.benchmarks.figures;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lines over time as one HTML file that needs nothing else: the chart library and the figures are inside. */
public final class Plot {
    private static final String WEBJAR = "/META-INF/resources/webjars/uplot/";
    private static final String WEBJAR_PROPERTIES = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>();
    private final List<String> columns = new ArrayList<>();

    /** A plot over these times. */
    public Plot(String title, String remark, String ofTime, List<Double> times) {
        values.put("title", escape(title));
        values.put("remark", escape(remark));
        values.put("of-time", quoted(ofTime));
        columns.add(json(times));
    }

    /** Adds a line with a value for each time. */
    public Plot line(String name, List<Double> line) {
        names.add(quoted(name));
        columns.add(json(line));
        return this;
    }

    /** Writes the page. */
    public void write(Path file) throws IOException {
        String dist = WEBJAR + version() + "/dist/";
        values.put("names", names.toString());
        values.put("columns", columns.toString());
        values.put("chart-style", resource(dist + "uPlot.min.css"));
        values.put("chart-script", resource(dist + "uPlot.iife.min.js"));
        String page = PLACE.matcher(resource("plot.html")).replaceAll(place -> {
            String value = values.get(place.group(1));
            if (value == null) {
                throw new IllegalStateException("plot.html: no value for " + place.group());
            }
            return Matcher.quoteReplacement(value);
        });
        Files.writeString(file, page);
    }

    private static String json(List<Double> numbers) {
        return numbers.stream()
                .map(number -> String.format(Locale.ROOT, "%.3f", number))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("</", "<\\/") + "\"";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = open(WEBJAR_PROPERTIES)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static String resource(String name) {
        try (InputStream in = open(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        InputStream in = Plot.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException(name + ": not on the class path");
        }
        return in;
    }
}
