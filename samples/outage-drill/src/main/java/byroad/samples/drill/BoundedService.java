package byroad.samples.drill;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a server with bounded capacity does with the requests of one moment: it works on one after the other, refuses when
 * too many wait, and does not know whose caller has given up. Each client has such a server to itself, for the clients
 * are compared, and one must not starve the others.
 */
final class BoundedService {
    /** Requests a second; two in five of the calls of a client at the default rate. */
    static final int CAPACITY = 16;
    /** How long a request may have to wait before the next one is refused; longer than anybody waits for an answer. */
    static final Duration LONGEST_QUEUE = Duration.ofMillis(1_500);

    private static final Duration WORK = Duration.ofSeconds(1).dividedBy(CAPACITY);
    // A refusal is work too: a tenth, as in the simulation of fleets behind the concurrency limit.
    private static final Duration WORK_OF_REFUSAL = WORK.dividedBy(10);

    // Guarded by this.
    private final Map<String, Long> busyUntilNanos = new HashMap<>();

    /**
     * Takes a request, or refuses it.
     *
     * @param nanoTime now, on the clock of {@link System#nanoTime}
     */
    synchronized Service take(String client, long nanoTime) {
        long until = busyUntilNanos.getOrDefault(client, nanoTime);
        long idleFrom = until - nanoTime > 0 ? until : nanoTime;
        boolean isRefused = idleFrom - nanoTime > LONGEST_QUEUE.toNanos();
        long done = idleFrom + (isRefused ? WORK_OF_REFUSAL : WORK).toNanos();
        busyUntilNanos.put(client, done);
        return isRefused
                ? new Service(ServerMode.UNAVAILABLE, PartyHandler.EDGE_ERROR_TIME)
                : new Service(ServerMode.WELL, Duration.ofNanos(done - nanoTime));
    }

    /** How a request is answered, and when. */
    record Service(ServerMode like, Duration after) {}
}
