package byroad.benchmarks.outages;

import java.time.Duration;

/** What all contestants are held to. */
final class Limits {
    /** What every call has to be answered within, from when it was due. */
    static final Duration DEADLINE = Duration.ofSeconds(2);
    /** The longest silence within one attempt: while connecting, and before the answer. */
    static final Duration ATTEMPT = Duration.ofMillis(600);

    private Limits() {}
}
