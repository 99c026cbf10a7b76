package byroad.spring;

import byroad.okhttp.Byroad;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.util.LambdaSafe;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configures OkHttp for {@code RestClient}, {@code RestTemplate} and the groups of {@code @ImportHttpServices},
 * unless the application has its own builder, chooses another library with {@code
 * spring.http.clients.imperative.factory}, or sets {@code byroad.http-clients.enabled=false}.
 */
@AutoConfiguration(
        after = ByroadOkHttpAutoConfiguration.class,
        beforeName =
                "org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration")
@ConditionalOnClass(
        name = {
            "org.springframework.boot.http.client.InetAddressFilter",
            "org.springframework.http.client.ClientHttpRequestFactory"
        })
@ConditionalOnBean(Byroad.class)
@ConditionalOnProperty(name = "byroad.http-clients.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = "spring.http.clients.imperative.factory", matchIfMissing = true, havingValue = "okhttp")
public class ByroadHttpClientAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(ClientHttpRequestFactoryBuilder.class)
    ClientHttpRequestFactoryBuilder<?> byroadRequestFactoryBuilder(
            CommonClient common,
            ObjectProvider<SslBundles> bundles,
            ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> customizers) {
        Bundles known = new Bundles(bundles.stream().toList());
        return customized(new OkHttpRequestFactoryBuilder(common.client(), known), customizers);
    }

    /** Applies the customizers; Boot itself applies them only to its own builders. */
    @SuppressWarnings("unchecked")
    private static ClientHttpRequestFactoryBuilder<?> customized(
            ClientHttpRequestFactoryBuilder<?> builder,
            ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> customizers) {
        ClientHttpRequestFactoryBuilder<?>[] result = {builder};
        LambdaSafe.callbacks(
                        ClientHttpRequestFactoryBuilderCustomizer.class,
                        customizers.orderedStream().toList(),
                        builder)
                .invoke(customizer -> result[0] = customizer.customize(result[0]));
        return result[0];
    }
}
