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

/** The health indicator {@code byroad}, where there is Boot's health. */
@AutoConfiguration(after = ByroadAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(Byroad.class)
public class ByroadHealthAutoConfiguration {
    /** What the health of an upstream may be called. */
    enum Called {
        UP,
        OUT_OF_SERVICE,
        DOWN;

        private Status status() {
            return new Status(name());
        }
    }

    /**
     * What is said of upstreams that do not fare as they should.
     *
     * @param degradedStatus where a fallback endpoint answers in place of the preferred endpoint. Defaults to up
     * @param failingStatus where no endpoint is in good health. Defaults to down
     */
    @ConfigurationProperties("management.health.byroad")
    record Said(
            @DefaultValue("up") Called degradedStatus,
            @DefaultValue("down") Called failingStatus) {}

    /** Within, for a condition that is absent itself fails where it stands. */
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
