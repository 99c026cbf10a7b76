package byroad;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * One attempt in the report of a call: a request that was sent, or that was to be sent.
 *
 * @param endpoint the name of the endpoint
 * @param through the path to it, as in {@code through cloudflare} or {@code direct}
 * @param startedAfter the time from the start of the call to its start
 * @param took the time until its response headers or its failure
 * @param outcome its outcome, as in {@code 200} or {@code SocketTimeoutException}; {@code under way} until it has ended
 * @param fault the fault, if it failed
 * @param address the source of its addresses, if a name was looked up for it
 */
public record AttemptReport(
        String endpoint,
        String through,
        Duration startedAfter,
        Duration took,
        String outcome,
        Optional<Fault> fault,
        Optional<Provenance> address) {

    /** The layer of its fault in lower case, or {@code none}: a metric tag with few values. */
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
