package byroad.call;

import byroad.Avoidance;
import byroad.Avoidances;
import byroad.CallOptions;
import byroad.FailureDomain;
import byroad.Importance;
import org.jspecify.annotations.Nullable;

/** Whom a call keeps away from: by a verdict on the board, or by its own word. */
record Shunned(Avoidances board, CallOptions options) {
    /** Why that endpoint is kept away from, if it is. */
    @Nullable
    String whyNot(EndpointHealth health) {
        for (FailureDomain domain : options.avoided()) {
            if (domain.coversAny(health.dependsOn)) {
                return "the call avoids " + domain;
            }
        }
        return board.against(health.dependsOn).map(Avoidance::toString).orElse(null);
    }

    /** Whether an operator or the call itself avoids it, not only a circuit. */
    boolean isForbidden(EndpointHealth health) {
        boolean byOperator = board.against(health.dependsOn)
                .filter(verdict -> verdict.voice() == Avoidance.Voice.OPERATOR)
                .isPresent();
        return byOperator || options.avoided().stream().anyMatch(domain -> domain.coversAny(health.dependsOn));
    }

    /** Whether that is a direct origin that would stand in for a call that can fail today. */
    boolean isKeptFromBulk(EndpointHealth health) {
        boolean direct = health.endpoint.edges().isEmpty();
        return health.gate != null && direct && options.importance() == Importance.BULK;
    }
}
