package byroad.dns;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import java.util.concurrent.CompletableFuture;

/**
 * A DNS resolver, or another source of addresses for a host name.
 *
 * <p>Implementations must be safe for use by any thread, must not block the caller, and must complete every future. A
 * failure is an {@link Answer.Failed} with its reason, not an exception; an exception counts as a failed look-up and
 * causes an event. Cancelling the future means that the answer is not needed any more.
 */
public interface Resolver extends AutoCloseable {
    /** Its name in reports and configuration, such as {@code quad9}. */
    String name();

    /** The failure domain it depends on; two resolvers of one operator have the same one. */
    FailureDomain domain();

    /**
     * Whether its questions stay within the network or the machine: only such a resolver is asked for local names.
     * Defaults to whether its name is {@code system}.
     */
    default boolean isLocal() {
        return name().equals("system");
    }

    /** Asks for the addresses of both families. */
    CompletableFuture<Answer> resolve(Question question);

    /**
     * Starts this resolver with the runtime of a client. Called once, when a {@link LastGood} is built, so that a
     * resolver can be declared before there is a client. Does nothing by default.
     */
    default Resolver on(ClientRuntime runtime) {
        return this;
    }

    /**
     * The device is on another network: connections to the one before are closed, and the next question makes a new
     * one. Does nothing by default.
     */
    default void onNetworkChanged() {}

    /** Closes sockets and ends threads. Does nothing by default. */
    @Override
    default void close() {}
}
