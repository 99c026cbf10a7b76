package byroad.spring;

import byroad.okhttp.Byroad;
import org.springframework.ai.anthropic.http.okhttp.AnthropicHttpClientBuilderCustomizer;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Auto-configures Byroad in the clients that Spring AI 2 makes, unless {@code byroad.spring-ai.enabled=false}. */
@AutoConfiguration(after = ByroadAutoConfiguration.class)
@ConditionalOnBean(Byroad.class)
@ConditionalOnProperty(name = "byroad.spring-ai.enabled", matchIfMissing = true)
public class ByroadSpringAiAutoConfiguration {
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer")
    static class OpenAi {
        @Bean
        OpenAiHttpClientBuilderCustomizer byroadOpenAi(Byroad byroad) {
            return client -> client.interceptor(byroad);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.ai.anthropic.http.okhttp.AnthropicHttpClientBuilderCustomizer")
    static class Anthropic {
        @Bean
        AnthropicHttpClientBuilderCustomizer byroadAnthropic(Byroad byroad) {
            return client -> client.interceptor(byroad);
        }
    }
}
