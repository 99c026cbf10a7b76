package byroad;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What the report of a call tells of one attempt: a request that was sent, or that should have been.
 *
 * @param endpoint the name of the endpoint
 * @param through how it goes there, as in {@code through cloudflare} or {@code direct}
 * @param startedAfter how long after the start of the call
 * @param took how long until its response headers or its failure
 * @param outcome what came of it, as in {@code 200} or {@code SocketTimeoutException}; {@code under way} before that
 * @param fault whose fault it was, where it failed
 * @param address where the addresses came from, where a name was looked up for it
 */
public record AttemptReport(
        String endpoint,
        String through,
        Duration startedAfter,
        Duration took,
        String outcome,
        Optional<Fault> fault,
        Optional<Provenance> address) {

    /** The layer of its fault in lower case, or {@code none}: a tag of few values for metrics. */
    public String faultName() {
        return fault.map(found -> found.layer().name().toLowerCase(Locale.ROOT)).orElse("none");
    }

    @Override
    public String toString() {
        return "+" + startedAfter.toMillis() + "ms " + endpoint + " " + through + " " + outcome + " after "
                + took.toMillis()
                + "ms" + fault.map(found -> ": " + found).orElse("")
                + address.filter(Provenance::isInDoubt)
                        .map(from -> " [address " + from + "]")
                        .orElse("");
    }
}
