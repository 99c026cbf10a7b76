package byroad.benchmarks.jmh;

/**
 * How long something is measured.
 *
 * @param rounds JVMs for each client
 * @param warmUps iterations before those that count
 * @param iterations in each JVM that count
 * @param iterationMillis length of an iteration
 */
public record Length(int rounds, int warmUps, int iterations, int iterationMillis) {}
