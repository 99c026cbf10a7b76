package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.reflect.Field;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import okhttp3.Dns;
import okhttp3.Interceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

/** What a native image keeps. */
class HintsTest {
    /** The class of the cache that the core makes, and of its entries, as the Caffeine on the class path names them. */
    @Test
    void aNativeImageKeepsTheCacheOfNames() throws Exception {
        RuntimeHints hints = new RuntimeHints();
        new ByroadHints().registerHints(hints, null);
        ConcurrentMap<Object, Object> cache = Caffeine.newBuilder()
                .maximumSize(1)
                .executor(Runnable::run)
                .build()
                .asMap();
        Class<?> common = cache.getClass();
        while (!common.getSimpleName().equals("BoundedLocalCache")) {
            common = common.getSuperclass();
        }
        Field entries = common.getDeclaredField("nodeFactory");
        entries.setAccessible(true);

        for (Class<?> made : List.of(cache.getClass(), entries.get(cache).getClass())) {
            assertThat(RuntimeHintsPredicates.reflection()
                            .onType(made)
                            .withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                    .as("%s", made)
                    .accepts(hints);
        }
    }

    @Test
    void aNativeImageKeepsWhatTheCheckOfTheClassPathLooksAt() throws NoSuchMethodException {
        RuntimeHints hints = new RuntimeHints();
        new ByroadHints().registerHints(hints, null);

        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(Interceptor.Chain.class.getMethod("withDns", Dns.class)))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(Dns.class)).accepts(hints);
    }
}
