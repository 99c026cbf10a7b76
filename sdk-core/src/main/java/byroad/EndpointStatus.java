package byroad;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The health of one endpoint at one moment, as the client knows it.
 *
 * @param upstream the name of the upstream
 * @param endpoint the name of the endpoint
 * @param circuit the state of its circuit
 * @param limit its concurrency limit as a fallback endpoint; empty for the preferred endpoint, which has none
 * @param budget the retry budget, shared by all endpoints of the upstream
 * @param restLeft the time that is left of its {@code Retry-After}; zero if there is none
 * @param answeredAgo the time since its last answer without a fault, if there was one
 */
public record EndpointStatus(
        String upstream,
        String endpoint,
        Circuit circuit,
        Optional<Limit> limit,
        Budget budget,
        Duration restLeft,
        Optional<Duration> answeredAgo) {

    /** The state of a circuit. */
    public enum Circuit {
        /** Calls go to the endpoint. */
        CLOSED,
        /** The endpoint failed and gets no calls; after a while the next call is the probe. */
        OPEN,
        /** One call, the probe, finds out whether the endpoint answers again. */
        HALF_OPEN;

        /** As in {@code half-open}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * The concurrency limit of a fallback endpoint.
     *
     * @param inFlight the calls that the endpoint has now
     * @param allowed the calls that it may have; below one, the probability that a call is admitted while it has none
     */
    public record Limit(int inFlight, double allowed) {
        /** As in {@code 2 in flight, 2.50 allowed}. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d in flight, %.2f allowed", inFlight, allowed);
        }
    }

    /**
     * The retry budget of an upstream.
     *
     * @param tokens the tokens that are left; a retry takes 14, or 5 after a 429
     * @param capacity the most tokens that there can be
     */
    public record Budget(int tokens, int capacity) {
        /** As in {@code 6/490 tokens}. */
        @Override
        public String toString() {
            return tokens + "/" + capacity + " tokens";
        }
    }

    @Override
    public String toString() {
        return upstream + "/" + endpoint + " " + circuit
                + limit.map(now -> ", " + now).orElse("") + ", " + budget
                + (restLeft.isZero() ? "" : ", at rest for another " + restLeft.toMillis() + "ms")
                + answeredAgo
                        .map(ago -> ", answered " + ago.toMillis() + "ms ago")
                        .orElse(", never answered well");
    }
}
