package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.okhttp.Byroad;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Request;
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

    /** As to an AI service, whose answers take long. */
    @Test
    void manyCallsToOneHostAreMadeAtOnce() {
        assertThat(CommonClient.dispatcher().getMaxRequestsPerHost()).isEqualTo(64);
    }

    @Test
    void whatIsOpenEndsWithTheContext() throws Exception {
        try (MockWebServer server = new MockWebServer();
                Byroad byroad = Byroad.create()) {
            server.enqueue(new MockResponse.Builder().code(200).build());
            server.start(InetAddress.getByName("127.0.0.1"), 0);
            CommonClient common = new CommonClient(byroad, List.of(), List.of(), CommonClient.dispatcher());
            Request call = new Request.Builder().url(server.url("/")).build();
            common.client().newCall(call).execute().close();
            assertThat(common.client().connectionPool().connectionCount()).isEqualTo(1);

            common.close();

            assertThat(common.client().connectionPool().connectionCount()).isZero();
            assertThat(common.client().dispatcher().executorService().isShutdown())
                    .isTrue();
        }
    }
}
