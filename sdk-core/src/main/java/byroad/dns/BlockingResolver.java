package byroad.dns;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import byroad.UserCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A resolver that calls a blocking look-up, on {@link LookupThreads} or on the thread of a caller that waits for it. A
 * look-up that has begun always ends with an answer, even if it is late.
 */
final class BlockingResolver implements Resolver {
    /** A blocking look-up tells no TTL; the JDK keeps its addresses for so long unless it is told otherwise. */
    static final Duration TTL = Duration.ofSeconds(30);

    private static final Duration NEGATIVE_TTL = Duration.ofSeconds(5);

    /** Whose look-up it is; this decides how an exception is read that is none of the platform's. */
    enum Owner {
        /** The platform's own {@code Dns}: it says so in its messages if a name does not exist. */
        PLATFORM,
        /** The client's own {@code Dns}: its exceptions are its policy, and its addresses are for one use. */
        CLIENT,
        /** A resolver that was declared: an unknown host is a negative answer. */
        DECLARED
    }

    private final String name;
    private final FailureDomain domain;
    private final Owner owner;
    private final HostLookup lookup;
    private final @Nullable Running running; // null until it is started

    BlockingResolver(String name, FailureDomain domain, Owner owner, HostLookup lookup) {
        this(name, domain, owner, lookup, null);
    }

    private BlockingResolver(
            String name, FailureDomain domain, Owner owner, HostLookup lookup, @Nullable Running running) {
        this.name = name;
        this.domain = domain;
        this.owner = owner;
        this.lookup = lookup;
        this.running = running;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FailureDomain domain() {
        return domain;
    }

    /** A lookup of the user may use a registry, a hosts file or the system, which are all local. */
    @Override
    public boolean isLocal() {
        return true;
    }

    Owner owner() {
        return owner;
    }

    @Override
    public Resolver on(ClientRuntime runtime) {
        return new BlockingResolver(name, domain, owner, lookup, new Running(new LookupThreads(runtime), runtime));
    }

    private Running started() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException(name + ": not started (expected: on(runtime) first)");
        }
        return now;
    }

    Executor threads() {
        return started().threads;
    }

    @Override
    public CompletableFuture<Answer> resolve(Question question) {
        CompletableFuture<Reply> reply = look(question.asked(), threads());
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        reply.thenAccept(heard -> answer.complete(heard.answer()));
        answer.whenComplete((done, cancelled) -> reply.cancel(false));
        return answer;
    }

    /** Looks the name up on that executor; cancelling the future means that the answer is not needed any more. */
    CompletableFuture<Reply> look(String host, Executor executor) {
        ClientRuntime runtime = started().runtime;
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        FutureTask<?> task = new FutureTask<>(() -> reply.complete(reply(host, runtime))) {
            @Override
            protected void done() { // also if no thread took it
                reply.complete(new Reply(new Answer.Failed("no free thread for the look-up")));
            }
        };
        reply.whenComplete((done, cancelled) -> task.cancel(false)); // not needed any more, or over
        executor.execute(task);
        return reply;
    }

    private Reply reply(String host, ClientRuntime runtime) {
        try {
            List<InetAddress> addresses = lookup.addressesOf(host);
            return new Reply(
                    addresses.isEmpty() ? new Answer.Empty(NEGATIVE_TTL) : new Answer.Addresses(addresses, ttl()));
        } catch (Throwable thrown) {
            if (owner == Owner.DECLARED && thrown instanceof Error) {
                UserCode.failed(runtime, "the look-up of the resolver " + name, thrown);
            }
            return new Reply(read(thrown), thrown);
        }
    }

    private Duration ttl() {
        return owner == Owner.CLIENT ? Duration.ZERO : owner == Owner.PLATFORM ? ofPlatform() : TTL;
    }

    /** No longer than the JDK itself: who shortens its time means the whole process. */
    private static Duration ofPlatform() {
        String chosen = Security.getProperty("networkaddress.cache.ttl");
        String seconds = chosen != null ? chosen : System.getProperty("sun.net.inetaddr.ttl", "");
        return seconds.matches("\\d|[12]\\d") ? Duration.ofSeconds(Integer.parseInt(seconds)) : TTL;
    }

    /**
     * The meaning of an exception. A message of the platform that is unknown here, such as one in another language or
     * the bare host name from the JDK's cache of failures, is a failure: it denies nothing.
     */
    private Answer read(Throwable thrown) {
        String text = UserCode.textOf(thrown);
        if (PlatformMessages.isFailure(thrown)) {
            return new Answer.Failed(text);
        }
        boolean isOfPlatform = owner == Owner.PLATFORM || PlatformMessages.isThrownByPlatform(thrown);
        if (isOfPlatform) {
            return PlatformMessages.isDenial(thrown) ? new Answer.NoSuchName(NEGATIVE_TTL) : new Answer.Failed(text);
        } else if (owner == Owner.CLIENT) {
            return new Answer.Blocked(text);
        }
        return thrown instanceof UnknownHostException ? new Answer.NoSuchName(NEGATIVE_TTL) : new Answer.Failed(text);
    }

    @Override
    public String toString() {
        return name;
    }

    private record Running(Executor threads, ClientRuntime runtime) {}
}
