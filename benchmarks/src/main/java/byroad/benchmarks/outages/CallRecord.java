package byroad.benchmarks.outages;

import byroad.benchmarks.outages.Contestant.Answer;

/**
 * How one call went.
 *
 * @param number which call it was
 * @param due when it was to start, in nanoseconds from the start of the run
 * @param lag how much later it started
 * @param took from when it was due to its end, in nanoseconds
 * @param answer what came of it
 */
record CallRecord(int number, long due, long lag, long took, Answer answer) {
    boolean inTime() {
        return answer.ok() && took <= Limits.DEADLINE.toNanos();
    }

    long end() {
        return due + took;
    }

    double millis() {
        return took / 1e6;
    }
}
