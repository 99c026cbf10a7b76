package byroad.benchmarks.outages;

/**
 * How long everything lasts.
 *
 * @param runs of each cell that count
 * @param spareRuns of each cell, in place of those in which the machine stood still for too long
 * @param beforeSeconds in good health, first
 * @param outageSeconds of outage; where everything is down, twice that
 * @param afterSeconds in good health, at the end
 */
record Effort(int runs, int spareRuns, int beforeSeconds, int outageSeconds, int afterSeconds) {
    static final Effort QUICK = new Effort(2, 1, 3, 5, 3);
    static final Effort FULL = new Effort(5, 3, 5, 5, 5);
    static final Effort WARM_UP = new Effort(1, 0, 4, 2, 2);

    Effort runs(int other) {
        return new Effort(other, Math.max(1, other / 2), beforeSeconds, outageSeconds, afterSeconds);
    }
}
