package byroad.benchmarks.days;

import java.util.Map;

/**
 * What one client got on one day.
 *
 * @param calls how many it made
 * @param answered how many were answered with a 2xx and its whole body
 * @param requests how many went out on the wire
 * @param connections sockets that were connected
 * @param millis how long all of it took
 * @param failures what came of the others, with how many there were
 */
record Played(int calls, int answered, int requests, int connections, double millis, Map<String, Integer> failures) {}
