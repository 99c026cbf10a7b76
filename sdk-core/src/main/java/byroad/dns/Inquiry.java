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
 * One question on its way through a chain, from the first resolver asked to the verdict. Each resolver is asked once at
 * most.
 *
 * <p>It has no thread of its own: it moves on when a resolver answers or a timer fires. Resolvers are called and futures
 * completed outside the lock.
 */
final class Inquiry {
    private final Question question;
    private final List<Link> order;
    private final String suspect;
    private final Duration stagger;
    private final ClientRuntime runtime;
    private final Consumer<Verdict> late;
    private final long startedAt;
    private final CompletableFuture<Verdict> verdict = new CompletableFuture<>();

    // Guarded by this.
    private int asked;
    private final List<Said> said = new ArrayList<>();
    private final List<CompletableFuture<Answer>> open = new ArrayList<>();
    private final List<Scheduled> timers = new ArrayList<>();

    /**
     * Gives the others a third of the time before it asks the one named {@code suspect}, who would repeat himself at once; tells
     * {@code late} of addresses that come when the verdict is out and has none.
     */
    Inquiry(
            Question question,
            List<Link> order,
            String suspect,
            Duration stagger,
            ClientRuntime runtime,
            Consumer<Verdict> late) {
        this.question = question;
        this.order = order;
        this.suspect = suspect;
        this.stagger = stagger;
        this.runtime = runtime;
        this.late = late;
        this.startedAt = runtime.time().nanoTime();
    }

    CompletableFuture<Verdict> start() {
        // Whoever hears the verdict may ask the next question at once, and it is to go to those who answer.
        CompletableFuture<Verdict> learned = verdict.thenApply(this::letGo);
        wakeAfter(question.within(), () -> verdict.complete(conclusion()));
        askNext(0);
        return learned;
    }

    /** Asks the resolver of that rank, unless it was asked already or there is no need or none left. */
    private void askNext(int rank) {
        synchronized (this) {
            if (rank != asked || rank == order.size() || verdict.isDone()) {
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
        answer.thenAccept(heard -> heard(rank, heard)); // not if it was cancelled, for then nobody listens
    }

    private void heard(int rank, Answer answer) {
        String by = order.get(rank).name();
        List<Said> all;
        int next;
        synchronized (this) {
            if (verdict.isDone()) {
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
            boolean first = verdict.complete(new Verdict(answer, by));
            if (first && all.stream().anyMatch(other -> other.answer.isNegative())) {
                runtime.emit(new Event.ResolversDisagree(question.host(), inWords(all)));
            }
        } else if (answer instanceof Answer.Blocked) {
            verdict.complete(new Verdict(answer, by));
        } else if (all.size() == order.size()) {
            verdict.complete(conclusion());
        } else {
            askNext(next);
        }
    }

    /** A loser is not a failure; addresses are worth something as long as there are no others. */
    private void heardLate(String by, Answer answer) {
        if (answer instanceof Answer.Addresses && !isFinal(verdict.join().answer())) {
            late.accept(new Verdict(answer, by));
        }
    }

    /** Whether addresses from somebody else would change nothing. */
    private static boolean isFinal(Answer answer) {
        return answer instanceof Answer.Addresses || answer instanceof Answer.Blocked;
    }

    /** What to make of it when nobody had addresses: the negative all agree on, or why there is no answer. */
    private synchronized Verdict conclusion() {
        List<Said> negatives =
                said.stream().filter(one -> one.answer.isNegative()).collect(Collectors.toList());
        if (asked == order.size() && !negatives.isEmpty()) {
            // Whoever failed or kept silent disputes nothing.
            String by = negatives.stream().map(Said::by).collect(Collectors.joining(", "));
            return new Verdict(negatives.get(0).answer, by);
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
        return new Verdict(new Answer.Failed(String.join("; ", reasons)), all);
    }

    private static List<String> inWords(List<Said> all) {
        return all.stream().map(Said::toString).collect(Collectors.toCollection(ArrayList::new));
    }

    private void wakeAfter(Duration delay, Runnable task) {
        Scheduled timer = runtime.time().schedule(delay, task);
        synchronized (this) {
            timers.add(timer);
        }
        if (verdict.isDone()) {
            timer.cancel();
        }
    }

    private void keep(CompletableFuture<Answer> answer) {
        synchronized (this) {
            open.add(answer);
        }
        if (verdict.isDone()) {
            answer.cancel(false);
        }
    }

    private Verdict letGo(Verdict found) {
        List<Scheduled> idle;
        List<CompletableFuture<Answer>> losers;
        List<Said> all;
        synchronized (this) {
            idle = List.copyOf(timers);
            losers = isFinal(found.answer()) ? List.copyOf(open) : List.of(); // late is better than never
            all = List.copyOf(said);
        }
        idle.forEach(Scheduled::cancel);
        learn(all);
        losers.forEach(loser -> loser.cancel(false));
        return found;
    }

    /** Whoever was asked before the last one that was of use, and was of none, loses its place. */
    private void learn(List<Said> all) {
        int lastOfUse =
                all.stream().filter(Said::isOfUse).mapToInt(Said::rank).max().orElse(-1);
        for (int rank = 0; rank <= lastOfUse; rank++) {
            int one = rank;
            Said its = all.stream().filter(said -> said.rank == one).findFirst().orElse(null);
            if (its != null && its.isOfUse()) {
                order.get(rank).answered();
            } else {
                order.get(rank).wasOfNoUse(its == null ? "silent" : Verdict.inWords(its.answer));
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
            return by + ": " + Verdict.inWords(answer);
        }
    }
}
