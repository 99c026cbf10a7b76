package byroad.dns;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.ResolverStatus;
import byroad.ResolverStatus.State;
import byroad.UserCode;
import byroad.dns.BlockingResolver.Owner;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One resolver of a running chain: it filters the resolver's answers and decides whether the resolver is asked in its
 * configured order. A resolver is moved to the end when a resolver that was asked later gave a usable answer first. It
 * gets its place back when it answers a probe, which is sent after 5 s, doubling to 60 s. So a dead resolver delays
 * only one look-up, by the stagger.
 */
final class Link {
    /** Enough for every service; a store keeps no more either. */
    private static final int MOST_ADDRESSES = 64;

    private final Resolver resolver;
    private final String name;
    private final FailureDomain domain;
    private final boolean isLocal;
    private final Optional<AddressFilter> filter;
    private final ClientRuntime runtime;

    // Guarded by this.
    private final Recheck recheck = new Recheck();
    private boolean isProbed;
    private boolean told;

    /** Starts the resolver. The filter applies to its answers if it is outside the network. */
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

    /** Whether it is the client's own look-up, which is what the client would ask without us. */
    boolean isOwn() {
        return resolver instanceof BlockingResolver look && look.owner() != Owner.DECLARED;
    }

    /** Whether it is the client's own look-up and not the platform's: what it says is the client's policy. */
    boolean isPolicy() {
        return resolver instanceof BlockingResolver look && look.owner() == Owner.CLIENT;
    }

    /** The threads on which a blocking look-up runs; all other resolvers need none. */
    Executor threads() {
        return resolver instanceof BlockingResolver look ? look.threads() : Runnable::run;
    }

    CompletableFuture<Reply> ask(Question question) {
        return ask(question, threads());
    }

    /**
     * Asks the resolver, a blocking one on that executor. The future has an answer even if the resolver throws;
     * cancelling it means that the answer is not needed any more.
     */
    CompletableFuture<Reply> ask(Question question, Executor executor) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        try {
            CompletableFuture<Reply> resolving = resolver instanceof BlockingResolver look
                    ? look.look(question.asked(), executor)
                    : replyOf(resolver.resolve(question));
            reply.whenComplete((found, cancelled) -> {
                if (reply.isCancelled()) {
                    resolving.cancel(false);
                }
            });
            resolving.thenAccept(found -> {
                if (!reply.isDone()) {
                    reply.complete(new Reply(admitted(question.host(), found.answer()), found.thrown()));
                }
            });
        } catch (Throwable thrown) {
            reply.complete(new Reply(broken(thrown)));
        }
        return reply;
    }

    private CompletableFuture<Reply> replyOf(CompletableFuture<Answer> resolving) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        resolving.whenComplete((found, failure) -> {
            if (!reply.isDone()) {
                reply.complete(new Reply(found == null ? failed(failure) : found));
            }
        });
        reply.whenComplete((found, cancelled) -> {
            if (reply.isCancelled()) {
                UserCode.run(runtime, what(), () -> resolving.cancel(false));
            }
        });
        return reply;
    }

    /**
     * An exception in the future breaks the contract of a resolver, but counts as a failed answer; an {@link Error} is
     * also reported as a bug.
     */
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
     * Filters an answer of this resolver. An answer with 0.0.0.0 or :: is a policy block, from any resolver but
     * the client's own policy; reasons are kept as a report may show them.
     */
    Answer admitted(String host, Answer answer) {
        if (answer instanceof Answer.Failed failed) {
            return new Answer.Failed(Fault.quoted(failed.reason()));
        } else if (answer instanceof Answer.Blocked blocked) {
            return new Answer.Blocked(Fault.quoted(blocked.reason()));
        } else if (answer instanceof Answer.Addresses found
                && !isPolicy()
                && found.addresses().stream().anyMatch(AddressFilter::isUnspecified)) {
            return new Answer.Blocked("an address given is 0.0.0.0 or ::");
        }
        Answer kept = answer instanceof Answer.Addresses found ? atMost(MOST_ADDRESSES, found) : answer;
        return filter.isPresent() ? filter.get().admit(host, kept) : kept;
    }

    /** No more addresses than that; if there are more, each family keeps a half or what the other one leaves. */
    private static Answer.Addresses atMost(int most, Answer.Addresses found) {
        if (found.addresses().size() <= most) {
            return found;
        }
        int fours = (int) found.addresses().stream()
                .filter(Inet4Address.class::isInstance)
                .count();
        int sixes = found.addresses().size() - fours;
        int foursLeft = Math.max(most / 2, most - sixes);
        int sixesLeft = most - Math.min(fours, foursLeft);
        List<InetAddress> kept = new ArrayList<>(most);
        for (InetAddress address : found.addresses()) {
            boolean isKept = address instanceof Inet4Address ? foursLeft-- > 0 : sixesLeft-- > 0;
            if (isKept) {
                kept.add(address);
            }
        }
        return new Answer.Addresses(kept, found.ttl());
    }

    /** The network changed. */
    void disconnect() {
        UserCode.run(runtime, what(), resolver::onNetworkChanged);
    }

    /** Asks it in its configured order again. */
    synchronized void forgive() {
        isProbed = false;
        recheck.startOver();
    }

    void close() {
        UserCode.run(runtime, what(), resolver::close);
    }

    /** Whether it is asked in its configured order, and not after the others. */
    synchronized boolean isInPlace() {
        return !recheck.isWaiting();
    }

    ResolverStatus status() {
        State state = isInPlace() ? State.IN_PLACE : State.FAILING;
        return new ResolverStatus(name, domain, state);
    }

    /** Whether to send it a probe now; only one of several callers gets true. */
    synchronized boolean mayProbe() {
        boolean due = !isProbed && recheck.isWaiting() && recheck.isDue(Moment.now(runtime.time()));
        isProbed |= due;
        return due;
    }

    /** It gave a usable answer. */
    void answered() {
        boolean news;
        synchronized (this) {
            news = told;
            told = false;
            isProbed = false;
            recheck.startOver();
        }
        if (news) {
            runtime.emit(new Event.ResolverRecovered(name));
        }
    }

    /**
     * A resolver that was asked later gave a usable answer first, or a probe failed; only the second emits an event.
     */
    void wasOfNoUse(String because) {
        if (resolver instanceof FixedResolver) {
            return; // it has no answer for most names, which is no failure
        }
        boolean news;
        synchronized (this) {
            news = recheck.isWaiting() && !told;
            told |= news;
            isProbed = false;
            recheck.fruitless(Moment.now(runtime.time()), runtime.random());
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
