package byroad.okhttp;

import byroad.Seams;
import byroad.Upstream;
import byroad.UserCode;
import byroad.call.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** What users change about a request to one endpoint: path, body, signature. Keyed {@code upstream/endpoint}. */
record Rewrites(Map<String, UnaryOperator<Request>> byEndpoint, Seams seams) {
    /** These, if each is of an endpoint of these upstreams. */
    static Rewrites of(Map<String, UnaryOperator<Request>> byEndpoint, List<Upstream> upstreams, Seams seams) {
        List<String> known = new ArrayList<>();
        upstreams.forEach(up -> up.endpoints().forEach(door -> known.add(up.name() + "/" + door.name())));
        for (String named : byEndpoint.keySet()) {
            if (!known.contains(named)) {
                throw new IllegalArgumentException(
                        "rewrite: \"" + named + "\" is no endpoint (expected one of: " + known + ")");
            }
        }
        return new Rewrites(Map.copyOf(byEndpoint), seams);
    }

    /** The request as it is to be sent; null if its rewrite failed. */
    @Nullable
    Request apply(Attempt attempt, Request request) {
        if (byEndpoint.isEmpty()) {
            return request;
        }
        String name = attempt.upstream() + "/" + attempt.endpoint().name();
        UnaryOperator<Request> rewrite = byEndpoint.get(name);
        return rewrite == null
                ? request
                : UserCode.<@Nullable Request>call(seams, "the rewrite of " + name, () -> rewrite.apply(request), null);
    }
}
