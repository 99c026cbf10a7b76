package byroad.samples.drill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The findings as one HTML file that needs nothing else: styles, script, chart library and data are inside. */
final class HtmlPage {
    private static final String WEBJAR = "/META-INF/resources/webjars/uplot/";
    private static final String WEBJAR_PROPERTIES = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

    private HtmlPage() {}

    /** Writes the page. */
    static void write(Findings findings, Path file) throws IOException {
        Files.writeString(file, render(findings));
    }

    static String render(Findings findings) {
        String version = chartVersion();
        String dist = WEBJAR + version + "/dist/";
        Map<String, String> values = new LinkedHashMap<>();
        values.put("headline", escape(findings.headline()));
        values.put("verdict", escape(findings.verdict()));
        values.put(
                "verdict-class",
                findings.isMissed() ? "missed" : findings.settings().isJudged() ? "kept" : "open");
        values.put("doubts", findings.doubts().stream().map(HtmlPage::escape).collect(Collectors.joining(" ")));
        values.put(
                "settings",
                findings.settings().lines().stream().map(HtmlPage::setting).collect(Collectors.joining("\n")));
        values.put("peers-names", escape(Settings.peersNames()));
        values.put("chart-version", version);
        values.put("chart-style", resource(dist + "uPlot.min.css"));
        values.put("chart-script", resource(dist + "uPlot.iife.min.js"));
        values.put("style", resource("page.css"));
        values.put("script", resource("page.js"));
        values.put("data", json(PageData.of(findings)));
        return PLACE.matcher(resource("page.html")).replaceAll(place -> {
            String value = values.get(place.group(1));
            if (value == null) {
                throw new IllegalStateException("page.html: no value for " + place.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }

    /** A setting is a word, at least two spaces, and what it is set to. */
    private static String setting(String line) {
        String[] parts = line.split(" {2,}", 2);
        return "<dt>" + escape(parts[0]) + "</dt><dd>" + escape(parts[1]) + "</dd>";
    }

    private static String json(PageData data) {
        try {
            // "</script>" in a string would end the script.
            return new ObjectMapper().writeValueAsString(data).replace("</", "<\\/");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("page data", e);
        }
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String chartVersion() {
        try (InputStream in = open(WEBJAR_PROPERTIES)) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = open(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        InputStream in = HtmlPage.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException(name + ": not on the class path");
        }
        return in;
    }
}
