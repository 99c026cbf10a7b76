package byroad.spring;

import byroad.okhttp.Byroad;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * Auto-configures an {@link OkHttpClient} with Byroad for Retrofit, Feign and SDKs, unless the application has its own.
 */
@AutoConfiguration(after = ByroadAutoConfiguration.class)
@ConditionalOnClass(OkHttpClient.class)
@ConditionalOnBean(Byroad.class)
public class ByroadOkHttpAutoConfiguration {
    @Bean(destroyMethod = "close")
    CommonClient byroadCommonClient(
            Byroad byroad,
            ObjectProvider<OkHttpClientBuilderCustomizer> customizers,
            ObjectProvider<BelowByroad> below,
            Environment environment) {
        Dispatcher dispatcher = Threading.VIRTUAL.isActive(environment)
                ? CommonClient.dispatcher(new VirtualThreadTaskExecutor("okhttp-"))
                : CommonClient.dispatcher();
        return new CommonClient(
                byroad,
                customizers.orderedStream().toList(),
                below.orderedStream().toList(),
                dispatcher);
    }

    @Bean
    @ConditionalOnMissingBean
    OkHttpClient okHttpClient(CommonClient common) {
        return common.client();
    }
}
