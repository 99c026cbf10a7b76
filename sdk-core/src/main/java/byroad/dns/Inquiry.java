package byroad.dns;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.TimeSource.Scheduled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One question to the resolvers of a chain, from the first resolver asked to the chain's answer. Each resolver is asked
 * at most once.
 *
 * <p>A silent resolver delays a negative answer by the stagger only, and by nothing if it is known to fail. The client's
 * own look-up, if it is not, delays it as long as it takes: without us its answer would be waited for.
 *
 * <p>It has no thread of its own: it continues when a resolver answers or a timer fires. Resolvers are called and
 * futures are completed outside the lock.
 */
final class Inquiry {
    private final Question question;
    private final List<Asked> order;
    private final String suspect;
    private final Duration stagger;
    private final boolean isOwnWaitedFor;
    private final ClientRuntime runtime;
    private final Consumer<ChainAnswer> late;
    private final long startedAt;
    private final CompletableFuture<ChainAnswer> result = new CompletableFuture<>();

    // Guarded by this, and so is each one that was asked.
    private int asked;
    private @Nullable Asked winner; // the first that gave addresses
    private final List<Scheduled> timers = new ArrayList<>();

    /**
     * Gives the other resolvers a third of the time before it asks the one named {@code suspect}, which would give the
     * same answer again. Passes addresses to {@code late} if they come after an answer without addresses was given, or
     * after those of a less preferred resolver.
     */
    Inquiry(
            Question question,
            List<Link> order,
            String suspect,
            ResolverChain chain,
            ClientRuntime runtime,
            Consumer<ChainAnswer> late) {
        this.question = question;
        this.order = order.stream().map(Asked::new).collect(Collectors.toList());
        this.suspect = suspect;
        this.stagger = chain.staggerOn(runtime.preset());
        this.isOwnWaitedFor = !chain.hasOwnDeadline();
        this.runtime = runtime;
        this.late = late;
        this.startedAt = now();
    }

    private long now() {
        return runtime.time().nanoTime();
    }

    CompletableFuture<ChainAnswer> start() {
        // The order is updated first: the next question may follow at once, and it is to go to resolvers that answer.
        CompletableFuture<ChainAnswer> learned = result.thenApply(this::letGo);
        learned.whenComplete((found, left) -> {
            if (learned.isCancelled()) {
                stop();
            }
        });
        wakeAfter(question.within(), this::deadlineReached);
        askNext(0);
        return learned;
    }

    /**
     * Asks the resolver of that rank, unless it was asked already, the answer is known, or there is no such resolver.
     */
    private void askNext(int rank) {
        Asked one;
        synchronized (this) {
            if (rank != asked || rank == order.size() || result.isDone()) {
                return;
            }
            asked++;
            one = order.get(rank);
            one.isAsked = true;
            one.askedAt = now();
        }
        Duration left = question.within().minusNanos(now() - startedAt);
        CompletableFuture<Reply> reply = one.link.ask(new Question(question.host(), question.asked(), left));
        keep(one, reply);
        boolean isSuspectNext =
                rank + 1 < order.size() && order.get(rank + 1).link.name().equals(suspect);
        if (order.size() > 1 && !reply.isDone()) {
            wakeAfter(isSuspectNext ? question.within().dividedBy(3) : stagger, () -> {
                askNext(rank + 1);
                concludeIfSettled();
            });
        }
        reply.thenAccept(heard -> heard(one, heard)); // not if it was cancelled: then it is not needed
    }

    private void heard(Asked one, Reply reply) {
        Answer answer = reply.answer();
        boolean isLate;
        boolean isDisputed;
        int next;
        synchronized (this) {
            one.reply = reply;
            isLate = result.isDone() || winner != null;
            winner = !isLate && answer instanceof Answer.Addresses ? one : winner;
            isDisputed = order.stream().anyMatch(Asked::isNegative);
            next = asked;
        }
        if (isLate) {
            heardLate(one, answer);
        } else if (answer instanceof Answer.Addresses) {
            if (result.complete(new ChainAnswer(answer, one.link.name())) && isDisputed) {
                runtime.emit(new Event.ResolversDisagree(question.host(), inWords()));
            }
        } else if (answer instanceof Answer.Blocked) {
            result.complete(new ChainAnswer(answer, one.link.name(), reply.thrown()));
        } else {
            askNext(next);
            concludeIfSettled();
        }
    }

    /** Nobody needs the answer any more: nothing is learned of the resolvers. */
    private void stop() {
        List<Scheduled> idle;
        List<CompletableFuture<Reply>> unneeded;
        synchronized (this) {
            result.cancel(false);
            idle = List.copyOf(timers);
            unneeded = order.stream()
                    .filter(one -> one.open != null)
                    .map(one -> one.open)
                    .collect(Collectors.toList());
        }
        idle.forEach(Scheduled::cancel);
        unneeded.forEach(reply -> reply.cancel(false));
    }

    /** Addresses that are late are used if there are no others, or if their resolver is preferred. */
    private void heardLate(Asked one, Answer answer) {
        if (result.isCancelled()) {
            return;
        }
        if (!(answer instanceof Answer.Failed)) {
            one.link.answered(); // being late is no failure
        }
        result.thenAccept(given -> {
            boolean isNewer = answer instanceof Answer.Addresses && !isFinal(given.answer());
            if (isNewer || isFinal(answer) && isPreferred(one, given)) {
                late.accept(new ChainAnswer(answer, one.link.name()));
            }
        });
    }

    /** Whether that one is preferred to the resolver whose addresses were given. */
    private synchronized boolean isPreferred(Asked one, ChainAnswer given) {
        return given.answer() instanceof Answer.Addresses && order.indexOf(one) < order.indexOf(winner);
    }

    /** Whether addresses of a less preferred resolver would change nothing. */
    private static boolean isFinal(Answer answer) {
        return answer instanceof Answer.Addresses || answer instanceof Answer.Blocked;
    }

    private void deadlineReached() {
        List<Asked> waitedFor;
        boolean isAnswered;
        synchronized (this) {
            waitedFor = order.stream().filter(this::isOwnThatMayAnswer).collect(Collectors.toList());
            isAnswered = order.stream().anyMatch(Asked::isOfUse);
        }
        if (waitedFor.isEmpty()) {
            result.complete(conclusion());
        } else if (isAnswered) {
            waitedFor.forEach(one -> one.link.wasOfNoUse("silent")); // so that other look-ups do not wait for it
        }
    }

    private void concludeIfSettled() {
        boolean isSettled;
        synchronized (this) {
            isSettled = asked == order.size() && order.stream().noneMatch(this::mayAnswer);
        }
        if (isSettled) {
            result.complete(conclusion());
        }
    }

    /** Whether an answer of that resolver is worth waiting for. */
    private boolean mayAnswer(Asked one) {
        if (!one.isSilent()) {
            return false;
        }
        boolean isDenied = order.stream().anyMatch(Asked::isNegative);
        return isOwnThatMayAnswer(one) || !isDenied || one.wasInPlace && !hasHadTheStagger(one);
    }

    private boolean isOwnThatMayAnswer(Asked one) {
        return isOwnWaitedFor && one.isSilent() && one.wasInPlace && one.link.isOwn();
    }

    /**
     * The answer if no resolver had addresses: the negative answer on which all agree, or the reasons why there is
     * none.
     */
    private synchronized ChainAnswer conclusion() {
        Throwable thrown = order.stream()
                .map(Asked::thrown)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        List<Asked> negatives = order.stream().filter(Asked::isNegative).collect(Collectors.toList());
        if (asked == order.size() && !negatives.isEmpty()) {
            // A resolver that failed or did not answer does not contradict.
            String by = negatives.stream().map(one -> one.link.name()).collect(Collectors.joining(", "));
            return new ChainAnswer(negatives.get(0).answer(), by, thrown);
        }
        List<String> reasons = inWords();
        order.stream()
                .filter(Asked::isSilent)
                .forEach(one -> reasons.add(one.link.name() + ": no answer within "
                        + Duration.ofNanos(now() - one.askedAt).toMillis() + "ms"));
        String all = order.stream().map(one -> one.link.name()).collect(Collectors.joining(", "));
        return new ChainAnswer(new Answer.Failed(String.join("; ", reasons)), all, thrown);
    }

    private synchronized List<String> inWords() {
        return order.stream()
                .filter(one -> one.reply != null)
                .map(Asked::toString)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private void wakeAfter(Duration delay, Runnable task) {
        Scheduled timer = runtime.time().schedule(delay, task);
        synchronized (this) {
            timers.add(timer);
        }
        if (result.isDone()) {
            timer.cancel();
        }
    }

    private void keep(Asked one, CompletableFuture<Reply> open) {
        synchronized (this) {
            one.open = open;
        }
        if (result.isDone()) {
            cancelUnneeded(one, result.join());
        }
    }

    private ChainAnswer letGo(ChainAnswer found) {
        List<Scheduled> idle;
        synchronized (this) {
            idle = List.copyOf(timers);
        }
        idle.forEach(Scheduled::cancel);
        learn();
        order.forEach(one -> cancelUnneeded(one, found));
        return found;
    }

    /** Late addresses are better than none, and those of a preferred resolver are better than others. */
    private void cancelUnneeded(Asked one, ChainAnswer found) {
        CompletableFuture<Reply> open;
        synchronized (this) {
            open = one.open;
        }
        if (open != null && isFinal(found.answer()) && !isPreferred(one, found)) {
            open.cancel(false);
        }
    }

    /**
     * Moves to the end each resolver that gave no usable answer and was asked before one that did, or that was silent
     * for the stagger beside it.
     */
    private void learn() {
        List<Asked> ofUse;
        List<Asked> ofNoUse;
        synchronized (this) {
            List<Asked> all = order.subList(0, asked);
            ofUse = all.stream().filter(Asked::isOfUse).collect(Collectors.toList());
            int last = ofUse.isEmpty() ? -1 : order.indexOf(ofUse.get(ofUse.size() - 1));
            ofNoUse = all.stream()
                    .filter(one -> !ofUse.isEmpty() && !one.isOfUse())
                    .filter(one -> order.indexOf(one) < last || one.isSilent() && hasHadTheStagger(one))
                    .collect(Collectors.toList());
        }
        ofUse.forEach(one -> one.link.answered());
        ofNoUse.forEach(one -> one.link.wasOfNoUse(one.isSilent() ? "silent" : ChainAnswer.inWords(one.answer())));
    }

    private boolean hasHadTheStagger(Asked one) {
        return now() - one.askedAt >= stagger.toNanos();
    }

    /** One resolver of the inquiry, in the order in which they are asked. */
    private static final class Asked {
        final Link link;
        final boolean wasInPlace;
        boolean isAsked;
        long askedAt;

        @Nullable
        CompletableFuture<Reply> open; // null until it is asked

        @Nullable
        Reply reply; // null until it has answered

        Asked(Link link) {
            this.link = link;
            this.wasInPlace = link.isInPlace();
        }

        boolean isSilent() {
            return isAsked && reply == null;
        }

        Answer answer() {
            return Objects.requireNonNull(reply).answer();
        }

        @Nullable
        Throwable thrown() {
            return reply == null ? null : reply.thrown();
        }

        boolean isNegative() {
            return reply != null && answer().isNegative();
        }

        boolean isOfUse() {
            return reply != null && !(answer() instanceof Answer.Failed);
        }

        @Override
        public String toString() {
            return link.name() + ": " + ChainAnswer.inWords(answer());
        }
    }
}
