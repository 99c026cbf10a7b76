package byroad.call;

import byroad.Avoidance;
import byroad.Avoidances;
import byroad.FailureDomain;
import byroad.Importance;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whom calls keep away from: by a verdict on the board, by a call's own word, or by the endpoint's role. */
record Shunned(Avoidances board) {
    /** Why that endpoint is kept away from, if it is. */
    @Nullable
    String whyNot(EndpointHealth health, RequestTraits request) {
        for (FailureDomain domain : request.options().avoided()) {
            if (domain.coversAny(health.dependsOn)) {
                return "the call avoids " + domain;
            }
        }
        return board.against(health.dependsOn).map(Avoidance::toString).orElse(null);
    }

    /** Whether an operator or the call itself avoids it, not only a circuit. */
    boolean isForbidden(EndpointHealth health, RequestTraits request) {
        boolean byOperator = board.inForce().stream()
                .anyMatch(verdict -> verdict.voice() == Avoidance.Voice.OPERATOR
                        && verdict.domain().coversAny(health.dependsOn));
        return byOperator
                || request.options().avoided().stream().anyMatch(domain -> domain.coversAny(health.dependsOn));
    }

    /** Why that stand-in does not take such a call, whatever its health: a role, or a call that can fail today. */
    @Nullable
    String whyNotInFor(EndpointHealth health, RequestTraits request) {
        Set<String> roles = health.endpoint.roles();
        if (!roles.isEmpty()
                && !(isOneOf(roles, false, request.method()::equals)
                        && isOneOf(
                                roles,
                                true,
                                path -> CallUrl.isBelow(CallUrl.path(request.url()), withoutLastSlash(path))))) {
            return "it is only for " + String.join(", ", roles);
        }
        boolean direct = health.endpoint.edges().isEmpty();
        boolean bulk = request.options().importance() == Importance.BULK;
        return health.gate != null && direct && bulk ? "bulk calls are not diverted to a direct origin" : null;
    }

    private static String withoutLastSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** Whether one of the methods, or of the paths, fits; so it is where none was named. */
    private static boolean isOneOf(Set<String> roles, boolean paths, Predicate<String> fits) {
        return roles.stream().noneMatch(role -> role.startsWith("/") == paths)
                || roles.stream().anyMatch(role -> role.startsWith("/") == paths && fits.test(role));
    }
}
