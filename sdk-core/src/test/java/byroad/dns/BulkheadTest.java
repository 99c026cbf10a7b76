package byroad.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BulkheadTest {
    private static final Duration WITHIN = Duration.ofSeconds(3);

    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final Bulkhead bulkhead = new Bulkhead(threads::add);
    private final List<Integer> done = new ArrayList<>();

    private void fill(int tasks) {
        for (int i = 0; i < tasks; i++) {
            int number = i;
            bulkhead.execute(() -> done.add(number));
        }
    }

    @Test
    void takesEightThreadsAndNoMore() {
        fill(20);
        assertThat(threads).hasSize(Bulkhead.AT_ONCE);
        threads.remove().run(); // goes on with who waits in line
        assertThat(done).startsWith(0, 8, 9).hasSize(13);
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
        assertThat(done).hasSize(20);
        fill(20);
        assertThat(threads).hasSize(Bulkhead.AT_ONCE);
    }

    @Test
    void refusesWhatFindsNoRoomInLine() {
        fill(Bulkhead.AT_ONCE + Bulkhead.IN_LINE);
        assertThatThrownBy(() -> fill(1)).isInstanceOf(RejectedExecutionException.class);
        threads.remove().run();
        fill(1);
    }

    @Test
    void thoseNobodyWaitsForMakeRoom() {
        fill(Bulkhead.AT_ONCE);
        List<FutureTask<?>> tasks = new ArrayList<>();
        for (int i = 0; i < Bulkhead.IN_LINE; i++) {
            FutureTask<?> task = new FutureTask<>(() -> done.add(-1));
            tasks.add(task);
            bulkhead.execute(task);
        }
        assertThatThrownBy(() -> fill(1)).isInstanceOf(RejectedExecutionException.class);
        tasks.forEach(task -> task.cancel(false));
        fill(Bulkhead.IN_LINE);
        assertThatThrownBy(() -> fill(1)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aRefusedTaskLeavesNoGap() {
        Bulkhead refused = new Bulkhead(task -> {
            throw new RejectedExecutionException();
        });
        for (int i = 0; i < 2 * Bulkhead.AT_ONCE; i++) {
            assertThatThrownBy(() -> refused.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void aResolverThatHangsOnAllItsThreadsHoldsUpNoOther() {
        try (ClientRuntime runtime = ClientRuntime.standard()) {
            CountDownLatch over = new CountDownLatch(1);
            Resolver hanging = Resolvers.blocking("hanging", "test/hanging", host -> {
                        while (over.getCount() > 0) {
                            awaitQuietly(over);
                        }
                        return List.of();
                    })
                    .on(runtime);
            Resolver healthy = Resolvers.blocking(
                            "healthy", "test/healthy", host -> List.of(InetAddress.getLoopbackAddress()))
                    .on(runtime);
            List<CompletableFuture<Answer>> stuck = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                stuck.add(hanging.resolve(new Question(i + ".example", WITHIN)));
            }
            assertThat(healthy.resolve(new Question("a.example", WITHIN)).join())
                    .isInstanceOf(Answer.Addresses.class);
            assertThat(stuck).noneMatch(CompletableFuture::isDone);
            over.countDown();
            stuck.forEach(late -> assertThat(late.join()).isInstanceOf(Answer.Empty.class));
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException goesOn) {
            // a lookup that hangs does not care
        }
    }
}
