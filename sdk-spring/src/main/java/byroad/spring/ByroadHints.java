package byroad.spring;

import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** What a native image must keep: what the check of the class path looks at by name. */
final class ByroadHints implements RuntimeHintsRegistrar {
    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
        hints.reflection()
                .registerType(Dns.class)
                .registerType(OkHttpClient.class)
                .registerType(Interceptor.Chain.class, MemberCategory.INVOKE_PUBLIC_METHODS);
    }
}
