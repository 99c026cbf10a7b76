package byroad.spring;

import byroad.dns.AnswerStore;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Auto-configures an {@link AnswerStore} in Redis, if {@code byroad.store.redis.enabled} is set. */
@AutoConfiguration(
        before = ByroadAutoConfiguration.class,
        afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnBooleanProperty("byroad.store.redis.enabled")
public class ByroadRedisAutoConfiguration {
    private static IllegalStateException missing(String what) {
        return new IllegalStateException("byroad.store.redis.enabled: true, but there is no " + what
                + " (expected: spring-boot-starter-data-redis among the dependencies, and spring.data.redis.* saying"
                + " where the server is)");
    }

    /**
     * The store in Redis.
     *
     * @param enabled whether records of proven addresses are kept there. Defaults to no
     * @param keyPrefix prefix of the keys. Defaults to {@code byroad:answers:}
     * @param ttl how long a record is kept if it is not renewed; more than zero. Defaults to 24 h
     */
    @ConfigurationProperties("byroad.store.redis")
    record Store(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("byroad:answers:") String keyPrefix,
            @DefaultValue("24h") Duration ttl) {
        /** Checks the values. */
        Store {
            if (keyPrefix.isBlank()) {
                throw new IllegalArgumentException("byroad.store.redis.key-prefix: \"" + keyPrefix
                        + "\" (expected: some text, as in \"byroad:answers:\")");
            }
            if (ttl.isZero() || ttl.isNegative()) {
                throw new IllegalArgumentException(
                        "byroad.store.redis.ttl: " + ttl + " (expected: more than zero, as in \"24h\")");
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(StringRedisTemplate.class)
    @EnableConfigurationProperties(Store.class)
    static class Present {
        @Bean
        @ConditionalOnMissingBean
        AnswerStore byroadAnswerStore(ObjectProvider<StringRedisTemplate> redis, Store store) {
            StringRedisTemplate template = redis.getIfAvailable();
            if (template == null) {
                throw missing("StringRedisTemplate");
            }
            return new RedisAnswerStore(template, store.keyPrefix(), store.ttl());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("org.springframework.data.redis.core.StringRedisTemplate")
    static class Absent {
        Absent() {
            throw missing("Spring Data Redis");
        }
    }
}
