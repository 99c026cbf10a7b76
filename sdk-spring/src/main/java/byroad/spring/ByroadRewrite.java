package byroad.spring;

import byroad.okhttp.Byroad;
import java.util.function.UnaryOperator;
import okhttp3.Request;

/**
 * A bean that changes requests to one endpoint before they are sent, as {@link Byroad.Builder#rewrite} does.
 *
 * <pre>{@code
 * @Bean
 * ByroadRewrite azure() {
 *     return ByroadRewrite.of("assistant/azure", request -> request.newBuilder().url(...).build());
 * }
 * }</pre>
 */
public interface ByroadRewrite extends UnaryOperator<Request> {
    /** The endpoint, as {@code upstream/endpoint}. */
    String upstreamAndEndpoint();

    /** A rewrite as a lambda. */
    static ByroadRewrite of(String upstreamAndEndpoint, UnaryOperator<Request> rewrite) {
        return new ByroadRewrite() {
            @Override
            public String upstreamAndEndpoint() {
                return upstreamAndEndpoint;
            }

            @Override
            public Request apply(Request request) {
                return rewrite.apply(request);
            }
        };
    }
}
