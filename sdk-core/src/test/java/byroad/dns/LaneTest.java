package byroad.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Seams;
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
class LaneTest {
    private static final Duration WITHIN = Duration.ofSeconds(3);

    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final Lane lane = new Lane(threads::add);
    private final List<Integer> done = new ArrayList<>();

    private void fill(int tasks) {
        for (int i = 0; i < tasks; i++) {
            int number = i;
            lane.execute(() -> done.add(number));
        }
    }

    @Test
    void takesEightThreadsAndNoMore() {
        fill(20);
        assertThat(threads).hasSize(Lane.AT_ONCE);
        threads.remove().run(); // goes on with who waits in line
        assertThat(done).startsWith(0, 8, 9).hasSize(13);
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
        assertThat(done).hasSize(20);
        fill(20);
        assertThat(threads).hasSize(Lane.AT_ONCE);
    }

    @Test
    void refusesWhatFindsNoRoomInLine() {
        fill(Lane.AT_ONCE + Lane.IN_LINE);
        assertThatThrownBy(() -> fill(1)).isInstanceOf(RejectedExecutionException.class);
        threads.remove().run();
        fill(1);
    }

    @Test
    void thoseNobodyWaitsForMakeRoom() {
        fill(Lane.AT_ONCE);
        List<FutureTask<?>> tasks = new ArrayList<>();
        for (int i = 0; i < Lane.IN_LINE; i++) {
            FutureTask<?> task = new FutureTask<>(() -> done.add(-1));
            tasks.add(task);
            lane.execute(task);
        }
        assertThatThrownBy(() -> fill(1)).isInstanceOf(RejectedExecutionException.class);
        tasks.forEach(task -> task.cancel(false));
        fill(Lane.IN_LINE);
        assertThatThrownBy(() -> fill(1)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aRefusedTaskLeavesNoGap() {
        Lane refused = new Lane(task -> {
            throw new RejectedExecutionException();
        });
        for (int i = 0; i < 2 * Lane.AT_ONCE; i++) {
            assertThatThrownBy(() -> refused.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void aResolverThatHangsOnAllItsThreadsHoldsUpNoOther() {
        try (Seams seams = Seams.standard()) {
            CountDownLatch over = new CountDownLatch(1);
            Resolver hanging = Resolvers.blocking("hanging", "test/hanging", host -> {
                        while (over.getCount() > 0) {
                            awaitQuietly(over);
                        }
                        return List.of();
                    })
                    .on(seams);
            Resolver healthy = Resolvers.blocking(
                            "healthy", "test/healthy", host -> List.of(InetAddress.getLoopbackAddress()))
                    .on(seams);
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
