package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard of the sample against the names and labels that Prometheus is given. */
class DashboardTest {
    private static final Pattern SERIES = Pattern.compile("(byroad_[a-z0-9_]+)(?:\\{([^}]*)})?");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*(?:=~|!=|=)");
    private static final Pattern GROUPED = Pattern.compile("by \\(([^)]*)\\)");

    /** Each series that can be scraped, with its labels. */
    private static Map<String, Set<String>> scraped() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        for (ByroadMeter meter : ByroadMeter.values()) {
            String[] tags = meter.tagged(meter.tags().toArray(new String[0]));
            switch (meter.kind) {
                case TIMER -> meter.timersIn(registry).withTags(tags);
                case COUNTER -> meter.countersIn(registry).withTags(tags);
                case GAUGE -> meter.gauge(() -> 1).tags(tags).register(registry);
            }
        }
        Map<String, Set<String>> series = new LinkedHashMap<>();
        registry.scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> SERIES.matcher(line)
                        .results()
                        .forEach(found -> series.put(found.group(1), labelsIn(found.group(2)))));
        return series;
    }

    private static Set<String> labelsIn(String braces) {
        Set<String> labels = new HashSet<>();
        if (braces != null) {
            LABEL.matcher(braces).results().forEach(found -> labels.add(found.group(1)));
        }
        return labels;
    }

    private static List<String> queries() throws IOException {
        JsonNode dashboard = JsonMapper.shared()
                .readTree(Files.readString(Path.of("..", "samples", "spring-boot-app", "grafana.json")));
        List<String> queries = new ArrayList<>();
        dashboard.findValues("expr").forEach(expression -> queries.add(expression.asString()));
        return queries;
    }

    @Test
    void everyQueryIsOfSeriesThatExist() throws Exception {
        Map<String, Set<String>> series = scraped();
        assertThat(queries()).hasSizeGreaterThan(15).allSatisfy(query -> {
            List<MatchResult> used = SERIES.matcher(query).results().toList();
            assertThat(used).isNotEmpty();
            Set<String> known = new HashSet<>();
            for (MatchResult one : used) {
                assertThat(series).containsKey(one.group(1));
                Set<String> labels = series.getOrDefault(one.group(1), Set.of());
                assertThat(labels).containsAll(labelsIn(one.group(2)));
                known.addAll(labels);
            }
            GROUPED.matcher(query)
                    .results()
                    .forEach(by -> assertThat(known).contains(by.group(1).split(", ", -1)));
        });
    }

    @Test
    void everyMeterIsShown() throws Exception {
        String all = String.join(" ", queries());
        for (ByroadMeter meter : ByroadMeter.values()) {
            assertThat(all).contains(meter.id.replace('.', '_'));
        }
    }
}
