package byroad.spring;

import byroad.Avoidance;
import byroad.EndpointStatus;
import byroad.Mode;
import byroad.ResolverStatus;
import byroad.Upstream;
import byroad.okhttp.Byroad;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Binds the meters of one client to a registry: counts its reports and events, and reads its state when the registry
 * asks.
 */
final class ByroadMetrics implements MeterBinder {
    private final Byroad byroad;

    ByroadMetrics(Byroad byroad) {
        this.byroad = byroad;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Set<String> declared = byroad.upstreams().stream().map(Upstream::name).collect(Collectors.toSet());
        CallMeters counted = new CallMeters(declared, registry);
        byroad.onReport(counted::count);
        byroad.onEvent(counted::count);
        Health health = new Health(byroad, registry);
        byroad.status().stream()
                .filter(status -> declared.contains(status.upstream()))
                .forEach(status -> bind(status, health, registry));
        for (Avoidance.Voice voice : Avoidance.Voice.values()) {
            ByroadMeter.AVOIDANCES
                    .gauge(() -> byroad.avoidances().stream()
                            .filter(verdict -> verdict.voice() == voice)
                            .count())
                    .tags(ByroadMeter.AVOIDANCES.tagged(words(voice)))
                    .register(registry);
        }
        ByroadMeter.RESOLVERS_FAILING
                .gauge(() -> byroad.resolvers().stream()
                        .filter(resolver -> resolver.state() == ResolverStatus.State.FAILING)
                        .count())
                .register(registry);
        for (Mode mode : Mode.values()) {
            ByroadMeter.MODE
                    .gauge(() -> byroad.mode() == mode ? 1 : 0)
                    .tags(ByroadMeter.MODE.tagged(words(mode)))
                    .register(registry);
        }
    }

    private static void bind(EndpointStatus of, Health health, MeterRegistry registry) {
        for (EndpointStatus.Circuit state : EndpointStatus.Circuit.values()) {
            bind(ByroadMeter.CIRCUIT, of, health, registry, now -> now.circuit() == state ? 1 : 0, words(state));
        }
        if (of.limit().isEmpty()) { // the preferred endpoint: an upstream has one of it, and one budget
            bind(ByroadMeter.BUDGET, of, health, registry, now -> now.budget().tokens());
            bind(
                    ByroadMeter.BUDGET_CAPACITY,
                    of,
                    health,
                    registry,
                    now -> now.budget().capacity());
        } else {
            bind(
                    ByroadMeter.LIMIT_CALLS,
                    of,
                    health,
                    registry,
                    now -> now.limit().get().inFlight());
            bind(
                    ByroadMeter.LIMIT_ALLOWED,
                    of,
                    health,
                    registry,
                    now -> now.limit().get().allowed());
        }
    }

    private static void bind(
            ByroadMeter meter,
            EndpointStatus of,
            Health health,
            MeterRegistry registry,
            ToDoubleFunction<EndpointStatus> value,
            String... moreTags) {
        String[] tags = new String[2 + moreTags.length];
        tags[0] = of.upstream();
        tags[1] = of.endpoint();
        System.arraycopy(moreTags, 0, tags, 2, moreTags.length);
        meter.gauge(() -> health.of(of).map(value::applyAsDouble).orElse(Double.NaN))
                .tags(meter.tagged(tags))
                .register(registry);
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The health of all endpoints, read once for all gauges of one scrape. */
    private static final class Health {
        private static final long GOOD_FOR_MILLIS = 500;

        private final Byroad byroad;
        private final MeterRegistry registry;

        // Guarded by this.
        private List<EndpointStatus> latest = List.of();
        private long readAt;

        Health(Byroad byroad, MeterRegistry registry) {
            this.byroad = byroad;
            this.registry = registry;
        }

        synchronized Optional<EndpointStatus> of(EndpointStatus earlier) {
            long now = registry.config().clock().wallTime();
            if (latest.isEmpty() || Math.abs(now - readAt) > GOOD_FOR_MILLIS) {
                latest = byroad.status();
                readAt = now;
            }
            return latest.stream()
                    .filter(status -> status.upstream().equals(earlier.upstream())
                            && status.endpoint().equals(earlier.endpoint()))
                    .findFirst();
        }
    }
}
