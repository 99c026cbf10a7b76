package byroad.okhttp;

import byroad.call.Step;
import java.util.Map;
import java.util.function.UnaryOperator;
import okhttp3.Request;

/** What users change about a request to one endpoint: path, body, signature. Keyed {@code upstream/endpoint}. */
record Rewrites(Map<String, UnaryOperator<Request>> byEndpoint) {
    Request apply(Step.Send send, Request request) {
        UnaryOperator<Request> rewrite = byEndpoint.isEmpty()
                ? null
                : byEndpoint.get(send.upstream() + "/" + send.endpoint().name());
        return rewrite == null ? request : rewrite.apply(request);
    }
}
