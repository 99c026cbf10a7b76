package byroad.dns;

import byroad.Event;
import byroad.ResolverStatus;
import byroad.ResolverStatus.State;
import byroad.Seams;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One resolver of a running chain: what of its answers is taken, and whether it keeps its place in the order. It loses it when one that was asked later
 * gave a usable answer before it did, and gets it back when a question asked aside, after 5 s doubling to 60 s, is
 * answered. Thus a dead resolver costs the stagger once, and a slow loser costs nobody anything.
 */
final class Link {
    private final Resolver resolver;
    private final Optional<AddressFilter> filter;
    private final Seams seams;

    // Guarded by this.
    private final Recheck recheck = new Recheck();
    private boolean probing;
    private boolean told;

    /** With a filter for what a resolver outside the network says. */
    Link(Resolver resolver, Optional<AddressFilter> filter, Seams seams) {
        this.resolver = resolver;
        this.filter = resolver.isLocal() ? Optional.empty() : filter;
        this.seams = seams;
    }

    Resolver resolver() {
        return resolver;
    }

    String name() {
        return resolver.name();
    }

    /** Asks; a future of an answer, whatever the resolver throws. Cancelling it means that nobody waits any more. */
    CompletableFuture<Answer> ask(Question question) {
        CompletableFuture<Answer> resolving;
        try {
            resolving = resolver.resolve(question);
        } catch (RuntimeException broken) {
            return CompletableFuture.completedFuture(failed(broken));
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        resolving.whenComplete((found, failure) ->
                answer.complete(found == null ? failed(failure) : admitted(question.host(), found)));
        answer.whenComplete((found, cancelled) -> {
            if (answer.isCancelled()) {
                resolving.cancel(false);
            }
        });
        return answer;
    }

    private static Answer failed(@Nullable Throwable failure) {
        return new Answer.Failed(failure == null ? "no answer" : failure.toString());
    }

    /** What is taken of such an answer of this resolver: 0.0.0.0 and :: are how a policy says no, whoever brings them. */
    Answer admitted(String host, Answer answer) {
        if (answer instanceof Answer.Addresses found
                && found.addresses().stream().anyMatch(InetAddress::isAnyLocalAddress)) {
            return new Answer.Blocked("an address given is 0.0.0.0 or ::");
        }
        return filter.isPresent() ? filter.get().admit(host, answer) : answer;
    }

    /** Whether it is asked in its turn, and not after the others. */
    synchronized boolean isInPlace() {
        return !recheck.isWaiting();
    }

    ResolverStatus status() {
        State state = isInPlace() ? State.IN_PLACE : State.FAILING;
        return new ResolverStatus(resolver.name(), resolver.domain(), state);
    }

    /** Whether it is to be asked aside now; only one who asks is told so. */
    synchronized boolean mayProbe() {
        boolean due =
                !probing && recheck.isWaiting() && recheck.isDue(seams.time().nanoTime());
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
            seams.emit(new Event.ResolverRecovered(resolver.name()));
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
            recheck.fruitless(seams.time().nanoTime(), seams.random());
        }
        if (news) {
            seams.emit(new Event.ResolverFailing(resolver.name(), because));
        }
    }

    @Override
    public String toString() {
        return resolver.name() + (isInPlace() ? "" : " (failing)");
    }
}
