package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

/** Mistakes in a file, with the file and the line in the analysis, as Boot's own analyses have them. */
class PlaceOfMistakeTest {
    private static final String YAML = """
            byroad:
              resolvers: [ system, SECOND ]
              chain:
                deadline: DEADLINE
              upstreams:
                My_Service:
                  origin-marker: MARKER
                  endpoints:
                    - AT
                      through: [ EDGE ]
                      headers:
                        x-key: VALUE
            """;

    @TempDir
    Path directory;

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ByroadAutoConfiguration.class)
    static class App {}

    private String analysisOf(String yaml, String... arguments) throws IOException {
        Path file = Files.writeString(directory.resolve("application.yaml"), yaml);
        AtomicReference<Environment> environment = new AtomicReference<>();
        Throwable failure = catchThrowable(() -> new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .initializers(context -> environment.set(context.getEnvironment()))
                .properties("spring.config.location=" + file.toUri())
                .run(arguments)
                .close());
        assertThat(failure).isNotNull();
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(
                        FailureAnalyzer.class,
                        ArgumentResolver.of(Environment.class, Objects.requireNonNull(environment.get())),
                        (type, name, e) -> {})
                .stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .map(FailureAnalysis::getDescription)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no analysis", failure));
    }

    @ParameterizedTest
    @CsvSource({
        "SECOND, quad10, 2:24",
        "DEADLINE, 0s, 4:15",
        "MARKER, no header, 7:22",
        "EDGE, cloudfare, 10:22",
        "AT, named: a, 9:18",
        "VALUE, '\"secret\\n\"', 12:20",
    })
    void fileAndLineAreTold(String what, String wrong, String place) throws IOException {
        String yaml = YAML.replace(what, wrong)
                .replace("SECOND", "system")
                .replace("DEADLINE", "1s")
                .replace("MARKER", "x-origin")
                .replace("AT\n", "at: https://api.example.ai\n")
                .replace("EDGE", "cloudflare")
                .replace("VALUE", "fine");

        assertThat(analysisOf(yaml))
                .contains("application.yaml", "- " + place + ")")
                .doesNotContain("secret");
    }

    @Test
    void aPropertyThatIsNotOfAFileIsToldWithItsSource() throws IOException {
        assertThat(analysisOf("byroad: { mode: act }", "--byroad.chain.independent=3"))
                .contains("\"byroad.chain.independent\" = 3 (\"byroad.chain.independent\" from property source");
    }

    @Test
    void whatSeveralSayTogetherHasNoOnePlace() throws IOException {
        assertThat(analysisOf("""
                byroad:
                  upstreams:
                    a: { endpoints: [ { at: 'https://a.example' } ] }
                    b: { endpoints: [ { at: 'https://a.example' } ] }
                """)).contains("\"byroad\" is invalid");
    }
}
