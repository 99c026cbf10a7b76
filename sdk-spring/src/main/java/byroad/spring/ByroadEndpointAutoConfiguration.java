package byroad.spring;

import byroad.TimeSource;
import byroad.okhttp.Byroad;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Auto-configures the actuator endpoint {@code byroad}, if there is an actuator. */
@AutoConfiguration(after = ByroadAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(Byroad.class)
public class ByroadEndpointAutoConfiguration {
    /**
     * The settings of the endpoint.
     *
     * @param showAddresses whether addresses, and the names and hosts of direct origins, are shown. Defaults to no
     */
    @ConfigurationProperties("management.endpoint.byroad")
    record Shown(@DefaultValue("false") boolean showAddresses) {}

    /** A nested class, because the annotation of the condition may be missing itself. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(ByroadEndpoint.class)
    @EnableConfigurationProperties(Shown.class)
    static class Available {
        @Bean
        @ConditionalOnMissingBean
        ByroadEndpoint byroadEndpoint(Byroad byroad, Shown shown) {
            LatestEvents events = new LatestEvents(TimeSource.system());
            byroad.onEvent(events::add);
            Redaction redaction = shown.showAddresses() ? Redaction.none() : Redaction.of(byroad.upstreams());
            return new ByroadEndpoint(byroad, new Describer(byroad, events, redaction));
        }
    }
}
