package byroad;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The health of one endpoint at one moment, as a client sees it.
 *
 * @param upstream the name of the upstream
 * @param endpoint the name of the endpoint
 * @param circuit whether it is taken to answer
 * @param limit its concurrency limit as a fallback endpoint; empty for the preferred endpoint, which has none
 * @param budget what is left for repeats, shared by all endpoints of the upstream
 * @param restLeft how much longer it asked to be left alone; zero if it did not
 * @param answeredAgo how long ago it last answered without a fault, if it ever did
 */
public record EndpointStatus(
        String upstream,
        String endpoint,
        Circuit circuit,
        Optional<Limit> limit,
        Budget budget,
        Duration restLeft,
        Optional<Duration> answeredAgo) {

    /** Whether an endpoint is taken to answer. */
    public enum Circuit {
        /** It answers. */
        CLOSED,
        /** It failed and is left alone; when its time is over, the next call is the probe. */
        OPEN,
        /** One call finds out whether it answers again. */
        HALF_OPEN;

        /** As in {@code half-open}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What a fallback endpoint is trusted with.
     *
     * @param inFlight calls that it has now
     * @param allowed calls that it may have; below one, the chance of a call while it has none
     */
    public record Limit(int inFlight, double allowed) {
        /** As in {@code 2 in flight, 2.50 allowed}. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d in flight, %.2f allowed", inFlight, allowed);
        }
    }

    /**
     * What is left for repeats.
     *
     * @param tokens how many there are; a retry takes 14, after a 429 it takes 5
     * @param capacity how many there can be
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
                        .orElse(", never answered");
    }
}
