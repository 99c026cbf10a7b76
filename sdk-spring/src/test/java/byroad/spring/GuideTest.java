package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The guide names every property. */
class GuideTest {
    static String guide() {
        try {
            return Files.readString(Path.of("..", "docs", "spring.md")); // tests run in the folder of their module
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The YAML of the guide. */
    static String yaml() {
        String text = guide();
        int start = text.indexOf("```yaml\n") + "```yaml\n".length();
        return text.substring(start, text.indexOf("```", start));
    }

    @Test
    void itsTablesHaveEveryProperty() {
        List<String> all = new ArrayList<>();
        addTo(all, "byroad", ByroadProperties.class);
        all.remove("byroad.upstreams");
        addTo(all, "", UpstreamProperties.class);
        addTo(all, "", UpstreamProperties.EndpointProperties.class);

        assertThat(all)
                .hasSizeGreaterThan(35)
                .allSatisfy(property -> assertThat(guide()).containsPattern("\\| `" + property + "(\\[\\])?` \\|"));
    }

    private static void addTo(List<String> all, String prefix, Class<?> record) {
        for (RecordComponent component : record.getRecordComponents()) {
            String kebab = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
            String name = prefix.isEmpty() ? kebab : prefix + "." + kebab;
            if (component.getType().isRecord()) {
                addTo(all, name, component.getType());
            } else {
                all.add(name);
            }
        }
    }
}
