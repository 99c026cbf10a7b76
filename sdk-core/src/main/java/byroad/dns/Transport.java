package byroad.dns;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Sends DNS messages to one server and receives the responses; {@link Resolvers#over} makes a {@link Resolver} of it.
 *
 * <p>Implementations must be safe for use by any thread and must not block the caller. They open nothing before the
 * first message.
 */
public interface Transport extends AutoCloseable {
    /**
     * Sends the queries of one look-up and returns a future of each response, in the order of the queries; the id of a
     * response may differ. A failure is an {@link IOException} in the future, with a short reason as its message.
     * Cancelling a future means that the response is not needed any more.
     *
     * @param queries messages with one question each
     * @param within the time after which the futures are cancelled, at the latest
     */
    List<CompletableFuture<byte[]>> exchange(List<byte[]> queries, Duration within);

    /** The device is on another network: closes the sockets, and opens new ones for the next queries. */
    default void onNetworkChanged() {}

    /** Closes the sockets and fails the queries that are under way. */
    @Override
    void close();
}
