package byroad.spring;

import byroad.AttemptReport;
import byroad.CallReport;
import byroad.Event;
import byroad.Provenance;
import byroad.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Counts calls by their reports, and other changes by events. */
final class CallMeters {
    /** The tag value for all undeclared hosts: their names are no tags. */
    static final String UNDECLARED = "undeclared";

    private final Set<String> declared;
    private final MeterProvider<Timer> calls;
    private final MeterProvider<Timer> attempts;
    private final MeterProvider<Counter> failovers;
    private final MeterProvider<Counter> refusals;
    private final MeterProvider<Counter> lookups;
    private final MeterProvider<Timer> ages;
    private final MeterProvider<Timer> shifts;
    private final MeterProvider<Counter> bodies;
    private final MeterProvider<Counter> events;

    CallMeters(Set<String> declared, MeterRegistry registry) {
        this.declared = declared;
        this.calls = ByroadMeter.CALLS.timersIn(registry);
        this.attempts = ByroadMeter.ATTEMPTS.timersIn(registry);
        this.failovers = ByroadMeter.FAILOVERS.countersIn(registry);
        this.refusals = ByroadMeter.REFUSALS.countersIn(registry);
        this.lookups = ByroadMeter.LOOKUPS.countersIn(registry);
        this.ages = ByroadMeter.OLD_ANSWER_AGE.timersIn(registry);
        this.shifts = ByroadMeter.SHIFT_TIME.timersIn(registry);
        this.bodies = ByroadMeter.BODIES_FAILED.countersIn(registry);
        this.events = ByroadMeter.EVENTS.countersIn(registry);
    }

    void count(CallReport report) {
        String upstream = upstream(report.upstream());
        calls.withTags(ByroadMeter.CALLS.tagged(upstream, outcomeOf(report))).record(report.took());
        List<AttemptReport> made = report.attempts();
        for (int i = 0; i < made.size(); i++) {
            count(upstream, made.get(i), made.subList(0, i));
        }
        for (Refusal why : report.refusals()) {
            refusals.withTags(ByroadMeter.REFUSALS.tagged(upstream, reasonOf(why)))
                    .increment();
        }
    }

    private void count(String upstream, AttemptReport attempt, List<AttemptReport> before) {
        String endpoint = endpoint(upstream, attempt.endpoint());
        attempts.withTags(ByroadMeter.ATTEMPTS.tagged(
                        upstream, endpoint, kindOf(attempt, before), outcomeOf(attempt.outcome()), attempt.faultName()))
                .record(attempt.took());
        if (!before.isEmpty()) {
            AttemptReport last = before.get(before.size() - 1);
            if (!last.endpoint().equals(attempt.endpoint())) {
                failovers
                        .withTags(ByroadMeter.FAILOVERS.tagged(
                                upstream, endpoint(upstream, last.endpoint()), endpoint, last.faultName()))
                        .increment();
            }
        }
        attempt.address().ifPresent(from -> count(upstream, from));
    }

    private void count(String upstream, Provenance from) {
        String source = from.source().name().toLowerCase(Locale.ROOT);
        lookups.withTags(ByroadMeter.LOOKUPS.tagged(upstream, source)).increment();
        if (from.isInDoubt()) {
            ages.withTags(ByroadMeter.OLD_ANSWER_AGE.tagged(upstream, source)).record(from.age());
        }
    }

    void count(Event event) {
        events.withTags(ByroadMeter.EVENTS.tagged(event.getClass().getSimpleName()))
                .increment();
        if (event instanceof Event.BodyFailed failed) {
            String upstream = upstream(failed.upstream());
            bodies.withTags(ByroadMeter.BODIES_FAILED.tagged(upstream, endpoint(upstream, failed.endpoint())))
                    .increment();
        } else if (event instanceof Event.TrafficShifted shifted) {
            shifts.withTags(ByroadMeter.SHIFT_TIME.tagged(upstream(shifted.upstream()), shifted.percent() + "%"))
                    .record(shifted.after());
        } else if (event instanceof Event.TrafficReturned returned) {
            shifts.withTags(ByroadMeter.SHIFT_TIME.tagged(upstream(returned.upstream()), "back"))
                    .record(returned.after());
        }
    }

    private String upstream(String name) {
        return declared.contains(name) ? name : UNDECLARED;
    }

    private static String endpoint(String upstream, String name) {
        return upstream.equals(UNDECLARED) ? UNDECLARED : name;
    }

    private static String kindOf(AttemptReport attempt, List<AttemptReport> before) {
        if (before.isEmpty()) {
            return "first";
        }
        boolean again = before.stream().anyMatch(one -> one.endpoint().equals(attempt.endpoint()));
        return again ? "repeat" : "failover";
    }

    /** As in {@code not-repeatable}. */
    static String reasonOf(Refusal why) {
        return why.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String outcomeOf(CallReport report) {
        List<AttemptReport> made = report.attempts();
        boolean cancelled =
                !made.isEmpty() && made.get(made.size() - 1).outcome().equals("cancelled");
        return cancelled ? "cancelled" : outcomeOf(report.outcome());
    }

    /** The class of a status, or the kind of a failure. */
    static String outcomeOf(String outcome) {
        return switch (outcome.charAt(0)) {
            case '1' -> "informational";
            case '2' -> "success";
            case '3' -> "redirection";
            case '4' -> "client-error";
            case '5' -> "server-error";
            default ->
                outcome.equals("cancelled") ? outcome : outcome.startsWith("impossible") ? "impossible" : "failure";
        };
    }
}
