package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Mode;
import byroad.Upstream;
import byroad.okhttp.Byroad;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ByroadHealthIndicatorTest {
    private final Byroad byroad = Byroad.builder()
            .upstream(Upstream.named("assistant")
                    .endpoint(Endpoint.at("https://api.example.ai").named("cdn").through("cloudflare"))
                    .endpoint(Endpoint.at("https://api.example.ai")
                            .connectTo("origin.example.ai")
                            .hostedBy("aws/us-west-2")))
            .build();

    private final ApplicationContextRunner app = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ByroadAutoConfiguration.class, ByroadHealthAutoConfiguration.class))
            .withBean(Byroad.class, () -> byroad);

    @AfterEach
    void close() {
        byroad.close();
    }

    private static Health healthIn(org.springframework.beans.factory.BeanFactory context) {
        return Objects.requireNonNull(
                context.getBean("byroadHealthIndicator", HealthIndicator.class).health());
    }

    @Test
    void onAGoodDayItIsUp() {
        app.run(context -> {
            assertThat(healthIn(context).getStatus()).isEqualTo(Status.UP);
            assertThat(healthIn(context).getDetails())
                    .hasToString("{mode=act, assistant={state=ok, endpoints=[cdn closed, never answered well,"
                            + " (hidden) closed, never answered well]}}");
        });
    }

    @Test
    void aFallbackAtWorkIsUpWithADetail() {
        byroad.avoid("cloudflare", Duration.ofHours(1), "test");
        app.run(context -> {
            assertThat(healthIn(context).getStatus()).isEqualTo(Status.UP);
            assertThat(healthIn(context).getDetails().toString()).contains("state=degraded");
        });
    }

    @Test
    void itIsCalledWhatIsAskedFor() {
        byroad.avoid("cloudflare", Duration.ofHours(1), "test");
        app.withPropertyValues("management.health.byroad.degraded-status=out_of_service")
                .run(context -> assertThat(healthIn(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE));
        app.withPropertyValues("management.health.byroad.degraded-status=sick")
                .run(context ->
                        assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("sick"));
    }

    @Test
    void withoutAnyEndpointInGoodHealthItIsDown() {
        byroad.avoid("cloudflare", Duration.ofHours(1), "test");
        byroad.avoid("aws", Duration.ofHours(1), "test");
        app.run(context -> assertThat(healthIn(context).getStatus()).isEqualTo(Status.DOWN));
        app.withPropertyValues("management.health.byroad.failing-status=up")
                .run(context -> assertThat(healthIn(context).getStatus()).isEqualTo(Status.UP));
    }

    @Test
    void switchedOffItIsUp() {
        byroad.avoid("cloudflare", Duration.ofHours(1), "test");
        byroad.avoid("aws", Duration.ofHours(1), "test");
        byroad.mode(Mode.OFF);
        app.run(context -> {
            assertThat(healthIn(context).getStatus()).isEqualTo(Status.UP);
            assertThat(healthIn(context).getDetails()).containsEntry("mode", "off");
        });
    }

    @Test
    void itCanBeSwitchedOff() {
        app.withPropertyValues("management.health.byroad.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    }
}
