package byroad.benchmarks.names;

import byroad.benchmarks.jmh.Length;

/**
 * How long everything is measured.
 *
 * @param length of what JMH measures
 * @param repeats of what takes less than a second each
 * @param slowRetries of what takes seconds each
 */
record Effort(Length length, int repeats, int slowRetries) {
    static final Effort QUICK = new Effort(new Length(1, 2, 4, 250), 10, 1);
    static final Effort FULL = new Effort(new Length(3, 3, 5, 400), 20, 2);
}
