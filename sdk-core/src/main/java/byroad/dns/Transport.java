package byroad.dns;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One way of carrying DNS messages to one server and back; {@link Resolvers#over} makes a {@link Resolver} of it.
 *
 * <p>Implementations must be safe for use by any thread and must not block the caller. They open nothing before the first
 * message.
 */
public interface Transport extends AutoCloseable {
    /**
     * Sends the messages of one lookup and brings the response to each, in their order; its id may differ. What goes wrong
     * is an {@link IOException} in the future whose message is a short reason. Cancelling a future means that nobody waits
     * for that response any more.
     *
     * @param queries messages with one question each
     * @param within after how long the futures are cancelled, at the latest
     */
    List<CompletableFuture<byte[]>> exchange(List<byte[]> queries, Duration within);

    /** Lets go of sockets, and fails what is under way. */
    @Override
    void close();
}
