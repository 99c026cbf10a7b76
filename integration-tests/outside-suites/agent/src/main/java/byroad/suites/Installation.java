package byroad.suites;

import byroad.okhttp.Byroad;
import java.time.Duration;
import java.util.function.BiConsumer;
import okhttp3.OkHttpClient;

/** A way to use Byroad with a client. */
public enum Installation {
    /** Not at all. */
    PLAIN((byroad, builder) -> {}),
    /** {@code Byroad.create().installOn(builder)}. */
    INSTALLED((byroad, builder) -> byroad.installOn(builder)),
    /** {@code builder.addInterceptor(Byroad.create())}. */
    INTERCEPTOR((byroad, builder) -> builder.addInterceptor(byroad));

    private static final int DEFAULT_READ_TIMEOUT_MILLIS = 10_000;

    /** In place of the default: the servers of the tests are silent when a request is sent again. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(1);

    private static volatile Installation chosen = PLAIN;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final BiConsumer<Byroad, OkHttpClient.Builder> install;

    Installation(BiConsumer<Byroad, OkHttpClient.Builder> install) {
        this.install = install;
    }

    static void choose(String name) {
        chosen = valueOf(name);
    }

    /** Called by the constructor of {@code OkHttpClient} with its builder, before it reads the builder. */
    public static void on(Object builder) {
        OkHttpClient.Builder client = (OkHttpClient.Builder) builder;
        if (client.getReadTimeout$okhttp() == DEFAULT_READ_TIMEOUT_MILLIS) {
            client.readTimeout(READ_TIMEOUT);
        }
        if (chosen != PLAIN
                && client.interceptors().stream().noneMatch(Byroad.class::isInstance)
                && !isForByroadItself()) {
            chosen.install.accept(Byroad.create(), client);
        }
    }

    /** Whether Byroad builds this client for a call of its own. */
    private static boolean isForByroadItself() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .dropWhile(type -> type.startsWith("byroad.suites.") || type.startsWith("okhttp3.OkHttpClient"))
                        .findFirst()
                        .filter(type -> type.startsWith("byroad.okhttp."))
                        .isPresent());
    }
}
