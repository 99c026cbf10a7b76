package byroad.dns;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import java.util.concurrent.CompletableFuture;

/**
 * One way of turning a question into an answer.
 *
 * <p>Implementations must be safe for use by any thread, must not block the caller, and must complete every future:
 * what goes wrong is an {@link Answer.Failed} with its reason, not an exception. An exception that is thrown all the same is
 * a failed look-up and an event. Cancelling the future means that nobody waits any more.
 */
public interface Resolver extends AutoCloseable {
    /** What it is called in reports and configuration, such as {@code quad9}. */
    String name();

    /** Whom it depends on; two resolvers of one operator are one. */
    FailureDomain domain();

    /**
     * Whether what it is asked stays within the network or the machine: only such a resolver is asked for names that must not
     * leave. Defaults to whether it is called {@code system}.
     */
    default boolean isLocal() {
        return name().equals("system");
    }

    /** Asks for the addresses of both families. */
    CompletableFuture<Answer> resolve(Question question);

    /**
     * This resolver, running on what the parts of one client share. Called once, when a {@link LastGood} is built, so
     * that a resolver can be described before there is a client. Does nothing by default.
     */
    default Resolver on(ClientRuntime runtime) {
        return this;
    }

    /** Lets go of sockets and threads. Does nothing by default. */
    @Override
    default void close() {}
}
