package byroad.benchmarks.names;

/**
 * How long everything is measured.
 *
 * @param rounds JVMs for each client
 * @param warmUps iterations before those that count
 * @param iterations in each JVM that count
 * @param iterationMillis length of an iteration
 * @param repeats of what takes less than a second each
 * @param slowRepeats of what takes seconds each
 */
record Effort(int rounds, int warmUps, int iterations, int iterationMillis, int repeats, int slowRepeats) {
    static final Effort QUICK = new Effort(1, 2, 4, 250, 10, 1);
    static final Effort FULL = new Effort(3, 3, 5, 400, 20, 2);
}
