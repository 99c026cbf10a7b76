package byroad.benchmarks.days;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.Byroad;
import java.util.Optional;
import okhttp3.OkHttpClient;

/** Who takes part: OkHttp alone, and each way of using Byroad. */
enum ClientKind {
    PLAIN("plain"),
    INSTALLED("installed"),
    INTERCEPTOR("interceptor"),
    TWO_ENDPOINTS("two endpoints");

    /** The name of the second endpoint, which is the same server. */
    static final String SECOND = "second.test";

    final String words;

    ClientKind(String words) {
        this.words = words;
    }

    /** Byroad for the site at that URL; empty for OkHttp alone. */
    Optional<Byroad> byroad(String url) {
        return switch (this) {
            case PLAIN -> Optional.empty();
            case INSTALLED, INTERCEPTOR -> Optional.of(Byroad.create());
            case TWO_ENDPOINTS ->
                Optional.of(Byroad.builder()
                        .upstream(Upstream.named("site")
                                .endpoint(Endpoint.at(url).named("first"))
                                .endpoint(Endpoint.at(url).connectTo(SECOND).named("second")))
                        .build());
        };
    }

    /** Puts it on a client. */
    OkHttpClient.Builder on(OkHttpClient.Builder builder, Optional<Byroad> byroad) {
        if (byroad.isEmpty()) {
            return builder;
        }
        return this == INTERCEPTOR
                ? builder.addInterceptor(byroad.get())
                : byroad.get().installOn(builder);
    }
}
