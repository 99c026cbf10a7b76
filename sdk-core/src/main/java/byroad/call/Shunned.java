package byroad.call;

import byroad.Avoidance;
import byroad.Avoidances;
import byroad.CallOptions;
import byroad.FailureDomain;
import java.util.List;
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

    /** The preferred endpoint, unless an operator or the call itself avoids it. */
    EndpointHealth leastBad(List<EndpointHealth> endpoints) {
        for (EndpointHealth health : endpoints) {
            boolean avoidedByOperator = board.against(health.dependsOn)
                    .filter(verdict -> verdict.voice() == Avoidance.Voice.OPERATOR)
                    .isPresent();
            boolean avoidedByCall = options.avoided().stream().anyMatch(domain -> domain.coversAny(health.dependsOn));
            if (!avoidedByOperator && !avoidedByCall) {
                return health;
            }
        }
        return endpoints.get(0);
    }
}
