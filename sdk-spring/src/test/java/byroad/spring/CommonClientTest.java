package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** Whose threads they are. */
class CommonClientTest {
    /** As google-genai does when its client is closed. */
    @Test
    void whoShutsTheDispatcherDownEndsNoThreadsOfSpring() throws Exception {
        try (SimpleAsyncTaskExecutor spring = new SimpleAsyncTaskExecutor()) {
            ExecutorService threads = CommonClient.dispatcher(spring).executorService();

            threads.shutdown();
            assertThat(threads.shutdownNow()).isEmpty();

            assertThat(threads.submit(() -> "still here").get(10, TimeUnit.SECONDS))
                    .isEqualTo("still here");
        }
    }
}
