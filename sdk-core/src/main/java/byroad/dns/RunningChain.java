package byroad.dns;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.ResolverStatus;
import byroad.TimeSource.Scheduled;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A started {@link ResolverChain} of one {@link LastGood}; it learns which of its resolvers answer. */
final class RunningChain implements AutoCloseable {
    private final ResolverChain chain;
    private final List<Link> all;
    private final Duration stagger;
    private final ClientRuntime runtime;

    RunningChain(ResolverChain chain, ClientRuntime runtime) {
        this.chain = chain;
        this.all = chain.resolvers().stream()
                .map(resolver -> new Link(resolver, chain.filter(), runtime))
                .collect(Collectors.toList());
        this.stagger = chain.staggerOn(runtime.preset());
        this.runtime = runtime;
        ResolverChain.dependence(all.stream().map(Link::domain).collect(Collectors.toList()))
                .ifPresent(why -> runtime.emit(new Event.Impaired("resolvers", why)));
    }

    /** Whether there is only one resolver, so that no other one can be asked. */
    boolean isAlone() {
        return all.size() == 1;
    }

    /**
     * Asks the resolvers. The future never fails; it completes when the deadline has passed, or earlier.
     *
     * @param suspect the resolver to ask last, because the addresses that it gave failed; empty if there is none
     * @param late receives addresses that came after an answer without addresses was given
     */
    CompletableFuture<ChainAnswer> ask(String host, String suspect, Consumer<ChainAnswer> late) {
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
                return inquire(host, suspect, late);
        }
    }

    private CompletableFuture<ChainAnswer> inquire(String host, String suspect, Consumer<ChainAnswer> late) {
        Question question = new Question(host, chain.deadline());
        List<Link> mayKnow = all;
        if (chain.isLocal(question.host())) {
            mayKnow = all.stream().filter(Link::isLocal).collect(Collectors.toList());
        }
        if (mayKnow.isEmpty()) {
            return said(unasked(question.host()));
        }
        List<Link> order = inOrder(mayKnow, suspect);
        order.stream().skip(1).filter(Link::mayProbe).forEach(lost -> probe(lost, question));
        return new Inquiry(question, order, suspect, stagger, runtime, late).start();
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
        CompletableFuture<Answer> answer = lost.ask(question);
        Scheduled patience =
                runtime.time().schedule(question.within(), () -> answer.complete(new Answer.Failed("silent")));
        answer.thenAccept(found -> {
            patience.cancel();
            if (found instanceof Answer.Failed failed) {
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

    /** As in {@code system, quad9 (failing)}. */
    @Override
    public String toString() {
        return all.stream().map(Link::toString).collect(Collectors.joining(", "));
    }
}
