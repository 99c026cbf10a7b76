package byroad.dns;

import byroad.FailureDomain;
import byroad.Seams;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A resolver that asks somebody else's blocking lookup, in a {@link Lane} on {@link Seams#blocking}. A lookup that has
 * begun always ends in an answer, however late.
 */
final class BlockingResolver implements Resolver {
    // A blocking lookup tells neither TTL nor the kind of a negative; the JDK's own positive cache is 30 s.
    static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration NEGATIVE_TTL = Duration.ofSeconds(5);

    private final String name;
    private final FailureDomain domain;
    private final HostLookup lookup;
    private final @Nullable Executor lane; // null until it is started

    BlockingResolver(String name, FailureDomain domain, HostLookup lookup) {
        this(name, domain, lookup, null);
    }

    private BlockingResolver(String name, FailureDomain domain, HostLookup lookup, @Nullable Executor lane) {
        this.name = name;
        this.domain = domain;
        this.lookup = lookup;
        this.lane = lane;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FailureDomain domain() {
        return domain;
    }

    /** Somebody's own lookup: a registry, a hosts file, the machine. */
    @Override
    public boolean isLocal() {
        return true;
    }

    @Override
    public Resolver on(Seams seams) {
        return new BlockingResolver(name, domain, lookup, new Lane(seams.blocking()));
    }

    @Override
    public CompletableFuture<Answer> resolve(Question question) {
        if (lane == null) {
            throw new IllegalStateException(name + ": not started (expected: on(seams) first)");
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        FutureTask<?> task = new FutureTask<>(() -> answer.complete(answer(question.host())));
        answer.whenComplete((done, cancelled) -> task.cancel(false)); // nobody waits, or it is over
        try {
            lane.execute(task);
        } catch (RejectedExecutionException full) {
            answer.complete(new Answer.Failed("no thread free to ask on"));
        }
        return answer;
    }

    private Answer answer(String host) {
        try {
            List<InetAddress> addresses = lookup.addressesOf(host);
            return addresses.isEmpty() ? new Answer.Empty(NEGATIVE_TTL) : new Answer.Addresses(addresses, TTL);
        } catch (UnknownHostException unknown) {
            return new Answer.NoSuchName(NEGATIVE_TTL);
        } catch (IOException | RuntimeException broken) {
            return new Answer.Failed(broken.toString());
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
