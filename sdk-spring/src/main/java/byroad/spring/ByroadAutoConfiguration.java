package byroad.spring;

import byroad.okhttp.Byroad;
import okhttp3.OkHttpClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** One {@link Byroad} for the application. */
@AutoConfiguration
@ConditionalOnClass(OkHttpClient.class)
public class ByroadAutoConfiguration {
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Byroad byroad() {
        return Byroad.create();
    }
}
