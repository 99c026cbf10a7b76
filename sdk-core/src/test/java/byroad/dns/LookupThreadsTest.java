package byroad.dns;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.FakeTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LookupThreadsTest {
    private final FakeTime time = new FakeTime();
    private final Queue<Runnable> started = new ArrayDeque<>();
    private final List<Integer> ran = new ArrayList<>();
    private final LookupThreads threads =
            new LookupThreads(ClientRuntime.standard().time(time).blocking(started::add));

    private void execute(int from, int until) {
        for (int i = from; i < until; i++) {
            int number = i;
            threads.execute(() -> ran.add(number));
        }
    }

    @Test
    void aBurstUsesALimitedNumberOfThreads() {
        execute(0, LookupThreads.AT_ONCE + 2);
        assertThat(started).hasSize(LookupThreads.AT_ONCE);
        started.remove().run();
        assertThat(started).hasSize(LookupThreads.AT_ONCE);
        started.remove().run();
        assertThat(ran).containsExactly(0, 1);
    }

    @Test
    void whatHangsDelaysNoOtherByMoreThanTheStagger() {
        execute(0, 1_000);
        for (int i = 1; i < 1_000 / LookupThreads.AT_ONCE; i++) {
            assertThat(started).hasSize(i * LookupThreads.AT_ONCE);
            time.advance(LookupThreads.SLOW);
        }
        time.advance(Duration.ofSeconds(1));
        assertThat(started).hasSize(1_000);
        started.forEach(Runnable::run);
        assertThat(ran).hasSize(1_000);
        assertThat(time.scheduled()).isZero();
        execute(0, LookupThreads.AT_ONCE + 1);
        assertThat(started).hasSize(1_000 + LookupThreads.AT_ONCE); // each place was given back once
    }

    @Test
    void whatFindsNoThreadIsCancelledAndSoIsTheLine() {
        List<FutureTask<?>> tasks = new ArrayList<>();
        Queue<Runnable> few = new ArrayDeque<>();
        LookupThreads closing =
                new LookupThreads(ClientRuntime.standard().time(time).blocking(task -> {
                    if (few.size() == LookupThreads.AT_ONCE) {
                        throw new RejectedExecutionException();
                    }
                    few.add(task);
                }));
        for (int i = 0; i < 20_000; i++) {
            tasks.add(new FutureTask<>(() -> ran.add(1)));
            closing.execute(tasks.get(i));
        }
        time.advance(LookupThreads.SLOW);
        assertThat(tasks.subList(0, LookupThreads.AT_ONCE)).noneMatch(FutureTask::isDone);
        assertThat(tasks.subList(LookupThreads.AT_ONCE, tasks.size())).allMatch(FutureTask::isCancelled);
        assertThat(time.scheduled()).isZero();
    }
}
