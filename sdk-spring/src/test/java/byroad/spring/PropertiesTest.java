package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.EndpointStatus;
import byroad.Mode;
import byroad.okhttp.Byroad;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

class PropertiesTest {
    private static final String EVERYTHING = """
            byroad:
              resolvers: [system, "udp://127.0.0.53"]
              mode: watch
              preset: server
              installation-id: abc
              avoid-suspected-for: 5m
              chain: { deadline: 2s, stagger: 100ms, independent: 1, local-only: [corp.example], public-only: true, public-only-except: corp.example }
              last-good: { retain-for: 30m, stale-for: 12h, names: 50, keep: [a.example] }
              upstreams:
                assistant:
                  called-at: https://api.example.ai/v1
                  deadline: 30s
                  attempt-limit: 5s
                  repeatable: true
                  origin-marker: x-origin
                  attempt-header: x-attempt
                  event-streams: { ends-with: "[DONE]", first-event-within: 10s, silence-limit: 20s, commit-at-first-event: true }
                  endpoints:
                    - at: https://api.example.ai/v1
                    - at: https://eu.example.ai/v1
                      named: eu
                      through: [fastly]
                      hosted-by: aws/eu-west-1
                      connect-to: [eu-origin.example.ai]
                      shares-credentials: true
                      headers: { x-api-key: secret }
                      forwards: [accept]
                      carries: 0.5
                      seeds: [192.0.2.1]
                      only-for: [GET, /models]
                      health-request: /health
                      origin-marker: x-eu
            """;

    private static ApplicationContextRunner app(String yaml) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ByroadAutoConfiguration.class))
                .withInitializer(context -> {
                    for (PropertySource<?> source : parsed(yaml)) {
                        context.getEnvironment().getPropertySources().addLast(source);
                    }
                });
    }

    private static List<PropertySource<?>> parsed(String yaml) {
        try {
            return new YamlPropertySourceLoader()
                    .load("test", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String analysisOf(AssertableApplicationContext context) {
        Throwable failure = context.getStartupFailure();
        assertThat(failure).isNotNull();
        FailureAnalysis property = new ByroadPropertyAnalyzer(new StandardEnvironment()).analyze(failure);
        FailureAnalysis classPath = new UnfitClassPathAnalyzer().analyze(failure);
        FailureAnalysis analysis = property != null ? property : classPath;
        assertThat(analysis).as("analysis of " + failure).isNotNull();
        return analysis.getDescription() + "\n" + analysis.getAction();
    }

    @Test
    void theYamlOfTheGuideWorksAsPrinted() {
        app(GuideTest.yaml())
                .run(context -> assertThat(context.getBean(Byroad.class).status())
                        .extracting(EndpointStatus::endpoint)
                        .containsExactly("api.example.ai", "origin.example.ai"));
    }

    @Test
    void everythingCanBeSaidAtOnce() {
        app(EVERYTHING).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(Byroad.class).mode()).isEqualTo(Mode.WATCH);
            assertThat(context.getBean(Byroad.class).status())
                    .extracting(EndpointStatus::endpoint)
                    .containsExactly("api.example.ai", "eu");
        });
    }

    @Test
    void offIsAModeAlthoughYamlTakesItForFalse() {
        app("byroad: { mode: off }")
                .run(context -> assertThat(context.getBean(Byroad.class).mode()).isEqualTo(Mode.OFF));
    }

    /** What is wrong, and what the analysis must quote. */
    private static final Map<String, List<String>> MISTAKES = Map.of(
            "byroad: { resolvers: [system, quad10] }", List.of("\"byroad.resolvers[1]\" = quad10", "expected"),
            "byroad: { upstreams: { a: { endpoints: [ { at: 'https://a.example', through: cloudfare } ] } } }",
                    List.of("\"byroad.upstreams.a.endpoints[0].through\" = [cloudfare]", "did you mean"),
            "byroad: { upstreams: { a: { repeatable: true } } }",
                    List.of("\"byroad.upstreams.a.endpoints\"", "no endpoints"),
            "byroad: { upstreams: { a: { endpoints: [ { through: cloudflare } ] } } }",
                    List.of("\"byroad.upstreams.a.endpoints[0].at\"", "a base URL"),
            "byroad: { upstreams: { a: { deadline: 1s, attempt-limit: 2s, endpoints: [ { at: 'https://a.example' } ] } } }",
                    List.of("\"byroad.upstreams.a\"", "PT2S", "PT1S"),
            "byroad: { last-good: { retain-for: 25h } }", List.of("\"byroad.last-good.retain-for\" = PT25H", "PT24H"),
            "byroad: { chain: { independent: 3 } }", List.of("\"byroad.chain.independent\" = 3", "at most 1"),
            "byroad: { upstreams: { a: { event-streams: { silence-limit: 1s }, endpoints: [ { at: 'https://a.example' } ] } } }",
                    List.of("\"byroad.upstreams.a.event-streams\"", "any-end"));

    @Test
    void mistakesAreToldWithPropertyValueAndRemedy() {
        MISTAKES.forEach((yaml, told) ->
                app(yaml).run(context -> assertThat(analysisOf(context)).contains(told)));
    }

    @Test
    void anUpstreamIsNotRepeatableAndStrictlyOnce() {
        app("byroad: { upstreams: { a: { repeatable: true, strictly-once: true, endpoints: [ { at: 'https://a.example' } ] } } }")
                .run(context -> assertThat(analysisOf(context))
                        .contains("\"byroad.upstreams.a.strictly-once\" = true", "expected: one of the two"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "byroad: { upstreams: { a: { deadline: 30, endpoints: [ { at: 'https://a.example' } ] } } }",
                "byroad: { upstreams: { a: { attempt-limit: 30, endpoints: [ { at: 'https://a.example' } ] } } }",
                "byroad: { upstreams: { a: { event-streams: { any-end: true, silence-limit: 30 }, endpoints: [ { at: 'https://a.example' } ] } } }",
                "byroad: { chain: { deadline: 30 } }",
                "byroad: { last-good: { retain-for: 30 } }",
                "byroad: { avoid-suspected-for: 30 }"
            })
    void aDurationHasAUnit(String yaml) {
        app(yaml).run(context -> assertThat(analysisOf(context)).contains("= 30", "expected: \"30s\" or \"30ms\""));
    }

    @Test
    void aHeaderIsNoUnresolvedPlaceholder() {
        app("byroad: { upstreams: { a: { endpoints: [ { at: 'https://a.example', headers: { api-key: '${NO_SUCH_KEY}' } } ] } } }")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .message()
                        .containsAnyOf("unresolved placeholder", "NO_SUCH_KEY"));
    }

    @Test
    void aStreamEndsInOneWay() {
        app("byroad: { upstreams: { a: { event-streams: { any-end: true, of-ai-services: true }, endpoints: [ { at: 'https://a.example' } ] } } }")
                .run(context ->
                        assertThat(analysisOf(context)).contains("2 ways for a stream to end", "expected: one of"));
    }

    @Test
    void aMisspeltKeyIsNotIgnored() {
        app("byroad: { upstreams: { a: { endpoints: [ { at: 'https://a.example', hosted-bi: aws } ] } } }")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasRootCauseInstanceOf(
                                org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException
                                        .class)
                        .rootCause()
                        .hasMessageContaining("hosted-bi"));
    }

    @Test
    void aMisspeltFirstKeyIsToldWithThoseThatThereAre() {
        app("byroad: { upstream: { a: { endpoints: [ { at: 'https://a.example' } ] } } }")
                .run(context -> assertThat(analysisOf(context))
                        .contains("\"byroad.upstream.a.endpoints[0].at\"", "upstreams", "last-good", "http-clients"));
    }

    @Test
    void aSwitchThatLacksEnabledIsNotIgnored() {
        app("byroad: { http-clients: false }")
                .run(context -> assertThat(analysisOf(context))
                        .contains("\"byroad.http-clients\"", "expected: byroad.http-clients.enabled"));
    }

    @ParameterizedTest
    @CsvSource({
        "store.directry, store.directory",
        "store.redis.tll, store.redis.ttl",
        "spring-ai.enable, spring-ai.enabled"
    })
    void aMisspeltKeyOfAStoreOrASwitchIsNotIgnored(String misspelt, String meant) {
        app("byroad." + misspelt + ": x")
                .run(context -> assertThat(analysisOf(context)).contains("byroad." + misspelt, "byroad." + meant));
    }

    @Test
    void everySpellingThatBootReadsIsKnown() {
        app("byroad: { lastGood: { names: 7 }, installation_id: a, http-clients: { enabled: true }, store: { redis: { keyPrefix: a, key_prefix: a, ttl: 1h } } }")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void anEnvironmentVariableOfTheMachineFailsNothing() {
        app("byroad: { mode: act }")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of("BYROAD_HOME", "/opt/byroad"))))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aValueOfAHeaderIsNeverQuoted() {
        app("byroad: { upstreams: { a: { endpoints: [ { at: 'https://a.example', headers: { '[x key]': secret } } ] } } }")
                .run(context -> assertThat(analysisOf(context)).doesNotContain("secret"));
    }

    @Test
    void anotherGenerationOfBootIsTold() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> BootGeneration.require("3.5.7")))
                .isInstanceOf(UnfitClassPathException.class)
                .hasMessageContaining("3.5.7")
                .hasMessageContaining("4.1");
        BootGeneration.require("4.1.2");
        BootGeneration.require("4.12.0-SNAPSHOT");
    }
}
