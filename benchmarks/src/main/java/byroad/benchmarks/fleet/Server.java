package byroad.benchmarks.fleet;

import java.util.function.Consumer;

/** Where requests are sent. */
interface Server {
    /**
     * Makes a connection.
     *
     * @param limit as for {@link #send}
     * @param back told {@link Answer#GOOD} once there is one, at once where that costs nothing
     */
    default void connect(double limit, Consumer<Answer> back) {
        back.accept(Answer.GOOD);
    }

    /**
     * Sends one request.
     *
     * @param limit the longest silence in seconds; then {@link Answer#SILENCE}
     * @param back told exactly once, never before this returns
     */
    void send(double limit, Consumer<Answer> back);
}
