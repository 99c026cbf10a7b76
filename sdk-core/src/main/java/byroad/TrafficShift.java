package byroad;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How the calls of one upstream moved away from a failed domain, and back. A share is measured over the last hundred
 * calls since the circuit of the preferred endpoint opened; if there were fewer, over all of them, but at least twenty.
 *
 * @param upstream the name of the upstream
 * @param domain the domain that failed, as in {@code cloudflare}
 * @param since the time of the first of the consecutive failures that opened the circuit of the preferred endpoint
 * @param to50 the time from then until half of the calls were answered by fallback endpoints, if they were
 * @param to90 the same for 90 %
 * @param to99 the same for 99 %
 * @param back the time from the first answer of the preferred endpoint until it answered 99 % of the calls
 */
public record TrafficShift(
        String upstream,
        FailureDomain domain,
        Instant since,
        Optional<Duration> to50,
        Optional<Duration> to90,
        Optional<Duration> to99,
        Optional<Duration> back) {

    @Override
    public String toString() {
        return upstream + " away from " + domain + " since " + since + ": 50 % " + after(to50) + ", 90 % " + after(to90)
                + ", 99 % " + after(to99) + ", back " + after(back);
    }

    private static String after(Optional<Duration> time) {
        return time.map(passed -> "after " + passed.toMillis() + "ms").orElse("not yet");
    }
}
