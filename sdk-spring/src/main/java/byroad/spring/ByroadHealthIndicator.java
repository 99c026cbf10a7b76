package byroad.spring;

import byroad.Endpoint;
import byroad.EndpointStatus;
import byroad.EndpointStatus.Circuit;
import byroad.Mode;
import byroad.Upstream;
import byroad.okhttp.Byroad;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * A health indicator for the declared upstreams: the worst one decides. If a fallback endpoint answers, that is only a
 * detail, unless a property sets another status, because the application still works.
 */
final class ByroadHealthIndicator implements HealthIndicator {
    /** The state of an upstream. */
    private enum State {
        /** Its preferred endpoint is used. */
        OK,
        /** A fallback endpoint is used. */
        DEGRADED,
        /** No endpoint is healthy. */
        FAILING
    }

    private final Byroad byroad;
    private final Redaction redaction;
    private final Status degraded;
    private final Status failing;

    ByroadHealthIndicator(Byroad byroad, Status degraded, Status failing) {
        this.byroad = byroad;
        this.redaction = Redaction.of(byroad.upstreams());
        this.degraded = degraded;
        this.failing = failing;
    }

    @Override
    public Health health() {
        try {
            return ofUpstreams();
        } catch (RuntimeException broken) {
            return Health.unknown().withException(broken).build();
        }
    }

    private Health ofUpstreams() {
        List<EndpointStatus> status = byroad.status();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("mode", words(byroad.mode()));
        State worst = State.OK;
        for (Upstream upstream : byroad.upstreams()) {
            List<EndpointStatus> itsOwn = status.stream()
                    .filter(one -> one.upstream().equals(upstream.name()))
                    .toList();
            State state = stateOf(upstream, itsOwn);
            worst = state.compareTo(worst) > 0 ? state : worst;
            details.put(upstream.name(), detailsOf(state, itsOwn));
        }
        Status said = byroad.mode() == Mode.OFF || worst == State.OK
                ? Status.UP
                : worst == State.DEGRADED ? degraded : failing;
        return Health.status(said).withDetails(details).build();
    }

    private State stateOf(Upstream upstream, List<EndpointStatus> status) {
        for (EndpointStatus one : status) {
            if (isUsable(upstream, one)) {
                boolean isPreferred =
                        one.endpoint().equals(upstream.endpoints().get(0).name());
                return isPreferred ? State.OK : State.DEGRADED;
            }
        }
        return status.isEmpty() ? State.OK : State.FAILING;
    }

    private boolean isUsable(Upstream upstream, EndpointStatus status) {
        return status.circuit() == Circuit.CLOSED
                && status.restLeft().isZero()
                && upstream.endpoints().stream()
                        .filter(endpoint -> endpoint.name().equals(status.endpoint()))
                        .noneMatch(endpoint -> isAvoided(upstream, endpoint));
    }

    private boolean isAvoided(Upstream upstream, Endpoint endpoint) {
        return byroad.avoidances().stream()
                .anyMatch(verdict -> verdict.domain().coversAny(endpoint.dependsOn(upstream.name())));
    }

    private Map<String, Object> detailsOf(State state, List<EndpointStatus> status) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("state", words(state));
        details.put("endpoints", status.stream().map(this::inWords).toList());
        return details;
    }

    private String inWords(EndpointStatus status) {
        String rest = status.restLeft().isZero()
                ? ""
                : ", at rest for another " + status.restLeft().toMillis() + "ms";
        return redaction.redact(status.endpoint()) + " " + words(status.circuit()) + rest
                + status.answeredAgo()
                        .map(Duration::toMillis)
                        .map(ago -> ", answered " + ago + "ms ago")
                        .orElse(", never answered well");
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
