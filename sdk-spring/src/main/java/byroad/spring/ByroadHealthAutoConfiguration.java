package byroad.spring;

import byroad.okhttp.Byroad;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Auto-configures the health indicator {@code byroad}, if Boot's health support is there. */
@AutoConfiguration(after = ByroadAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(Byroad.class)
public class ByroadHealthAutoConfiguration {
    /** The possible health statuses. */
    enum Called {
        UP,
        OUT_OF_SERVICE,
        DOWN;

        private Status status() {
            return new Status(name());
        }
    }

    /**
     * The statuses for upstreams that are not healthy.
     *
     * @param degradedStatus the status if a fallback endpoint answers in place of the preferred endpoint. Defaults to
     *     up
     * @param failingStatus the status if no endpoint is healthy. Defaults to down
     */
    @ConfigurationProperties("management.health.byroad")
    record Said(
            @DefaultValue("up") Called degradedStatus,
            @DefaultValue("down") Called failingStatus) {}

    /** A nested class, because the annotation of the condition may be missing itself. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnEnabledHealthIndicator("byroad")
    @EnableConfigurationProperties(Said.class)
    static class Enabled {
        @Bean
        @ConditionalOnMissingBean(name = "byroadHealthIndicator")
        HealthIndicator byroadHealthIndicator(Byroad byroad, Said said) {
            return new ByroadHealthIndicator(
                    byroad, said.degradedStatus().status(), said.failingStatus().status());
        }
    }
}
