package byroad.okhttp;

import java.time.Duration;

/** For what other threads, such as a server's, get to know a little later. */
final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Eventually() {}

    /** Tries again until it holds, or throws what it threw last. */
    static void holds(Runnable assertion) {
        long started = System.nanoTime();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError notYet) {
                if (TestServers.took(started).compareTo(PATIENCE) > 0) {
                    throw notYet;
                }
                Thread.onSpinWait();
            }
        }
    }
}
