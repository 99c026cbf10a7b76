package byroad.call;

import byroad.Endpoint;
import byroad.Preset;
import byroad.Seams;
import byroad.Upstream;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a client knows of one upstream: the health of its endpoints, its retry budget and its own load. */
final class UpstreamHealth {
    private static final Backoff USUAL = Backoff.from(Duration.ofMillis(50));
    private static final Backoff ONLY_ENDPOINT = Backoff.from(Duration.ofMillis(200));
    private static final int BUDGET_RETRIES = 35;
    private static final int BUDGET_RETRIES_ON_MOBILE = 4;

    final Upstream upstream;
    final List<EndpointHealth> endpoints;
    final RetryBudget budget;
    final OwnLoad ownLoad;

    private final Seams seams;

    // Guarded by this: calls started in the current second.
    private long secondStarted;
    private int callsThisSecond;

    UpstreamHealth(Upstream upstream, Seams seams, CircuitBreakerRegistry registry) {
        this.upstream = upstream;
        this.seams = seams;
        this.ownLoad = new OwnLoad(seams.time());
        this.budget = RetryBudget.ofCapacity(
                RetryBudget.TRANSIENT_COST * (isMobile() ? BUDGET_RETRIES_ON_MOBILE : BUDGET_RETRIES));
        this.secondStarted = seams.time().nanoTime();
        List<EndpointHealth> all = new ArrayList<>();
        for (Endpoint endpoint : upstream.endpoints()) {
            all.add(new EndpointHealth(upstream.name(), endpoint, all.size(), ownLoad, seams, registry));
        }
        this.endpoints = List.copyOf(all);
    }

    /** Counts a call: on servers the budget is worth 35 retries or one second of own traffic. */
    synchronized void callStarted() {
        long now = seams.time().nanoTime();
        if (now - secondStarted >= Duration.ofSeconds(1).toNanos()) {
            if (!isMobile()) {
                budget.capacity(RetryBudget.TRANSIENT_COST * Math.max(BUDGET_RETRIES, callsThisSecond));
            }
            secondStarted = now;
            callsThisSecond = 0;
        }
        callsThisSecond++;
    }

    /** The wait before that repeat; the only endpoint there is gets longer ones where it answered with an error. */
    Duration backoff(int repeat, boolean answered) {
        Backoff backoff = answered && endpoints.size() == 1 ? ONLY_ENDPOINT : USUAL;
        return backoff.before(repeat, seams.random());
    }

    private boolean isMobile() {
        return seams.preset() == Preset.MOBILE;
    }
}
