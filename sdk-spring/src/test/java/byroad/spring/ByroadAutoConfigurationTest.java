package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.okhttp.Byroad;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ByroadAutoConfigurationTest {
    private final ApplicationContextRunner app =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ByroadAutoConfiguration.class));

    @Test
    void thereIsOneByroad() {
        app.run(context -> assertThat(context).hasSingleBean(Byroad.class));
    }
}
