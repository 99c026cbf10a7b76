package byroad.dns;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * One way of carrying DNS messages to one server and back; {@link Resolvers#over} makes a {@link Resolver} of it.
 *
 * <p>Implementations must be safe for use by any thread and must not block the caller. They open nothing before the first
 * message.
 */
public interface Transport extends AutoCloseable {
    /**
     * Sends that message and brings the response to it, whose id may differ. What goes wrong is an {@link IOException} in
     * the future whose message is a short reason. Cancelling the future means that nobody waits any more.
     *
     * @param query a message with one question
     * @param within after how long the future is cancelled, at the latest
     */
    CompletableFuture<byte[]> exchange(byte[] query, Duration within);

    /** Lets go of sockets, and fails what is under way. */
    @Override
    void close();
}
