package byroad.benchmarks.fleet;

import java.util.Random;

/** Clients to compare with: the best that is possible, and the plainest failover. */
final class Peers {
    private static final double ORACLE_QUEUE = 0.1;
    private static final int FIXED_ATTEMPTS = 4;
    private static final double FIXED_BACKOFF = 0.05;

    private Peers() {}

    /** Sees the queue of every origin, and sends there what the edge failed only while less than 100 ms are queued. */
    record Oracle(World world, double limit) implements Client {
        @Override
        public void call(Tally.Call call) {
            world.edge.send(limit, answer -> {
                if (answer == Answer.GOOD) {
                    call.ended(true, true);
                } else {
                    elsewhere(0, call);
                }
            });
        }

        private void elsewhere(int from, Tally.Call call) {
            for (int i = from; i < world.origins.size(); i++) {
                Origin origin = world.origins.get(i);
                int next = i + 1;
                if (origin.queued() < ORACLE_QUEUE && !origin.isDead()) {
                    origin.send(limit, answer -> {
                        if (answer == Answer.GOOD) {
                            call.ended(true, false);
                        } else {
                            elsewhere(next, call);
                        }
                    });
                    return;
                }
            }
            call.ended(false, false);
        }
    }

    /** Sends what the edge failed to the first origin, up to four times with full jitter from 50 ms. */
    record Fixed(World world, double limit, Random random) implements Client {
        @Override
        public void call(Tally.Call call) {
            world.edge.send(limit, answer -> {
                if (answer == Answer.GOOD) {
                    call.ended(true, true);
                } else {
                    direct(1, call);
                }
            });
        }

        private void direct(int attempt, Tally.Call call) {
            world.origins.get(0).send(limit, answer -> {
                if (answer == Answer.GOOD || attempt == FIXED_ATTEMPTS) {
                    call.ended(answer == Answer.GOOD, false);
                } else {
                    double bound = FIXED_BACKOFF * (1 << (attempt - 1));
                    world.time.in(random.nextDouble() * bound, () -> direct(attempt + 1, call));
                }
            });
        }
    }
}
