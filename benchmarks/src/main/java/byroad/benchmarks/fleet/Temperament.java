package byroad.benchmarks.fleet;

import static java.lang.Double.POSITIVE_INFINITY;

/**
 * What an origin does when it is asked for more than it can do. Source of the three: the simulation of 2026-11-23 that
 * the concurrency limit was chosen by.
 *
 * @param shedsAt answers 503 once that many seconds of work are queued
 * @param shedCost what such a 503 costs, as a share of a request
 * @param fullAt refuses connections once that many seconds of work are queued
 * @param crashesAt dies once that many seconds of work are queued
 * @param deadFor seconds until it is back
 */
record Temperament(double shedsAt, double shedCost, double fullAt, double crashesAt, double deadFor) {
    /** Sheds early. */
    static final Temperament NICE = new Temperament(0.3, 0.1, POSITIVE_INFINITY, POSITIVE_INFINITY, 0);
    /** Queues far beyond what callers wait for, and works for those who have gone. */
    static final Temperament HOSTILE = new Temperament(POSITIVE_INFINITY, 0, 10, POSITIVE_INFINITY, 0);
    /** Queues, and dies of it. */
    static final Temperament CRASHING = new Temperament(POSITIVE_INFINITY, 0, POSITIVE_INFINITY, 5, 30);
}
