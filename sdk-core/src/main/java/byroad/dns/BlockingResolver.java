package byroad.dns;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import byroad.UserCode;
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
 * A resolver that calls a blocking lookup of the user, in a {@link Bulkhead} on {@link ClientRuntime#blocking}. A
 * lookup that has begun always ends with an answer, even if it is late.
 */
final class BlockingResolver implements Resolver {
    // A blocking lookup tells neither TTL nor the kind of a negative; the JDK's own positive cache is 30 s.
    static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration NEGATIVE_TTL = Duration.ofSeconds(5);

    private final String name;
    private final FailureDomain domain;
    private final HostLookup lookup;
    private final @Nullable Running running; // null until it is started

    BlockingResolver(String name, FailureDomain domain, HostLookup lookup) {
        this(name, domain, lookup, null);
    }

    private BlockingResolver(String name, FailureDomain domain, HostLookup lookup, @Nullable Running running) {
        this.name = name;
        this.domain = domain;
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

    @Override
    public Resolver on(ClientRuntime runtime) {
        return new BlockingResolver(name, domain, lookup, new Running(new Bulkhead(runtime.blocking()), runtime));
    }

    @Override
    public CompletableFuture<Answer> resolve(Question question) {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException(name + ": not started (expected: on(runtime) first)");
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        FutureTask<?> task = new FutureTask<>(() -> answer.complete(answer(question.host(), now.runtime)));
        answer.whenComplete((done, cancelled) -> task.cancel(false)); // not needed any more, or over
        try {
            now.bulkhead.execute(task);
        } catch (RejectedExecutionException full) {
            answer.complete(new Answer.Failed("no free thread for the look-up"));
        }
        return answer;
    }

    private Answer answer(String host, ClientRuntime runtime) {
        Answer broken = new Answer.Failed("its look-up threw an error");
        return UserCode.call(runtime, "the look-up of the resolver " + name, () -> answer(host), broken);
    }

    private Answer answer(String host) {
        try {
            List<InetAddress> addresses = lookup.addressesOf(host);
            return addresses.isEmpty() ? new Answer.Empty(NEGATIVE_TTL) : new Answer.Addresses(addresses, TTL);
        } catch (UnknownHostException unknown) {
            return new Answer.NoSuchName(NEGATIVE_TTL);
        } catch (IOException | RuntimeException broken) {
            return new Answer.Failed(UserCode.textOf(broken));
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private record Running(Executor bulkhead, ClientRuntime runtime) {}
}
