package byroad.benchmarks.outages;

/**
 * When what happens, in calls of each contestant from the start.
 *
 * @param rate calls a second
 * @param strike the first call of the outage
 * @param heal the first call after it
 * @param calls in all
 */
record Timetable(int rate, int strike, int heal, int calls) {
    static Timetable of(int rate, Effort effort, Cell cell) {
        int strike = rate * effort.beforeSeconds();
        int heal = strike + rate * effort.outageSeconds() * cell.length;
        return new Timetable(rate, strike, heal, heal + rate * effort.afterSeconds());
    }

    long periodNanos() {
        return 1_000_000_000L / rate;
    }
}
