package byroad.dns;

import byroad.FailureDomain;
import byroad.Seams;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A resolver whose work blocks and is therefore done on {@link Seams#blocking}. */
final class BlockingResolver implements Resolver {
    private final String name;
    private final FailureDomain domain;
    private final Work work;
    private final @Nullable Seams seams; // null until it is started

    BlockingResolver(String name, FailureDomain domain, Work work) {
        this(name, domain, work, null);
    }

    private BlockingResolver(String name, FailureDomain domain, Work work, @Nullable Seams seams) {
        this.name = name;
        this.domain = domain;
        this.work = work;
        this.seams = seams;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FailureDomain domain() {
        return domain;
    }

    @Override
    public Resolver on(Seams seams) {
        return new BlockingResolver(name, domain, work, seams);
    }

    @Override
    public CompletableFuture<Answer> resolve(Question question) {
        if (seams == null) {
            throw new IllegalStateException(name + ": not started (expected: on(seams) first)");
        }
        Seams running = seams;
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        long askedAt = running.time().nanoTime();
        try {
            running.blocking().execute(() -> {
                if (!answer.isDone()) { // nobody may be waiting any more
                    Duration waited = Duration.ofNanos(running.time().nanoTime() - askedAt);
                    answer.complete(
                            work(new Question(question.host(), question.within().minus(waited)), answer, running));
                }
            });
        } catch (RejectedExecutionException full) {
            answer.complete(new Answer.Failed("no thread free to ask on"));
        }
        return answer;
    }

    private Answer work(Question question, CompletableFuture<Answer> waiting, Seams running) {
        try {
            return work.answer(question, waiting, running);
        } catch (RuntimeException broken) {
            return new Answer.Failed(broken.toString());
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** What blocks. */
    @FunctionalInterface
    interface Work {
        /** The answer; {@code waiting} is done early when nobody waits any more. */
        Answer answer(Question question, CompletableFuture<Answer> waiting, Seams seams);
    }
}
