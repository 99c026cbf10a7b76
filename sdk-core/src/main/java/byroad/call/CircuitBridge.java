package byroad.call;

import byroad.ClientRuntime;
import byroad.TimeSource;
import byroad.UserCode;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.metrics.Metrics;
import io.github.resilience4j.core.metrics.SlidingTimeWindowMetrics;
import io.github.resilience4j.core.metrics.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The bridge to Resilience4j, and the only class that uses it. Its sliding window counts the failure rate of a circuit,
 * and a registry of the user shows the circuits to dashboards and metrics, as {@code endpoint/assistant/cdn}.
 *
 * <p>The circuits in the registry are for reading: they follow those of the client, and changing them does not change
 * where calls go. Their listeners are called on the thread of a call, outside every lock.
 */
public final class CircuitBridge {
    /** Shows the circuits to no registry. */
    static final CircuitBridge NONE = new CircuitBridge(Optional.empty());

    private final Optional<CircuitBreakerRegistry> registry;

    private CircuitBridge(Optional<CircuitBreakerRegistry> registry) {
        this.registry = registry;
    }

    /** Shows the circuits in that registry. */
    public static CircuitBridge to(CircuitBreakerRegistry registry) {
        return new CircuitBridge(Optional.of(registry));
    }

    boolean hasCircuit(String name) {
        return registry.isPresent() && registry.get().find(name).isPresent();
    }

    void remove(String name) {
        registry.ifPresent(known -> known.remove(name));
    }

    /** A mirror of the circuit of that name in the registry; without a registry, a mirror that does nothing. */
    Mirror mirror(String name, ClientRuntime runtime) {
        return new Mirror(registry.map(known -> known.circuitBreaker(name, config(runtime.time()))), runtime);
    }

    /** Counts by our clock, and never changes state by itself. */
    private static CircuitBreakerConfig config(TimeSource time) {
        return CircuitBreakerConfig.custom()
                .slidingWindow(
                        Tuning.RATE_SECONDS, Integer.MAX_VALUE, CircuitBreakerConfig.SlidingWindowType.TIME_BASED)
                .slowCallDurationThreshold(Duration.ofDays(365)) // a slow answer is an answer
                .clock(new MonotonicClock(time))
                .currentTimestampFunction(clock -> time.nanoTime(), TimeUnit.NANOSECONDS)
                .waitDurationInOpenState(Duration.ofDays(365))
                .writableStackTraceEnabled(false)
                .build();
    }

    /** A circuit in the registry. Never called under a lock, because its listeners are user code. */
    static final class Mirror {
        private final Optional<CircuitBreaker> shown;
        private final ClientRuntime runtime;

        Mirror(Optional<CircuitBreaker> shown, ClientRuntime runtime) {
            this.shown = shown;
            this.runtime = runtime;
        }

        void answered(Duration took) {
            if (shown.isPresent()) {
                told(() -> shown.get().onSuccess(took.toNanos(), TimeUnit.NANOSECONDS));
            }
        }

        void failed(Duration took, String why) {
            if (shown.isPresent()) {
                told(() -> shown.get().onError(took.toNanos(), TimeUnit.NANOSECONDS, new Counted(why)));
            }
        }

        void opened() {
            shown.filter(circuit -> circuit.getState() != CircuitBreaker.State.OPEN)
                    .ifPresent(circuit -> told(circuit::transitionToOpenState));
        }

        void closed() {
            shown.filter(circuit -> circuit.getState() != CircuitBreaker.State.CLOSED)
                    .ifPresent(circuit -> told(circuit::transitionToClosedState));
        }

        private void told(Runnable change) {
            UserCode.run(runtime, "a listener on the circuit in the Resilience4j registry", change);
        }
    }

    /** How many calls failed within the last seconds. Its circuit holds the lock. */
    static final class FailureRate {
        private final Clock clock;
        private Metrics window;

        FailureRate(TimeSource time) {
            this.clock = new MonotonicClock(time);
            this.window = fresh();
        }

        private Metrics fresh() {
            return new SlidingTimeWindowMetrics(Tuning.RATE_SECONDS, clock);
        }

        void answered() {
            window.record(0, TimeUnit.NANOSECONDS, Metrics.Outcome.SUCCESS);
        }

        void failed() {
            window.record(0, TimeUnit.NANOSECONDS, Metrics.Outcome.ERROR);
        }

        void reset() {
            window = fresh();
        }

        /**
         * Whether one more failure makes the share of failures at least {@code percent} of at least {@code atLeast}
         * calls.
         */
        boolean isReachedByOneMore(int percent, int atLeast) {
            Snapshot now = window.getSnapshot();
            int calls = now.getTotalNumberOfCalls() + 1;
            return calls >= atLeast && (now.getNumberOfFailedCalls() + 1) * 100 >= calls * percent;
        }
    }

    /** The exception of a failure for Resilience4j; it is never thrown. */
    private static final class Counted extends Exception {
        private static final long serialVersionUID = 1;

        Counted(String why) {
            super(why, null, false, false);
        }
    }

    /** The monotonic time as a {@link Clock}, for Resilience4j. */
    private static final class MonotonicClock extends Clock {
        private final TimeSource time;
        private final long start;

        MonotonicClock(TimeSource time) {
            this.time = time;
            this.start = time.nanoTime();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(time.nanoTime() - start);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
