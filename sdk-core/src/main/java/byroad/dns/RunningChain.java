package byroad.dns;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.ResolverStatus;
import byroad.TimeSource.Scheduled;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A started {@link ResolverChain} of one {@link LastGood}; it learns which of its resolvers answer. */
final class RunningChain implements AutoCloseable {
    private final ResolverChain chain;
    private final List<Link> all;
    private final ClientRuntime runtime;

    RunningChain(ResolverChain chain, ClientRuntime runtime) {
        this.chain = chain;
        this.all = chain.resolvers().stream()
                .filter(Collections.newSetFromMap(new IdentityHashMap<>())::add) // each is asked once in a look-up
                .map(resolver -> new Link(resolver, chain.filter(), runtime))
                .collect(Collectors.toList());
        this.runtime = runtime;
        ResolverChain.dependence(all.stream().map(Link::domain).collect(Collectors.toList()))
                .ifPresent(why -> runtime.emit(new Event.Impaired("resolvers", why)));
    }

    /** Asks the resolvers, for no caller that waits. */
    CompletableFuture<ChainAnswer> ask(String host, String suspect, Consumer<ChainAnswer> late) {
        return ask(host, suspect, threads(), late);
    }

    /** Whether there is only one resolver, so that no other one can be asked. */
    boolean isAlone() {
        return all.size() == 1;
    }

    /**
     * Asks the resolvers. The future never fails; it completes when the deadline has passed, or earlier.
     *
     * @param suspect the resolver to ask last, because the addresses that it gave failed; empty if there is none
     * @param executor runs the client's own look-up if it is the only resolver for that host
     * @param late receives addresses that came after an answer without addresses was given, or after those of a
     *     resolver that is less preferred
     */
    CompletableFuture<ChainAnswer> ask(String host, String suspect, Executor executor, Consumer<ChainAnswer> late) {
        switch (runtime.faultInjection().ofName(host)) {
            case SILENT:
                return silence();
            case FAILS:
                return said(new Answer.Failed("SERVFAIL"));
            case REFUSES:
                return said(new Answer.Failed("REFUSED"));
            case EMPTY:
                return said(new Answer.Empty(Duration.ofSeconds(5)));
            default:
                return inquire(host, suspect, executor, late);
        }
    }

    private CompletableFuture<ChainAnswer> inquire(
            String host, String suspect, Executor executor, Consumer<ChainAnswer> late) {
        Question question = new Question(host, chain.deadline());
        List<Link> mayKnow = thatMayKnow(question.host());
        if (mayKnow.isEmpty()) {
            return said(unasked(question.host()));
        }
        List<Link> within = mayKnow.stream().filter(Link::isLocal).collect(Collectors.toList());
        if (within.isEmpty() || within.size() == mayKnow.size() || TopLevelDomains.isPublic(question.host())) {
            return inquire(question, mayKnow, suspect, executor, late);
        }
        List<Link> outside = new ArrayList<>(mayKnow);
        outside.removeAll(within);
        long startedAt = runtime.time().nanoTime();
        CompletableFuture<ChainAnswer> first = inquire(question, within, suspect, executor, late);
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        stopped.thenRun(() -> first.cancel(false));
        CompletableFuture<ChainAnswer> both = first.thenCompose(denied -> {
            Duration left = question.within().minusNanos(runtime.time().nanoTime() - startedAt);
            if (!denied.answer().isNegative() || left.isZero() || left.isNegative()) {
                return CompletableFuture.completedFuture(denied);
            }
            CompletableFuture<ChainAnswer> second =
                    inquire(new Question(question.host(), left), outside, suspect, executor, late);
            stopped.thenRun(() -> second.cancel(false));
            return second.thenApply(found -> found.answer() instanceof Answer.Addresses ? found : denied);
        });
        both.whenComplete((found, left) -> {
            if (both.isCancelled()) {
                stopped.complete(null);
            }
        });
        return both;
    }

    private CompletableFuture<ChainAnswer> inquire(
            Question question, List<Link> mayKnow, String suspect, Executor executor, Consumer<ChainAnswer> late) {
        if (isOwnAlone(mayKnow)) {
            return alone(mayKnow.get(0), question, executor);
        }
        List<Link> order = inOrder(mayKnow, suspect);
        order.stream().skip(1).filter(Link::mayProbe).forEach(lost -> probe(lost, question));
        return new Inquiry(question, order, suspect, chain, runtime, late).start();
    }

    private List<Link> thatMayKnow(String host) {
        return chain.isLocal(host) ? all.stream().filter(Link::isLocal).collect(Collectors.toList()) : all;
    }

    private boolean isOwnAlone(List<Link> mayKnow) {
        return mayKnow.size() == 1 && mayKnow.get(0).isOwn() && !chain.hasOwnDeadline();
    }

    /** How the client's own look-up takes part in look-ups of that host. */
    OwnLookup ownLookup(String host) {
        List<Link> mayKnow = thatMayKnow(new Question(host, chain.deadline()).host());
        return new OwnLookup(
                mayKnow.stream().anyMatch(Link::isOwn),
                isOwnAlone(mayKnow),
                mayKnow.stream().anyMatch(Link::isPolicy));
    }

    /** Whether the client's own look-up is among the resolvers. */
    boolean asksOwn() {
        return all.stream().anyMatch(Link::isOwn);
    }

    /** The threads of the client's own look-up. */
    Executor threads() {
        return all.stream().filter(Link::isOwn).findFirst().map(Link::threads).orElse(Runnable::run);
    }

    /** Asks the client's own look-up only, which has as long as its callers have. */
    CompletableFuture<ChainAnswer> askOwn(String host) {
        Link own = all.stream().filter(Link::isOwn).findFirst().orElseThrow(IllegalStateException::new);
        return alone(own, new Question(host, chain.deadline()), own.threads());
    }

    private static CompletableFuture<ChainAnswer> alone(Link own, Question question, Executor executor) {
        return own.ask(question, executor)
                .thenApply(reply -> new ChainAnswer(reply.answer(), own.name(), reply.thrown()));
    }

    /** The answer for a name that no resolver of this chain may be asked for. */
    private static Answer unasked(String host) {
        return host.equals("localhost") || host.endsWith(".localhost") // RFC 6761 section 6.3
                ? new Answer.Addresses(List.of(InetAddress.getLoopbackAddress()), Duration.ofHours(1))
                : new Answer.Failed("such a name must not leave the network, and no resolver here is within it");
    }

    /** Failing resolvers come after the others; avoided resolvers and the suspect come last. */
    private List<Link> inOrder(List<Link> mayKnow, String suspect) {
        List<Link> order = new ArrayList<>();
        List<Link> lost = new ArrayList<>();
        List<Link> last = new ArrayList<>();
        for (Link one : mayKnow) {
            boolean avoided =
                    runtime.avoidances().against(List.of(one.domain())).isPresent();
            if (avoided || one.name().equals(suspect)) {
                last.add(one);
            } else {
                (one.isInPlace() ? order : lost).add(one);
            }
        }
        order.addAll(lost);
        order.addAll(last);
        return order;
    }

    /** Sends a probe to a failing resolver; no look-up waits for it. */
    private void probe(Link lost, Question question) {
        CompletableFuture<Reply> reply = lost.ask(question);
        Scheduled patience = runtime.time()
                .schedule(question.within(), () -> reply.complete(new Reply(new Answer.Failed("silent"))));
        reply.thenAccept(found -> {
            patience.cancel();
            if (found.answer() instanceof Answer.Failed failed) {
                lost.wasOfNoUse(failed.reason());
            } else {
                lost.answered();
            }
        });
    }

    /** Filters a stored answer that a resolver of that name gave to an earlier process. */
    Answer admitted(String host, String resolver, Answer answer) {
        Optional<Link> known =
                all.stream().filter(one -> one.name().equals(resolver)).findFirst();
        return known.isPresent()
                ? known.get().admitted(host, answer)
                : chain.filter().map(filter -> filter.admit(host, answer)).orElse(answer);
    }

    private String names() {
        return all.stream().map(Link::name).collect(Collectors.joining(", "));
    }

    private CompletableFuture<ChainAnswer> said(Answer answer) {
        return CompletableFuture.completedFuture(new ChainAnswer(answer, names()));
    }

    private CompletableFuture<ChainAnswer> silence() {
        CompletableFuture<ChainAnswer> result = new CompletableFuture<>();
        Answer answer = new Answer.Failed("no answer within " + chain.deadline().toMillis() + "ms");
        runtime.time().schedule(chain.deadline(), () -> result.complete(new ChainAnswer(answer, names())));
        return result;
    }

    /** The longest time of one look-up. */
    Duration deadline() {
        return chain.deadline();
    }

    /** The network changed: connections of the resolvers to the one before are closed. */
    void disconnect() {
        all.forEach(Link::disconnect);
    }

    /** Asks the resolvers in their configured order again: what failed on one network may work on another. */
    void forgiveResolvers() {
        all.forEach(Link::forgive);
    }

    List<ResolverStatus> status() {
        return all.stream().map(Link::status).collect(Collectors.toList());
    }

    @Override
    public void close() {
        all.forEach(Link::close);
    }

    /**
     * How the client's own look-up takes part in the look-ups of a host.
     *
     * @param isAsked whether it is among the resolvers
     * @param isAlone whether it is the only one, so that a look-up costs what it costs without us
     * @param isPolicy whether it is the client's policy, against which no remembered address is used
     */
    record OwnLookup(boolean isAsked, boolean isAlone, boolean isPolicy) {}

    /** As in {@code system, quad9 (failing)}. */
    @Override
    public String toString() {
        return all.stream().map(Link::toString).collect(Collectors.joining(", "));
    }
}
