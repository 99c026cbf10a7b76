package byroad.spring;

import byroad.okhttp.Byroad;
import okhttp3.OkHttpClient;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/**
 * Auto-configures one {@link Byroad} for the application, unless it has its own: from {@code byroad.*}, and from beans
 * of the types {@code Resolver}, {@code Signature}, {@code AnswerStore}, {@code CircuitBreakerRegistry}, {@link
 * ByroadRewrite}, {@code Consumer<Event>} and {@link ByroadBuilderCustomizer}.
 */
@AutoConfiguration
@ConditionalOnClass(OkHttpClient.class)
@EnableConfigurationProperties(ByroadProperties.class)
@ImportRuntimeHints(ByroadHints.class)
public class ByroadAutoConfiguration {
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Byroad byroad(ByroadProperties said, ListableBeanFactory beans, Environment environment) {
        BootGeneration.require(SpringBootVersion.getVersion());
        KnownKeys.require(environment);
        return new ByroadFactory(said, beans).byroad();
    }
}
