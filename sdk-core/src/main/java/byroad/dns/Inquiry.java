package byroad.dns;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.TimeSource.Scheduled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One question to the resolvers of a chain, from the first resolver asked to the chain's answer. Each resolver is asked
 * at most once.
 *
 * <p>It has no thread of its own: it continues when a resolver answers or a timer fires. Resolvers are called and
 * futures are completed outside the lock.
 */
final class Inquiry {
    private final Question question;
    private final List<Link> order;
    private final String suspect;
    private final Duration stagger;
    private final ClientRuntime runtime;
    private final Consumer<ChainAnswer> late;
    private final long startedAt;
    private final CompletableFuture<ChainAnswer> result = new CompletableFuture<>();

    // Guarded by this.
    private int asked;
    private final List<Said> said = new ArrayList<>();
    private final List<CompletableFuture<Answer>> open = new ArrayList<>();
    private final List<Scheduled> timers = new ArrayList<>();

    /**
     * Gives the other resolvers a third of the time before it asks the one named {@code suspect}, which would give the
     * same answer again. Passes addresses to {@code late} if they come after an answer without addresses was given.
     */
    Inquiry(
            Question question,
            List<Link> order,
            String suspect,
            Duration stagger,
            ClientRuntime runtime,
            Consumer<ChainAnswer> late) {
        this.question = question;
        this.order = order;
        this.suspect = suspect;
        this.stagger = stagger;
        this.runtime = runtime;
        this.late = late;
        this.startedAt = runtime.time().nanoTime();
    }

    CompletableFuture<ChainAnswer> start() {
        // The order is updated first: the next question may follow at once, and it is to go to resolvers that answer.
        CompletableFuture<ChainAnswer> learned = result.thenApply(this::letGo);
        learned.whenComplete((found, left) -> {
            if (learned.isCancelled()) {
                stop();
            }
        });
        wakeAfter(question.within(), () -> result.complete(conclusion()));
        askNext(0);
        return learned;
    }

    /**
     * Asks the resolver of that rank, unless it was asked already, the answer is known, or there is no such resolver.
     */
    private void askNext(int rank) {
        synchronized (this) {
            if (rank != asked || rank == order.size() || result.isDone()) {
                return;
            }
            asked++;
        }
        Duration left = question.within().minusNanos(runtime.time().nanoTime() - startedAt);
        CompletableFuture<Answer> answer = order.get(rank).ask(new Question(question.host(), left));
        keep(answer);
        if (rank + 1 < order.size()) {
            boolean isSuspectNext = order.get(rank + 1).name().equals(suspect);
            wakeAfter(isSuspectNext ? question.within().dividedBy(3) : stagger, () -> askNext(rank + 1));
        }
        answer.thenAccept(heard -> heard(rank, heard)); // not if it was cancelled: then it is not needed
    }

    private void heard(int rank, Answer answer) {
        String by = order.get(rank).name();
        List<Said> all;
        int next;
        synchronized (this) {
            if (result.isDone()) {
                all = List.of();
                next = 0;
            } else {
                said.add(new Said(rank, by, answer));
                all = List.copyOf(said);
                next = asked;
            }
        }
        if (all.isEmpty()) {
            heardLate(by, answer);
        } else if (answer instanceof Answer.Addresses) {
            boolean first = result.complete(new ChainAnswer(answer, by));
            if (first && all.stream().anyMatch(other -> other.answer.isNegative())) {
                runtime.emit(new Event.ResolversDisagree(question.host(), inWords(all)));
            }
        } else if (answer instanceof Answer.Blocked) {
            result.complete(new ChainAnswer(answer, by));
        } else if (all.size() == order.size()) {
            result.complete(conclusion());
        } else {
            askNext(next);
        }
    }

    /** Nobody needs the answer any more: nothing is learned of the resolvers. */
    private void stop() {
        List<Scheduled> idle;
        List<CompletableFuture<Answer>> unneeded;
        synchronized (this) {
            result.cancel(false);
            idle = List.copyOf(timers);
            unneeded = List.copyOf(open);
        }
        idle.forEach(Scheduled::cancel);
        unneeded.forEach(answer -> answer.cancel(false));
    }

    /** Late addresses are used if there are no others; being late is no failure. */
    private void heardLate(String by, Answer answer) {
        if (!result.isCancelled()
                && answer instanceof Answer.Addresses
                && !isFinal(result.join().answer())) {
            late.accept(new ChainAnswer(answer, by));
        }
    }

    /** Whether addresses of another resolver would change nothing. */
    private static boolean isFinal(Answer answer) {
        return answer instanceof Answer.Addresses || answer instanceof Answer.Blocked;
    }

    /**
     * The answer if no resolver had addresses: the negative answer on which all agree, or the reasons why there is
     * none.
     */
    private synchronized ChainAnswer conclusion() {
        List<Said> negatives =
                said.stream().filter(one -> one.answer.isNegative()).collect(Collectors.toList());
        if (asked == order.size() && !negatives.isEmpty()) {
            // A resolver that failed or did not answer does not contradict.
            String by = negatives.stream().map(Said::by).collect(Collectors.joining(", "));
            return new ChainAnswer(negatives.get(0).answer, by);
        }
        List<String> reasons = inWords(said);
        if (said.size() < order.size()) {
            String silent = order.stream()
                    .map(one -> one.name())
                    .filter(name -> said.stream().noneMatch(one -> one.by.equals(name)))
                    .collect(Collectors.joining(", "));
            reasons.add(silent + ": no answer within " + question.within().toMillis() + "ms");
        }
        String all = order.stream().map(one -> one.name()).collect(Collectors.joining(", "));
        return new ChainAnswer(new Answer.Failed(String.join("; ", reasons)), all);
    }

    private static List<String> inWords(List<Said> all) {
        return all.stream().map(Said::toString).collect(Collectors.toCollection(ArrayList::new));
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

    private void keep(CompletableFuture<Answer> answer) {
        synchronized (this) {
            open.add(answer);
        }
        if (result.isDone()) {
            answer.cancel(false);
        }
    }

    private ChainAnswer letGo(ChainAnswer found) {
        List<Scheduled> idle;
        List<CompletableFuture<Answer>> losers;
        List<Said> all;
        synchronized (this) {
            idle = List.copyOf(timers);
            losers = isFinal(found.answer()) ? List.copyOf(open) : List.of(); // late addresses are better than none
            all = List.copyOf(said);
        }
        idle.forEach(Scheduled::cancel);
        learn(all);
        losers.forEach(loser -> loser.cancel(false));
        return found;
    }

    /** Moves to the end each resolver that gave no usable answer and was asked before one that did. */
    private void learn(List<Said> all) {
        int lastOfUse =
                all.stream().filter(Said::isOfUse).mapToInt(Said::rank).max().orElse(-1);
        for (int rank = 0; rank <= lastOfUse; rank++) {
            int one = rank;
            Said its = all.stream().filter(said -> said.rank == one).findFirst().orElse(null);
            if (its != null && its.isOfUse()) {
                order.get(rank).answered();
            } else {
                order.get(rank).wasOfNoUse(its == null ? "silent" : ChainAnswer.inWords(its.answer));
            }
        }
    }

    /** One resolver's answer. */
    private record Said(int rank, String by, Answer answer) {
        boolean isOfUse() {
            return !(answer instanceof Answer.Failed);
        }

        @Override
        public String toString() {
            return by + ": " + ChainAnswer.inWords(answer);
        }
    }
}
