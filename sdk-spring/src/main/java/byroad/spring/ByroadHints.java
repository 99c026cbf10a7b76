package byroad.spring;

import java.util.List;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/** Runtime hints for native images: the classes that the class path check and Caffeine find by name. */
final class ByroadHints implements RuntimeHintsRegistrar {
    /** Caffeine's names for a cache of strong keys and values with a maximum size, and for its entries. */
    private static final List<String> CACHES = List.of("SSMS", "PSMS");

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
        hints.reflection()
                .registerType(Dns.class)
                .registerType(OkHttpClient.class)
                .registerType(Interceptor.Chain.class, MemberCategory.INVOKE_PUBLIC_METHODS);
        for (String cache : CACHES) {
            hints.reflection()
                    .registerType(
                            TypeReference.of("com.github.benmanes.caffeine.cache." + cache),
                            MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
                            MemberCategory.ACCESS_DECLARED_FIELDS);
        }
    }
}
