package byroad.okhttp;

import byroad.Upstream;
import byroad.call.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import okhttp3.Request;

/** What users change about a request to one endpoint: path, body, signature. Keyed {@code upstream/endpoint}. */
record Rewrites(Map<String, UnaryOperator<Request>> byEndpoint) {
    /** These, if each is of an endpoint of these upstreams. */
    static Rewrites of(Map<String, UnaryOperator<Request>> byEndpoint, List<Upstream> upstreams) {
        List<String> known = new ArrayList<>();
        upstreams.forEach(up -> up.endpoints().forEach(door -> known.add(up.name() + "/" + door.name())));
        for (String named : byEndpoint.keySet()) {
            if (!known.contains(named)) {
                throw new IllegalArgumentException(
                        "rewrite: \"" + named + "\" is no endpoint (expected one of: " + known + ")");
            }
        }
        return new Rewrites(Map.copyOf(byEndpoint));
    }

    Request apply(Step.Send send, Request request) {
        UnaryOperator<Request> rewrite = byEndpoint.isEmpty()
                ? null
                : byEndpoint.get(send.upstream() + "/" + send.endpoint().name());
        return rewrite == null ? request : rewrite.apply(request);
    }
}
