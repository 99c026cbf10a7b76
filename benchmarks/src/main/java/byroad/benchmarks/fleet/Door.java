package byroad.benchmarks.fleet;

import java.util.function.Consumer;

/** Where requests are sent. */
interface Door {
    /**
     * Sends one request.
     *
     * @param limit the longest silence in seconds; then {@link Answer#SILENCE}
     * @param back told exactly once, never before this returns
     */
    void send(double limit, Consumer<Answer> back);
}
