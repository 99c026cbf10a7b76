package byroad.dns;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.ResolverStatus;
import byroad.ResolverStatus.State;
import byroad.UserCode;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One resolver of a running chain: what of its answers is taken, and whether it keeps its place in the order. It loses it when one that was asked later
 * gave a usable answer before it did, and gets it back when a question asked aside, after 5 s doubling to 60 s, is
 * answered. Thus a dead resolver costs the stagger once, and a slow loser costs nobody anything.
 */
final class Link {
    private final Resolver resolver;
    private final String name;
    private final FailureDomain domain;
    private final boolean isLocal;
    private final Optional<AddressFilter> filter;
    private final ClientRuntime runtime;

    // Guarded by this.
    private final Recheck recheck = new Recheck();
    private boolean probing;
    private boolean told;

    /** Starts the resolver; with a filter for what it says if it is outside the network. */
    Link(Resolver resolver, Optional<AddressFilter> filter, ClientRuntime runtime) {
        this.runtime = runtime;
        this.name = UserCode.call(runtime, "the name of a resolver", () -> given(resolver.name()), "unnamed");
        this.domain = UserCode.call(runtime, what(), () -> given(resolver.domain()), FailureDomain.of("unknown"));
        this.isLocal = UserCode.call(runtime, what(), resolver::isLocal, false);
        this.filter = isLocal ? Optional.empty() : filter;
        this.resolver = UserCode.call(runtime, what(), () -> given(resolver.on(runtime)), resolver);
    }

    private static <T> T given(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    private String what() {
        return "the resolver " + name;
    }

    String name() {
        return name;
    }

    FailureDomain domain() {
        return domain;
    }

    boolean isLocal() {
        return isLocal;
    }

    /** Asks; a future of an answer, whatever the resolver throws. Cancelling it means that nobody waits any more. */
    CompletableFuture<Answer> ask(Question question) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            CompletableFuture<Answer> resolving = resolver.resolve(question);
            answer.whenComplete((found, cancelled) -> {
                if (answer.isCancelled()) {
                    UserCode.run(runtime, what(), () -> resolving.cancel(false));
                }
            });
            resolving.whenComplete((found, failure) -> {
                if (!answer.isDone()) {
                    answer.complete(found == null ? failed(failure) : admitted(question.host(), found));
                }
            });
        } catch (Throwable thrown) {
            answer.complete(broken(thrown));
        }
        return answer;
    }

    /** To fail with an exception is not what a resolver promised, but it is an answer; an error is a mistake. */
    private Answer failed(@Nullable Throwable failure) {
        if (failure == null) {
            return new Answer.Failed("no answer");
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof Error ? broken(cause) : new Answer.Failed(UserCode.textOf(cause));
    }

    private Answer broken(Throwable thrown) {
        UserCode.failed(runtime, what(), thrown);
        return new Answer.Failed(UserCode.textOf(thrown));
    }

    /**
     * What is taken of such an answer of this resolver: 0.0.0.0 and :: are how a policy says no, whoever brings them, and a
     * reason is kept as a report may show it.
     */
    Answer admitted(String host, Answer answer) {
        if (answer instanceof Answer.Failed failed) {
            return new Answer.Failed(Fault.quoted(failed.reason()));
        } else if (answer instanceof Answer.Blocked blocked) {
            return new Answer.Blocked(Fault.quoted(blocked.reason()));
        } else if (answer instanceof Answer.Addresses found
                && found.addresses().stream().anyMatch(InetAddress::isAnyLocalAddress)) {
            return new Answer.Blocked("an address given is 0.0.0.0 or ::");
        }
        return filter.isPresent() ? filter.get().admit(host, answer) : answer;
    }

    void close() {
        UserCode.run(runtime, what(), resolver::close);
    }

    /** Whether it is asked in its turn, and not after the others. */
    synchronized boolean isInPlace() {
        return !recheck.isWaiting();
    }

    ResolverStatus status() {
        State state = isInPlace() ? State.IN_PLACE : State.FAILING;
        return new ResolverStatus(name, domain, state);
    }

    /** Whether it is to be asked aside now; only one who asks is told so. */
    synchronized boolean mayProbe() {
        boolean due =
                !probing && recheck.isWaiting() && recheck.isDue(runtime.time().nanoTime());
        probing |= due;
        return due;
    }

    /** It gave a usable answer. */
    void answered() {
        boolean news;
        synchronized (this) {
            news = told;
            told = false;
            probing = false;
            recheck.startOver();
        }
        if (news) {
            runtime.emit(new Event.ResolverRecovered(name));
        }
    }

    /** One that was asked later was of more use, or a probe was in vain; only the second is worth telling. */
    void wasOfNoUse(String because) {
        if (resolver instanceof FixedResolver) {
            return; // it has nothing to say of most names, and that is no sign of anything
        }
        boolean news;
        synchronized (this) {
            news = recheck.isWaiting() && !told;
            told |= news;
            probing = false;
            recheck.fruitless(runtime.time().nanoTime(), runtime.random());
        }
        if (news) {
            runtime.emit(new Event.ResolverFailing(name, because));
        }
    }

    @Override
    public String toString() {
        return name + (isInPlace() ? "" : " (failing)");
    }
}
