package byroad.benchmarks.fleet;

import java.util.Random;

/**
 * How long an answer takes where nothing queues: lognormal.
 *
 * @param median seconds
 * @param sigma of the logarithm
 * @param roundTrip seconds until a endpoint that does no work says no
 */
record Latency(double median, double sigma, double roundTrip) {
    double sample(Random random) {
        return median * Math.exp(sigma * random.nextGaussian());
    }
}
