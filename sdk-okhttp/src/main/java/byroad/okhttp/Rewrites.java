package byroad.okhttp;

import byroad.ClientRuntime;
import byroad.Upstream;
import byroad.UserCode;
import byroad.call.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** The user's changes to requests to one endpoint, such as path, body or signature, by {@code upstream/endpoint}. */
record Rewrites(Map<String, UnaryOperator<Request>> byEndpoint, ClientRuntime runtime) {
    /** Checks that each rewrite is for an endpoint of these upstreams. */
    static Rewrites of(
            Map<String, UnaryOperator<Request>> byEndpoint, List<Upstream> upstreams, ClientRuntime runtime) {
        List<String> known = new ArrayList<>();
        upstreams.forEach(up -> up.endpoints().forEach(endpoint -> known.add(up.name() + "/" + endpoint.name())));
        for (String named : byEndpoint.keySet()) {
            if (!known.contains(named)) {
                throw new IllegalArgumentException(
                        "rewrite: \"" + named + "\" is not an endpoint (expected one of: " + known + ")");
            }
        }
        return new Rewrites(Map.copyOf(byEndpoint), runtime);
    }

    /** The rewritten request; null if its rewrite failed. */
    @Nullable
    Request apply(Attempt attempt, Request request) {
        if (byEndpoint.isEmpty()) {
            return request;
        }
        String name = attempt.upstream() + "/" + attempt.endpoint().name();
        UnaryOperator<Request> rewrite = byEndpoint.get(name);
        if (rewrite == null) {
            return request;
        }
        Optional<Request> rewritten = UserCode.call(
                runtime, "the rewrite of " + name, () -> Optional.ofNullable(rewrite.apply(request)), Optional.empty());
        return rewritten.orElse(null);
    }
}
