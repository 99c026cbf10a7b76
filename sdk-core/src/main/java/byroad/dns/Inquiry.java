package byroad.dns;

import byroad.Event;
import byroad.Seams;
import byroad.TimeSource.Scheduled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One question on its way through a chain, from the first resolver asked to the verdict.
 *
 * <p>It has no thread of its own: it moves on when a resolver answers or a timer fires. Resolvers are called and futures
 * completed outside the lock.
 */
final class Inquiry {
    private final Question question;
    private final List<Resolver> order;
    private final Duration stagger;
    private final Seams seams;
    private final long startedAt;
    private final CompletableFuture<Verdict> verdict = new CompletableFuture<>();

    // Guarded by this.
    private int asked;
    private final List<Said> said = new ArrayList<>();
    private final List<CompletableFuture<Answer>> open = new ArrayList<>();
    private final List<Scheduled> timers = new ArrayList<>();

    Inquiry(Question question, List<Resolver> order, Duration stagger, Seams seams) {
        this.question = question;
        this.order = order;
        this.stagger = stagger;
        this.seams = seams;
        this.startedAt = seams.time().nanoTime();
    }

    CompletableFuture<Verdict> start() {
        verdict.whenComplete((found, neverFails) -> letGo());
        wakeAfter(question.within(), () -> verdict.complete(conclusion()));
        askNext(0);
        return verdict;
    }

    /** Asks the resolver of that rank, unless it was asked already or there is no need or none left. */
    private void askNext(int rank) {
        synchronized (this) {
            if (rank != asked || rank == order.size() || verdict.isDone()) {
                return;
            }
            asked++;
        }
        Resolver resolver = order.get(rank);
        CompletableFuture<Answer> answer = ask(resolver);
        keep(answer);
        if (rank + 1 < order.size()) {
            wakeAfter(stagger, () -> askNext(rank + 1));
        }
        answer.whenComplete((heard, failure) -> heard(resolver, heard == null ? failed(failure) : heard));
    }

    private CompletableFuture<Answer> ask(Resolver resolver) {
        Duration left = question.within().minusNanos(seams.time().nanoTime() - startedAt);
        try {
            return resolver.resolve(new Question(question.host(), left));
        } catch (RuntimeException broken) {
            return CompletableFuture.completedFuture(failed(broken));
        }
    }

    private static Answer failed(@Nullable Throwable failure) {
        return new Answer.Failed(failure == null ? "no answer" : failure.toString());
    }

    private void heard(Resolver resolver, Answer answer) {
        List<Said> all;
        int next;
        synchronized (this) {
            if (verdict.isDone()) {
                return; // a loser is not a failure
            }
            said.add(new Said(resolver.name(), answer));
            all = List.copyOf(said);
            next = asked;
        }
        if (answer instanceof Answer.Addresses) {
            boolean first = verdict.complete(new Verdict(answer, resolver.name()));
            if (first && all.stream().anyMatch(other -> other.answer.isNegative())) {
                seams.emit(new Event.ResolversDisagree(question.host(), inWords(all)));
            }
        } else if (answer instanceof Answer.Blocked) {
            verdict.complete(new Verdict(answer, resolver.name()));
        } else if (all.size() == order.size()) {
            verdict.complete(conclusion());
        } else {
            askNext(next);
        }
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
                    .map(Resolver::name)
                    .filter(name -> said.stream().noneMatch(one -> one.by.equals(name)))
                    .collect(Collectors.joining(", "));
            reasons.add(silent + ": no answer within " + question.within().toMillis() + "ms");
        }
        String all = order.stream().map(Resolver::name).collect(Collectors.joining(", "));
        return new Verdict(new Answer.Failed(String.join("; ", reasons)), all);
    }

    private static List<String> inWords(List<Said> all) {
        return all.stream().map(Said::toString).collect(Collectors.toCollection(ArrayList::new));
    }

    private void wakeAfter(Duration delay, Runnable task) {
        Scheduled timer = seams.time().schedule(delay, task);
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

    private void letGo() {
        List<Scheduled> idle;
        List<CompletableFuture<Answer>> losers;
        synchronized (this) {
            idle = List.copyOf(timers);
            losers = List.copyOf(open);
        }
        idle.forEach(Scheduled::cancel);
        losers.forEach(loser -> loser.cancel(false));
    }

    /** One resolver's answer. */
    private record Said(String by, Answer answer) {
        @Override
        public String toString() {
            return by + ": " + Verdict.inWords(answer);
        }
    }
}
