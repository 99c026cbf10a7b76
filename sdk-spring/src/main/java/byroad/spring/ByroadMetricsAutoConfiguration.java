package byroad.spring;

import byroad.okhttp.Byroad;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configures the meters {@code byroad.*}, if there is Micrometer; bound late, so that an exporter can use the
 * client.
 */
@AutoConfiguration(after = ByroadAutoConfiguration.class)
@ConditionalOnClass({MeterRegistry.class, MeterBinder.class})
@ConditionalOnBean(Byroad.class)
public class ByroadMetricsAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(name = "byroadMetrics")
    MeterBinder byroadMetrics(Byroad byroad) {
        return new ByroadMetrics(byroad);
    }
}
