package byroad.benchmarks.fleet;

import java.util.Locale;

/**
 * What one trial comes to.
 *
 * @param answered percent of the calls that began in the outage
 * @param collapsed seconds in which an origin worked and less than half of it was of use to anybody
 * @param crashes of origins
 * @param edgePerCall requests to the edge for each call of the outage
 * @param directPerCall requests to direct origins for each call of the outage
 * @param peak the busiest second of the direct origins, in multiples of their capacity
 * @param afterwards percent answered in the first minute after the outage
 * @param back seconds after the outage until the edge answers 99 % again, or -1 for never
 * @param median of successful calls of the outage, in seconds
 * @param slowest one in a hundred of them took longer
 */
record Figures(
        double answered,
        int collapsed,
        int crashes,
        double edgePerCall,
        double directPerCall,
        double peak,
        double afterwards,
        int back,
        double median,
        double slowest) {

    static Figures of(Tally tally, Scenario scenario) {
        int from = scenario.warm();
        int until = from + scenario.outage();
        double calls = Math.max(1, Tally.sum(tally.calls, from, until));
        double after = Math.max(1, Tally.sum(tally.calls, until, tally.seconds));
        return new Figures(
                100 * Tally.sum(tally.good, from, until) / calls,
                collapsed(tally, from, until),
                tally.crashes,
                Tally.sum(tally.edgeAsked, from, until) / calls,
                Tally.sum(tally.directAsked, from, until) / calls,
                peak(tally, from, until),
                100 * Tally.sum(tally.good, until, tally.seconds) / after,
                back(tally, until),
                tally.took.quantile(0.5),
                tally.took.quantile(0.99));
    }

    /** A second of collapse: there is work at its end, and what was answered in time is less than half the capacity. */
    private static int collapsed(Tally tally, int from, int until) {
        int seconds = 0;
        for (int i = from; i < until; i++) {
            seconds += isCollapsed(tally, i) ? 1 : 0;
        }
        return seconds;
    }

    static boolean isCollapsed(Tally tally, int second) {
        boolean wanted = tally.directAsked[second] >= tally.capacity[second] || tally.wait[second] > 1;
        return wanted && !tally.dead[second] && tally.directGood[second] < tally.capacity[second] / 2;
    }

    private static double peak(Tally tally, int from, int until) {
        double peak = 0;
        for (int i = from; i < until; i++) {
            peak = Math.max(peak, tally.directAsked[i] / tally.capacity[i]);
        }
        return peak;
    }

    private static int back(Tally tally, int until) {
        for (int i = until; i < tally.seconds; i++) {
            if (tally.byEdge[i] >= 0.99 * tally.calls[i]) {
                return i - until;
            }
        }
        return -1;
    }

    /**
     * Seconds until that share of what the oracle answers is answered for the first time.
     *
     * @return -1 for never
     */
    static int shifted(Tally tally, double oraclePercent, double share, Scenario scenario) {
        int until = scenario.warm() + scenario.outage();
        for (int i = scenario.warm(); i < until; i++) {
            if (tally.calls[i] > 0 && tally.good[i] >= share * oraclePercent / 100 * tally.calls[i]) {
                return i - scenario.warm();
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%5.1f%% [%d s, %d crashes] edge %.2f direct %.2f peak %.2fC after %.1f%% back %ds p50 %.2fs p99 %.2fs",
                answered,
                collapsed,
                crashes,
                edgePerCall,
                directPerCall,
                peak,
                afterwards,
                back,
                median,
                slowest);
    }
}
