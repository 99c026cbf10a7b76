package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.dns.AnswerStore;
import byroad.okhttp.Byroad;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The optional modules of Boot, each there and each absent. */
class OptionalModulesTest {
    private static final String[] SHOWN = {
        "management.endpoints.web.exposure.include=*", "management.endpoints.jmx.exposure.include=*"
    };

    /** All of ours, by the list that Boot reads. */
    private static final ApplicationContextRunner OURS = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ours()))
            .withPropertyValues(SHOWN);

    private static Class<?>[] ours() {
        return ImportCandidates.load(AutoConfiguration.class, OptionalModulesTest.class.getClassLoader())
                .getCandidates()
                .stream()
                .filter(name -> name.startsWith("byroad."))
                .map(OptionalModulesTest::named)
                .toArray(Class<?>[]::new);
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void withAllOfThemAllOfOursIsThere() {
        OURS.withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        SimpleMetricsExportAutoConfiguration.class,
                        ObservationAutoConfiguration.class,
                        DataRedisAutoConfiguration.class))
                .withPropertyValues("byroad.store.redis.enabled=true")
                .run(context -> {
                    assertThat(context)
                            .hasNotFailed()
                            .hasSingleBean(ByroadEndpoint.class)
                            .hasSingleBean(AttemptObservations.class)
                            .hasSingleBean(RedisAnswerStore.class)
                            .hasBean("byroadHealthIndicator");
                    assertThat(context.getBean(MeterRegistry.class)
                                    .find("byroad.mode")
                                    .gauges())
                            .hasSize(3);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.springframework.boot.actuate",
                "org.springframework.boot.health",
                "org.springframework.boot.micrometer",
                "io.micrometer.core",
                "io.micrometer.observation",
                "io.micrometer",
                "org.springframework.data.redis",
                "org.springframework.boot.data.redis",
                "org.springframework.boot.http.client",
                "org.springframework.boot.restclient"
            })
    void withoutOneOfThemTheContextStarts(String absent) {
        OURS.withClassLoader(new FilteredClassLoader(absent))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Byroad.class));
    }

    @Test
    void withoutAllOfThemTheContextStarts() {
        OURS.withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.actuate",
                        "org.springframework.boot.health",
                        "org.springframework.boot.micrometer",
                        "io.micrometer",
                        "org.springframework.data",
                        "org.springframework.boot.data"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("byroadEndpoint")
                        .doesNotHaveBean("byroadHealthIndicator")
                        .doesNotHaveBean("byroadMetrics")
                        .doesNotHaveBean("byroadAttemptObservations")
                        .doesNotHaveBean("byroadAnswerStore"));
    }

    @Test
    void whatIsAbsentLeavesTheRest() {
        OURS.withClassLoader(new FilteredClassLoader(Endpoint.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("byroadEndpoint")
                        .hasBean("byroadHealthIndicator"));
        OURS.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("byroadHealthIndicator")
                        .hasBean("byroadEndpoint"));
        OURS.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("byroadMetrics"));
        OURS.withClassLoader(new FilteredClassLoader(ObservationRegistry.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("byroadAttemptObservations"));
    }

    @Test
    void redisIsNotUsedUnasked() {
        OURS.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(AnswerStore.class));
    }

    @Test
    void whoAsksForRedisWithoutHavingItIsTold() {
        OURS.withPropertyValues("byroad.store.redis.enabled=true")
                .withClassLoader(new FilteredClassLoader(StringRedisTemplate.class))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("byroad.store.redis.enabled: true, but there is no Spring Data Redis")
                        .hasMessageContaining("expected: spring-boot-starter-data-redis"));
        OURS.withPropertyValues("byroad.store.redis.enabled=true")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("there is no StringRedisTemplate"));
        OURS.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
                .withPropertyValues("byroad.store.redis.enabled=true", "byroad.store.redis.ttl=0s")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("byroad.store.redis.ttl: PT0S (expected: more than zero"));
    }

    @Test
    void aStoreOfTheUsersGoesFirst() {
        OURS.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
                .withBean(AnswerStore.class, AnswerStore::none)
                .withPropertyValues("byroad.store.redis.enabled=true")
                .run(context ->
                        assertThat(context).hasSingleBean(AnswerStore.class).doesNotHaveBean(RedisAnswerStore.class));
    }
}
