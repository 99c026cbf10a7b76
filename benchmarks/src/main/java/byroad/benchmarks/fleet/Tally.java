package byroad.benchmarks.fleet;

import byroad.Event;

/** What happened, second by second. */
final class Tally {
    final int seconds;
    final long[] calls;
    final long[] good;
    final long[] byEdge;
    final long[] edgeAsked;
    final long[] directAsked;
    final long[] directGood;
    final double[] capacity;
    final double[] wait;
    final boolean[] dead;
    int crashes;
    /** How often a circuit of the edge opened in the outage. */
    int opened;

    final Histogram took = new Histogram();

    private final VirtualTime time;
    private final double from;
    private final double until;

    Tally(Scenario scenario, VirtualTime time) {
        this.time = time;
        this.seconds = scenario.end();
        this.from = scenario.warm();
        this.until = scenario.warm() + scenario.outage();
        calls = new long[seconds];
        good = new long[seconds];
        byEdge = new long[seconds];
        edgeAsked = new long[seconds];
        directAsked = new long[seconds];
        directGood = new long[seconds];
        capacity = new double[seconds];
        wait = new double[seconds];
        dead = new boolean[seconds];
    }

    /** A call that starts now. */
    Call call() {
        int second = (int) time.seconds();
        if (second < seconds) {
            calls[second]++;
        }
        return new Call(time.seconds());
    }

    /** What an engine told. */
    void heard(Event event) {
        boolean now = time.seconds() >= from && time.seconds() < until;
        if (now
                && event instanceof Event.EndpointFailing failing
                && failing.endpoint().equals(Trial.EDGE)) {
            opened++;
        }
    }

    /** Looks at the endpoints once a second. */
    void watch(World world) {
        time.in(1, new Look(world, 0, 0, 0, 0));
    }

    private record Look(World world, int second, long edge, long direct, long good) implements Runnable {
        @Override
        public void run() {
            Tally tally = world.tally;
            long directNow = 0;
            long goodNow = 0;
            tally.crashes = 0;
            for (Origin origin : world.origins) {
                directNow += origin.count.asked;
                goodNow += origin.count.good;
                tally.crashes += origin.count.crashes;
                tally.capacity[second] += origin.capacity();
                tally.wait[second] = Math.max(tally.wait[second], origin.queued());
                tally.dead[second] |= origin.isDead();
            }
            tally.edgeAsked[second] = world.edge.asked - edge;
            tally.directAsked[second] = directNow - direct;
            tally.directGood[second] = goodNow - good;
            if (second + 1 < tally.seconds) {
                world.time.in(1, new Look(world, second + 1, world.edge.asked, directNow, goodNow));
            }
        }
    }

    /** One call. */
    final class Call {
        private final double started;
        private Answer last = Answer.SILENCE;

        private Call(double started) {
            this.started = started;
        }

        void met(Answer answer) {
            last = answer;
        }

        Answer last() {
            return last;
        }

        void ended(boolean wasGood, boolean wasByEdge) {
            int second = (int) started;
            if (!wasGood || second >= seconds) {
                return;
            }
            good[second]++;
            byEdge[second] += wasByEdge ? 1 : 0;
            if (started >= from && started < until) {
                took.add(time.seconds() - started);
            }
        }
    }

    static long sum(long[] of, int from, int until) {
        long sum = 0;
        for (int i = from; i < until; i++) {
            sum += of[i];
        }
        return sum;
    }

    /** Durations by tenths of a doubling, from a millisecond. */
    static final class Histogram {
        private final long[] counts = new long[200];
        private long all;

        void add(double seconds) {
            int at = (int) (10 * Math.log(Math.max(1, seconds * 1000)) / Math.log(2));
            counts[Math.min(counts.length - 1, at)]++;
            all++;
        }

        /** Seconds. */
        double quantile(double share) {
            long left = (long) (share * all);
            for (int i = 0; i < counts.length; i++) {
                left -= counts[i];
                if (left < 0) {
                    return Math.pow(2, (i + 0.5) / 10) / 1000;
                }
            }
            return 0;
        }
    }
}
