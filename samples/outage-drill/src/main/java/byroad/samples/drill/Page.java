package byroad.samples.drill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One HTML file that needs nothing else: a template with values in its places, among them the chart library uPlot. */
public final class Page {
    private static final String WEBJAR = "/META-INF/resources/webjars/uplot/";
    private static final String WEBJAR_PROPERTIES = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

    private final Map<String, String> values = new HashMap<>();
    private final Class<?> owner;

    /** A page whose files are those beside that class. */
    public Page(Class<?> owner) {
        this.owner = owner;
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(resource(owner, WEBJAR_PROPERTIES)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String version = properties.getProperty("version");
        text("chart-version", version);
        file("chart-style", WEBJAR + version + "/dist/uPlot.min.css");
        file("chart-script", WEBJAR + version + "/dist/uPlot.iife.min.js");
    }

    /** Puts a text there. */
    public Page text(String place, String text) {
        return html(place, escape(text));
    }

    Page html(String place, String html) {
        values.put(place, html);
        return this;
    }

    Page file(String place, String name) {
        return html(place, resource(owner, name));
    }

    /** Puts data there, as an expression of JavaScript. */
    public Page data(String place, Object data) {
        try {
            // "</script>" in a string would end the script.
            return html(place, new ObjectMapper().writeValueAsString(data).replace("</", "<\\/"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("page data", e);
        }
    }

    /** Returns that template, filled. */
    public String fill(String template) {
        return PLACE.matcher(resource(owner, template)).replaceAll(place -> {
            String value = values.get(place.group(1));
            if (value == null) {
                throw new IllegalStateException(template + ": no value for " + place.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Returns the file of that name beside that class. */
    static String resource(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + ": not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
