package byroad;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How the calls of one upstream moved away from a domain that failed, and back. Shares are those of the last hundred calls
 * since the circuit of the preferred endpoint opened, or of all since then where there were fewer, but at least twenty.
 *
 * @param upstream the name of the upstream
 * @param domain whose failure it was, as in {@code cloudflare}
 * @param since when the unbroken row of failures began with which the circuit of the preferred endpoint opened
 * @param to50 from then until half of the calls were answered elsewhere, if it came to that
 * @param to90 from then until 90 % were
 * @param to99 from then until 99 % were
 * @param back from when the preferred endpoint answered again until 99 % of the calls were answered there
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
