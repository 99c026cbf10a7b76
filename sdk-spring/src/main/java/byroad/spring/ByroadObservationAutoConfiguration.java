package byroad.spring;

import byroad.okhttp.Byroad;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configures observations of attempts, if Boot has an observation registry. */
@AutoConfiguration(
        after = ByroadAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({Byroad.class, ObservationRegistry.class})
public class ByroadObservationAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    AttemptObservations byroadAttemptObservations(Byroad byroad, ObservationRegistry registry) {
        return new AttemptObservations(byroad, registry);
    }
}
