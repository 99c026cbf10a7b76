package byroad.spring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.Supplier;

/** The meters of Byroad, as {@code docs/metrics.md} lists them: a test compares the two. */
enum ByroadMeter {
    CALLS(Kind.TIMER, "calls", "seconds", "upstream", "outcome"),
    ATTEMPTS(Kind.TIMER, "attempts", "seconds", "upstream", "endpoint", "kind", "outcome", "fault"),
    FAILOVERS(Kind.COUNTER, "failovers", "failovers", "upstream", "from", "to", "fault"),
    REFUSALS(Kind.COUNTER, "refusals", "refusals", "upstream", "reason"),
    LOOKUPS(Kind.COUNTER, "name.lookups", "lookups", "upstream", "source"),
    OLD_ANSWER_AGE(Kind.TIMER, "name.age", "seconds", "upstream", "source"),
    SHIFT_TIME(Kind.TIMER, "shift.time", "seconds", "upstream", "until"),
    BODIES_FAILED(Kind.COUNTER, "failed.bodies", "bodies", "upstream", "endpoint"),
    EVENTS(Kind.COUNTER, "events", "events", "kind"),
    CIRCUIT(Kind.GAUGE, "circuit.state", "", "upstream", "endpoint", "state"),
    BUDGET(Kind.GAUGE, "budget.tokens", "tokens", "upstream"),
    BUDGET_CAPACITY(Kind.GAUGE, "budget.capacity", "tokens", "upstream"),
    LIMIT_CALLS(Kind.GAUGE, "limit.calls", "calls", "upstream", "endpoint"),
    LIMIT_ALLOWED(Kind.GAUGE, "limit.allowed", "calls", "upstream", "endpoint"),
    AVOIDANCES(Kind.GAUGE, "avoidances", "avoidances", "voice"),
    RESOLVERS_FAILING(Kind.GAUGE, "failing.resolvers", "resolvers"),
    MODE(Kind.GAUGE, "mode", "", "mode");

    /** The type of the meter. */
    enum Kind {
        TIMER,
        COUNTER,
        GAUGE
    }

    final Kind kind;
    final String id;
    final String unit;
    private final String tags; // joined: a field of an enum must be immutable

    ByroadMeter(Kind kind, String name, String unit, String... tags) {
        this.kind = kind;
        this.id = "byroad." + name;
        this.unit = unit;
        this.tags = String.join(",", tags);
    }

    /** The names of its tags. */
    List<String> tags() {
        return tags.isEmpty() ? List.of() : List.of(tags.split(",", -1));
    }

    MeterProvider<Timer> timersIn(MeterRegistry registry) {
        return Timer.builder(id).withRegistry(registry);
    }

    MeterProvider<Counter> countersIn(MeterRegistry registry) {
        return Counter.builder(id).baseUnit(unit).withRegistry(registry);
    }

    Gauge.Builder<?> gauge(Supplier<Number> value) {
        return Gauge.builder(id, value).baseUnit(unit.isEmpty() ? null : unit);
    }

    /** Names and values alternately, as Micrometer expects them. */
    String[] tagged(String... values) {
        List<String> names = tags();
        String[] pairs = new String[2 * names.size()];
        for (int i = 0; i < names.size(); i++) {
            pairs[2 * i] = names.get(i);
            pairs[2 * i + 1] = values[i];
        }
        return pairs;
    }
}
