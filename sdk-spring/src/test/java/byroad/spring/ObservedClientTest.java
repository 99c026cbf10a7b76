package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.okhttp.Byroad;
import io.micrometer.observation.ObservationRegistry;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The two halves of the starter meet here: the client is observed below Byroad, attempt by attempt. */
class ObservedClientTest {
    @Test
    void theClientOfTheStarterIsObservedBelowByroad() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ByroadAutoConfiguration.class,
                        ByroadObservationAutoConfiguration.class,
                        ByroadOkHttpAutoConfiguration.class))
                .withBean(ObservationRegistry.class, ObservationRegistry::create)
                .run(context -> assertThat(context.getBean(OkHttpClient.class).interceptors())
                        .hasExactlyElementsOfTypes(Byroad.class, AttemptObservations.class));
    }
}
